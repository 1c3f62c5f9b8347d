"""Checks the headers of a tar for everything that tools read in different ways, so that all see one bag.

`tarfile` is lenient where GNU tar, bsdtar or later versions of itself are not: it reads `1_0` as a size,
stops silently at broken attributes, and uses a name prefix that the header's own format does not define.

Source: POSIX.1-2017, pax, "pax Header Block" and "ustar Interchange Format"; GNU tar's manual, "Basic Tar
Format".
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator

from archtool.archives.errors import DamagedError
from archtool.archives.tar.sparse import PAIRED_ATTRIBUTES, SparseReader
from archtool.archives.tar.sparse import PREFIX as SPARSE_PREFIX

_NAME, _SIZE, _CHECKSUM, _TYPE, _MAGIC, _PREFIX = (
    slice(0, 100), slice(124, 136), slice(148, 156), slice(156, 157), slice(257, 263), slice(345, 500),
)  # fmt: skip
_OCTAL = re.compile(rb" *([0-7]+)[ \0]*")
_NUMBERS = {"size": _SIZE, "header's checksum": _CHECKSUM}
_UNUSED_NUMBERS = {
    "mode": slice(100, 108), "owner": slice(108, 116), "group": slice(116, 124), "time": slice(136, 148),
    "major device number": slice(329, 337), "minor device number": slice(337, 345),
}  # fmt: skip
"""These can be empty; with anything else than a number, some tools refuse the whole archive."""
_BASE_256 = (0x80, 0xFF)
_POSIX_MAGIC = b"ustar\0"
_ATTRIBUTES = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
_LONG = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
VOLUME_LABEL = b"V"
_LENGTH = re.compile(rb"([1-9][0-9]{0,9}) ")
_PER_MEMBER = ("path", "linkpath", "size")
_STAR_SPARSE = "SCHILY.realsize"


class HeaderChecks:
    """Checks what `tarfile` reads for one member: each header, and the attributes or long name after it."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin the next member."""
        self.faults: list[str] = []
        """What tools read in different ways."""
        self.is_star_sparse = False
        """Whether it is sparse in the format of star, which archtool does not read."""
        self.sparse = SparseReader((), parse_number)
        self._sparse_attributes: list[tuple[str, bytes]] = []
        self.is_named_as_folder = False
        """Whether an attribute names it with a `/` at its end, which `tarfile` drops."""
        self._has_earlier_name = False
        self._name_headers: list[bytes] = []
        self._body: tuple[bytes, int] | None = None

    def check(self, data: bytes, begin: int) -> None:
        """Check one read of `tarfile`, which began at byte `begin`.

        Raises:
            DamagedError: attributes are malformed.
        """
        if self._body is not None:
            (kind, size), self._body = self._body, None
            if kind in _ATTRIBUTES:
                self._check_attributes(data[:size], begin, kind)
            elif b"\0" not in data[:size] and any(data[size:]):
                self.faults.append("other bytes follow the end of its long name")
        elif self.sparse.needs_more and len(data) == tarfile.BLOCKSIZE:
            self.sparse.add_block(data)
        elif len(data) == tarfile.BLOCKSIZE:
            self._check_block(data)

    def _check_block(self, block: bytes) -> None:
        kind = block[_TYPE]
        # GNU tar leaves the numbers of a volume label empty
        self.faults += _odd_numbers(block) if kind != VOLUME_LABEL else ()
        if kind == tarfile.AREGTYPE and self._has_earlier_name and block[_NAME].rstrip(b"\0").endswith(b"/"):
            self.faults.append("a folder by one of its names, but a file by the other")
        if any(block[_PREFIX]) and block[_MAGIC] != _POSIX_MAGIC and kind not in tarfile.GNU_TYPES:
            self.faults.append("its name has a prefix that its header's format does not define")
        if kind not in (*_ATTRIBUTES, *_LONG):
            self.sparse = SparseReader(self._sparse_attributes, parse_number)
            self.sparse.add_header(block, _read_number(block[_SIZE]))
            return
        if kind != tarfile.XGLTYPE:
            self._refuse_second_name(kind)
        self._body = kind, _read_number(block[_SIZE])

    def _refuse_second_name(self, kind: bytes) -> None:
        """Report two names for one member: tools differ in whether a long name (GNU) or attributes win."""
        plain = tarfile.XHDTYPE if kind == tarfile.SOLARIS_XHDTYPE else kind
        if plain in self._name_headers or (
            self._name_headers and tarfile.XHDTYPE in (plain, *self._name_headers)
        ):
            self.faults.append("two headers before it contain a name for it")
        self._name_headers.append(plain)
        self._has_earlier_name |= kind == tarfile.GNUTYPE_LONGNAME

    def _check_attributes(self, body: bytes, begin: int, kind: bytes) -> None:
        first: dict[str, bytes] = {}
        for key, value in _parse(body, begin):
            self.is_star_sparse |= key == _STAR_SPARSE
            if key.startswith(SPARSE_PREFIX):
                self._add_sparse(key, value, kind)
            if key not in _PER_MEMBER:
                continue
            if kind == tarfile.XGLTYPE:
                self.faults.append(f"an attribute applies to all members: {key}")
            if first.setdefault(key, value) != value:
                self.faults.append(f"an attribute has two values: {key}")
            if key == "size" and not value.isdigit():
                self.faults.append(f"its size is written as {value[:40]!r}")
            self._has_earlier_name |= key == "path"
            self.is_named_as_folder |= key == "path" and value.endswith(b"/")

    def _add_sparse(self, key: str, value: bytes, kind: bytes) -> None:
        if kind == tarfile.XGLTYPE:
            self.faults.append(f"an attribute applies to all members: {key}")
        elif key not in PAIRED_ATTRIBUTES and key in dict(self._sparse_attributes):
            self.faults.append(f"an attribute occurs twice: {key}")
        self._sparse_attributes.append((key, value))


def _odd_numbers(block: bytes) -> Iterator[str]:
    for name, place in _NUMBERS.items():
        if not _is_number(block[place]):
            yield f"its {name} is written as {block[place]!r}"
    for name, place in _UNUSED_NUMBERS.items():
        raw = block[place]
        if raw[0] and raw.strip(b" \0") and not _is_number(raw):
            yield f"its {name} is written as {raw!r}"


def _is_number(raw: bytes) -> bool:
    return raw[0] in _BASE_256 or _OCTAL.fullmatch(raw) is not None


def parse_number(raw: bytes) -> int | None:
    """Parse a number in a header; return `None` where it is malformed."""
    return _read_number(raw) if _is_number(raw) else None


def _read_number(raw: bytes) -> int:
    if raw[0] in _BASE_256:
        return int.from_bytes(raw[1:], "big")
    match = _OCTAL.fullmatch(raw)
    return int(match[1], 8) if match is not None else 0


def _parse(body: bytes, begin: int) -> list[tuple[str, bytes]]:
    """Parse lines of the form `LENGTH KEY=VALUE`, where the length is that of the complete line."""
    found, at = [], 0
    while at < len(body):
        match = _LENGTH.match(body, at)
        end = at + int(match[1]) if match is not None else 0
        line = body[match.end() : end] if match is not None else b""
        key, equals, value = line.partition(b"=")
        if end > len(body) or not (key and equals and value.endswith(b"\n")) or b"\0" in key:
            raise DamagedError(f"attributes at byte {begin + at:,} are malformed")
        found.append((key.decode("utf-8", "surrogateescape"), value[:-1]))
        at = end
    return found
