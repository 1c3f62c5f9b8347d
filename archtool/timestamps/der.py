"""Reads and writes DER, the encoding of X.509, CMS, timestamps and evidence records.

The reader is strict: one form of each length and number, no indefinite lengths, nothing after the end. Two
deviations are accepted. The members of a SET OF can have any order: DER requires them sorted, but widely used
authorities do not sort their certificates, and no signature depends on it. A fraction of a second can end in
zero.

The module knows bytes only. Every method raises `InputError` if they do not have the requested form.

No library reads exactly what is needed:

- `cryptography.hazmat.asn1` (tried with version 50) is strict, and eight times as fast on a token's content.
  It refuses a SET OF that is not sorted, fractions of a second that end in zero, and declarations of an
  optional field of any type (RFC 3161 needs one). Its interface came with version 47 and is not yet declared
  stable. It is the library to take once it is stable and reads a SET OF in any order.
- `asn1crypto` (1.5.1, the last release, from March 2022) knows every structure, but reads BER even in strict
  mode: indefinite lengths, and lengths, numbers and object identifiers with needless bytes.
- `pyasn1` (0.6.5, with `pyasn1-modules`) reads such lengths and numbers too, does not know RFC 4998, takes
  150 ms to import and 2.5 ms for a token that takes 0.5 ms here.

Source: ITU-T X.690 §8 and §10.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from archtool.errors import InputError
from archtool.timestamps.limits import MAX_INTEGER_BYTES, MAX_OID_BYTES

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OID = 0x01, 0x02, 0x03, 0x04, 0x06
UTF8_STRING, GENERALIZED_TIME, SEQUENCE, SET = 0x0C, 0x18, 0x30, 0x31
_CONSTRUCTED = 0x20
_HIGH_TAG = 0x1F
_LONG = 0x80
_MAX_LENGTH_BYTES = 4
_TIME = re.compile(rb"([0-9]{14})(?:\.([0-9]{1,9}))?Z")


def context(number: int, *, constructed: bool = True) -> int:
    """Return the context-specific tag `[number]`."""
    return 0x80 | (_CONSTRUCTED if constructed else 0) | number


@dataclass(frozen=True, slots=True)
class DerElement:
    """One value with its tag."""

    tag: int
    content: bytes
    raw: bytes
    """Tag, length and content, unchanged."""
    where: str
    """The source of the data, for messages."""

    def children(self) -> tuple[DerElement, ...]:
        """Return the values inside a constructed value."""
        if not self.tag & _CONSTRUCTED:
            raise self.refuse("a primitive value where a constructed one is expected")
        return tuple(_split(self.content, self.where))

    def fields(self, tag: int = SEQUENCE) -> DerFields:
        """Return a reader of the values inside; this value must have the given tag."""
        return DerFields(self.expect(tag).children(), self.where)

    def expect(self, tag: int) -> DerElement:
        """Return this value if it has the given tag."""
        if self.tag != tag:
            raise self.refuse(f"expected tag {tag:#04x}, found {self.tag:#04x}")
        return self

    def integer(self) -> int:
        """Return the value of an INTEGER."""
        content = self.expect(INTEGER).content
        if not 0 < len(content) <= MAX_INTEGER_BYTES:
            raise self.refuse(f"a number of {len(content)} bytes")
        if len(content) > 1 and content[0] in (0x00, 0xFF) and (content[0] ^ content[1]) < _LONG:
            raise self.refuse("a number with needless bytes")
        return int.from_bytes(content, "big", signed=True)

    def oid(self) -> str:
        """Return an object identifier in dotted form: `2.16.840.1.101.3.4.2.3`."""
        content = self.expect(OID).content
        if not 0 < len(content) <= MAX_OID_BYTES or content[-1] & _LONG:
            raise self.refuse("a damaged object identifier")
        arcs, arc = [], 0
        for byte in content:
            if arc == 0 and byte == _LONG:
                raise self.refuse("an object identifier with needless bytes")
            arc = arc << 7 | byte & 0x7F
            if not byte & _LONG:
                arcs.append(arc)
                arc = 0
        first = min(arcs[0] // 40, 2)
        return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))

    def octets(self) -> bytes:
        """Return the bytes of an OCTET STRING."""
        return self.expect(OCTET_STRING).content

    def time(self) -> datetime:
        """Return a GeneralizedTime as an aware time, truncated to microseconds."""
        found = _TIME.fullmatch(self.expect(GENERALIZED_TIME).content)
        try:
            if found is None:
                raise ValueError
            seconds = datetime.strptime(found[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            raise self.refuse(f"not a valid time: {self.content[:40]!r}") from None
        return seconds.replace(microsecond=int((found[2] or b"0").decode()[:6].ljust(6, "0")))

    def text(self) -> str:
        """Return the content as UTF-8 text for display; invalid bytes are replaced."""
        return self.content.decode("utf-8", "replace")

    def refuse(self, reason: str) -> InputError:
        """Return an error with the given reason, to be raised."""
        return InputError(f"{self.where} is damaged: {reason}")


class DerFields:
    """Reads the values of a SEQUENCE in order; optional ones can be absent."""

    __slots__ = ("_left", "_where")

    def __init__(self, elements: Iterable[DerElement], where: str) -> None:
        self._left = list(reversed(tuple(elements)))
        self._where = where

    def read(self, tag: int | None = None) -> DerElement:
        """Return the next value, which must exist and have the given tag."""
        if not self._left:
            raise InputError(f"{self._where} is damaged: a value is missing")
        element = self._left.pop()
        return element if tag is None else element.expect(tag)

    def read_optional(self, tag: int) -> DerElement | None:
        """Return the next value if it has the given tag, else `None`."""
        return self._left.pop() if self._left and self._left[-1].tag == tag else None

    def end(self) -> None:
        """Check that no value is left."""
        if self._left:
            raise self._left[-1].refuse("an unexpected value")


def read_der(data: bytes, where: str) -> DerElement:
    """Parse bytes that are exactly one value."""
    elements = tuple(_split(data, where))
    if len(elements) != 1:
        raise InputError(f"{where} is damaged: it has {len(elements)} values; expected one")
    return elements[0]


def _split(data: bytes, where: str) -> Iterator[DerElement]:
    offset = 0
    while offset < len(data):
        begin, size_bytes = _head(data, offset, where)
        end = begin + size_bytes
        if end > len(data):
            raise InputError(f"{where} is cut short: {end - len(data)} bytes are missing")
        yield DerElement(data[offset], data[begin:end], data[offset:end], where)
        offset = end


def _head(data: bytes, offset: int, where: str) -> tuple[int, int]:
    """Return the offset and the length of a value's content."""
    if data[offset] & _HIGH_TAG == _HIGH_TAG or offset + 1 >= len(data):
        raise InputError(f"{where} is damaged: no valid tag and length at byte {offset}")
    first = data[offset + 1]
    if first < _LONG:
        return offset + 2, first
    count = first & 0x7F
    length = data[offset + 2 : offset + 2 + count]
    if not 0 < count <= _MAX_LENGTH_BYTES or len(length) < count:
        raise InputError(f"{where} is not DER: a length of {count} bytes at byte {offset + 1}")
    size_bytes = int.from_bytes(length, "big")
    if length[0] == 0 or size_bytes < _LONG:
        raise InputError(f"{where} is not DER: a length with needless bytes")
    return offset + 2 + count, size_bytes


def der(tag: int, *parts: bytes) -> bytes:
    """Return an encoded value; the parts are its content."""
    content = b"".join(parts)
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(length))) + length + content


def der_integer(number: int) -> bytes:
    """Return an encoded INTEGER, in the fewest bytes."""
    size_bytes = (number if number >= 0 else ~number).bit_length() // 8 + 1
    return der(INTEGER, number.to_bytes(size_bytes, "big", signed=True))


def der_oid(dotted: str) -> bytes:
    """Return an encoded object identifier."""
    first, second, *others = map(int, dotted.split("."))
    return der(OID, *map(_base_128, (40 * first + second, *others)))


def _base_128(arc: int) -> bytes:
    digits = [arc & 0x7F]
    while arc := arc >> 7:
        digits.append(arc & 0x7F | _LONG)
    return bytes(reversed(digits))
