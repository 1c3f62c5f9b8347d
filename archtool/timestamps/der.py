"""DER: how X.509, CMS, timestamps and evidence records pack their values into bytes.

The reader is strict: one way to write a length or a number, no indefinite lengths, nothing after the end.
Two things are let pass. The members of a SET OF can stand in any order: DER wants them sorted, widely used
authorities do not sort their certificates, and no signature depends on it. And a fraction of a second can end
in zero.

This file knows bytes only. Every method raises `InputError` when they do not have the form that is asked for.

No library reads all that is needed, and only that:

- `cryptography.hazmat.asn1` (tried with version 50) is strict, and eight times as fast on a token's content.
  It refuses a SET OF that is not sorted, fractions of a second that end in zero, and declarations of an
  optional field of any type (RFC 3161 needs one). Its interface came with version 47 and is not yet declared
  stable. It is the library to take once it is stable and reads a SET OF in any order.
- `asn1crypto` (1.5.1; its last release is of March 2022) knows every structure, but reads BER even when asked
  to be strict: indefinite lengths, and lengths, numbers and object identifiers with needless bytes.
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

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OID = 0x01, 0x02, 0x03, 0x04, 0x06
UTF8_STRING, GENERALIZED_TIME, SEQUENCE, SET = 0x0C, 0x18, 0x30, 0x31
MAX_INTEGER_BYTES = 64  # serial numbers have 20, nonces a few more
MAX_OID_BYTES = 64  # the longest in use have 12
_CONSTRUCTED = 0x20
_HIGH_TAG = 0x1F
_LONG = 0x80
_MAX_LENGTH_BYTES = 4
_TIME = re.compile(rb"([0-9]{14})(?:\.([0-9]{1,9}))?Z")


def context(number: int, *, constructed: bool = True) -> int:
    """The tag `[number]` of a field that is told apart by its place."""
    return 0x80 | (_CONSTRUCTED if constructed else 0) | number


@dataclass(frozen=True, slots=True)
class DerElement:
    """One value with its tag."""

    tag: int
    content: bytes
    raw: bytes
    """Tag, length and content as they stood."""
    where: str
    """What is read, for messages."""

    def children(self) -> tuple[DerElement, ...]:
        """The values that this one is made of."""
        if not self.tag & _CONSTRUCTED:
            raise self.refuse("a single value where several are expected")
        return tuple(_split(self.content, self.where))

    def fields(self, tag: int = SEQUENCE) -> DerFields:
        """The values inside, to be taken one after the other; `tag` is what this one must be."""
        return DerFields(self.expect(tag).children(), self.where)

    def expect(self, tag: int) -> DerElement:
        """Itself, if it has this tag."""
        if self.tag != tag:
            raise self.refuse(f"tag {self.tag:#04x} where {tag:#04x} is expected")
        return self

    def integer(self) -> int:
        """A whole number."""
        content = self.expect(INTEGER).content
        if not 0 < len(content) <= MAX_INTEGER_BYTES:
            raise self.refuse(f"a number of {len(content)} bytes")
        if len(content) > 1 and content[0] in (0x00, 0xFF) and (content[0] ^ content[1]) < _LONG:
            raise self.refuse("a number with bytes that it does not need")
        return int.from_bytes(content, "big", signed=True)

    def oid(self) -> str:
        """An object identifier, in dots: `2.16.840.1.101.3.4.2.3`."""
        content = self.expect(OID).content
        if not 0 < len(content) <= MAX_OID_BYTES or content[-1] & _LONG:
            raise self.refuse("a damaged object identifier")
        arcs, arc = [], 0
        for byte in content:
            if arc == 0 and byte == _LONG:
                raise self.refuse("an object identifier with bytes that it does not need")
            arc = arc << 7 | byte & 0x7F
            if not byte & _LONG:
                arcs.append(arc)
                arc = 0
        first = min(arcs[0] // 40, 2)
        return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))

    def octets(self) -> bytes:
        """The bytes of an OCTET STRING."""
        return self.expect(OCTET_STRING).content

    def time(self) -> datetime:
        """A GeneralizedTime, aware; what is finer than a microsecond is cut off."""
        found = _TIME.fullmatch(self.expect(GENERALIZED_TIME).content)
        try:
            if found is None:
                raise ValueError
            whole = datetime.strptime(found[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            raise self.refuse(f"not a time: {self.content[:40]!r}") from None
        return whole.replace(microsecond=int((found[2] or b"0").decode()[:6].ljust(6, "0")))

    def text(self) -> str:
        """A text in UTF-8; what is none of it is replaced, for it is only shown."""
        return self.content.decode("utf-8", "replace")

    def refuse(self, why: str) -> InputError:
        """What is wrong here, to be raised."""
        return InputError(f"{self.where} is damaged: {why}")


class DerFields:
    """Takes the values of a SEQUENCE in their order; some may be left out."""

    __slots__ = ("_left", "_where")

    def __init__(self, elements: Iterable[DerElement], where: str) -> None:
        self._left = list(reversed(tuple(elements)))
        self._where = where

    def take(self, tag: int | None = None) -> DerElement:
        """The next value, which must be there."""
        if not self._left:
            raise InputError(f"{self._where} is damaged: a value is missing")
        element = self._left.pop()
        return element if tag is None else element.expect(tag)

    def maybe(self, tag: int) -> DerElement | None:
        """The next value if it has this tag."""
        return self._left.pop() if self._left and self._left[-1].tag == tag else None

    def end(self) -> None:
        """Nothing may be left."""
        if self._left:
            raise self._left[-1].refuse("a value that nobody expects")


def read_der(data: bytes, where: str) -> DerElement:
    """Read bytes that are one value and nothing else."""
    elements = tuple(_split(data, where))
    if len(elements) != 1:
        raise InputError(f"{where} is damaged: {len(elements)} values where one is expected")
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
    """Where a value's content begins, and how long it is."""
    if data[offset] & _HIGH_TAG == _HIGH_TAG or offset + 1 >= len(data):
        raise InputError(f"{where} is damaged: no tag and length at byte {offset}")
    first = data[offset + 1]
    if first < _LONG:
        return offset + 2, first
    count = first & 0x7F
    length = data[offset + 2 : offset + 2 + count]
    if not 0 < count <= _MAX_LENGTH_BYTES or len(length) < count:
        raise InputError(f"{where} is not DER: a length of {count} bytes at byte {offset + 1}")
    size_bytes = int.from_bytes(length, "big")
    if length[0] == 0 or size_bytes < _LONG:
        raise InputError(f"{where} is not DER: a length with bytes that it does not need")
    return offset + 2 + count, size_bytes


def der(tag: int, *parts: bytes) -> bytes:
    """Write one value; the parts are its content."""
    content = b"".join(parts)
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(length))) + length + content


def der_integer(number: int) -> bytes:
    """Write a whole number in as few bytes as hold it with its sign."""
    size_bytes = (number if number >= 0 else ~number).bit_length() // 8 + 1
    return der(INTEGER, number.to_bytes(size_bytes, "big", signed=True))


def der_oid(dotted: str) -> bytes:
    """Write an object identifier."""
    first, second, *others = map(int, dotted.split("."))
    return der(OID, *map(_base_128, (40 * first + second, *others)))


def _base_128(arc: int) -> bytes:
    digits = [arc & 0x7F]
    while arc := arc >> 7:
        digits.append(arc & 0x7F | _LONG)
    return bytes(reversed(digits))
