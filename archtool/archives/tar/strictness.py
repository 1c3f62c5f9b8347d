"""What tools read differently in the headers of a tar: told of, so that nobody is shown another bag.

`tarfile` is lenient where GNU tar, bsdtar or later versions of itself are not: it reads `1_0` as a size,
stops without a word at attributes that are broken, and believes a prefix of which the header's own form
knows nothing.

Source: POSIX.1-2017, pax, "pax Header Block" and "ustar Interchange Format"; GNU tar's manual, "Basic Tar
Format".
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator

from archtool.archives.errors import DamagedError
from archtool.archives.tar.sparse import PREFIX as SPARSE_PREFIX
from archtool.archives.tar.sparse import SparseReader

_NAME, _SIZE, _CHECKSUM, _TYPE, _MAGIC, _PREFIX = (
    slice(0, 100), slice(124, 136), slice(148, 156), slice(156, 157), slice(257, 263), slice(345, 500),
)  # fmt: skip
_OCTAL = re.compile(rb" *([0-7]+)[ \0]*")
_NUMBERS = {"size": _SIZE, "header's checksum": _CHECKSUM}
_UNUSED_NUMBERS = {
    "mode": slice(100, 108), "owner": slice(108, 116), "group": slice(116, 124), "time": slice(136, 148),
    "major device number": slice(329, 337), "minor device number": slice(337, 345),
}  # fmt: skip
"""They may be empty; where they hold anything but a number, some tools give up on the whole archive."""
_BASE_256 = (0x80, 0xFF)
_POSIX_MAGIC = b"ustar\0"
_ATTRIBUTES = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
_LONG = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
VOLUME_LABEL = b"V"
_PAIRS_OF_SPARSE = ("GNU.sparse.offset", "GNU.sparse.numbytes")
_LENGTH = re.compile(rb"([1-9][0-9]{0,9}) ")
_ONE_MEMBERS_OWN = ("path", "linkpath", "size")
_STAR_SPARSE = "SCHILY.realsize"


class HeaderChecks:
    """Is shown what `tarfile` reads for one member: each header, and the attributes or long name after it."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """The next member."""
        self.faults: list[str] = []
        """What tools would differ in."""
        self.is_star_sparse = False
        """Whether it is sparse in the form of star, which is not read."""
        self.sparse = SparseReader((), number_or_none)
        self._sparse_attributes: list[tuple[str, bytes]] = []
        self.is_named_as_folder = False
        """Whether an attribute names it with a `/` at its end, which `tarfile` drops."""
        self._is_named_before = False
        self._before: list[bytes] = []
        self._body: tuple[bytes, int] | None = None

    def show(self, data: bytes, begin: int) -> None:
        """Take in one read of `tarfile`, that began at this byte.

        Raises:
            DamagedError: attributes that are not written as they must be.
        """
        if self._body is not None:
            (kind, size), self._body = self._body, None
            if kind in _ATTRIBUTES:
                self._check_attributes(data[:size], begin, kind)
            elif b"\0" not in data[:size] and any(data[size:]):
                self.faults.append("its long name goes on behind its end")
        elif self.sparse.needs_more and len(data) == tarfile.BLOCKSIZE:
            self.sparse.show_block(data)
        elif len(data) == tarfile.BLOCKSIZE:
            self._check_block(data)

    def _check_block(self, block: bytes) -> None:
        kind = block[_TYPE]
        # GNU tar leaves the numbers of a volume label empty
        self.faults += _odd_numbers(block) if kind != VOLUME_LABEL else ()
        if kind == tarfile.AREGTYPE and self._is_named_before and block[_NAME].rstrip(b"\0").endswith(b"/"):
            self.faults.append("a folder by one of its names, and a file by the other")
        if any(block[_PREFIX]) and block[_MAGIC] != _POSIX_MAGIC and kind not in tarfile.GNU_TYPES:
            self.faults.append("its name has a part that its header's form knows nothing of")
        if kind not in (*_ATTRIBUTES, *_LONG):
            self.sparse = SparseReader(self._sparse_attributes, number_or_none)
            self.sparse.show_header(block, _read_number(block[_SIZE]))
            return
        if kind != tarfile.XGLTYPE:
            self._refuse_second_name(kind)
        self._body = kind, _read_number(block[_SIZE])

    def _refuse_second_name(self, kind: bytes) -> None:
        """A long name (GNU) and attributes (POSIX) both name what follows: tools differ in which holds."""
        plain = tarfile.XHDTYPE if kind == tarfile.SOLARIS_XHDTYPE else kind
        if plain in self._before or (self._before and tarfile.XHDTYPE in (plain, *self._before)):
            self.faults.append("two headers before it name it")
        self._before.append(plain)
        self._is_named_before |= kind == tarfile.GNUTYPE_LONGNAME

    def _check_attributes(self, body: bytes, begin: int, kind: bytes) -> None:
        seen: dict[str, bytes] = {}
        for key, value in _parse(body, begin):
            self.is_star_sparse |= key == _STAR_SPARSE
            if key.startswith(SPARSE_PREFIX):
                self._see_sparse(key, value, kind)
            if key not in _ONE_MEMBERS_OWN:
                continue
            if kind == tarfile.XGLTYPE:
                self.faults.append(f"an attribute is said to hold for all members: {key}")
            if seen.setdefault(key, value) != value:
                self.faults.append(f"an attribute has two values: {key}")
            if key == "size" and not value.isdigit():
                self.faults.append(f"its size is written as {value[:40]!r}")
            self._is_named_before |= key == "path"
            self.is_named_as_folder |= key == "path" and value.endswith(b"/")

    def _see_sparse(self, key: str, value: bytes, kind: bytes) -> None:
        if kind == tarfile.XGLTYPE:
            self.faults.append(f"an attribute is said to hold for all members: {key}")
        elif key not in _PAIRS_OF_SPARSE and key in dict(self._sparse_attributes):
            self.faults.append(f"an attribute is there twice: {key}")
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


def number_or_none(raw: bytes) -> int | None:
    """A number of a header; `None` where it is not written as one."""
    return _read_number(raw) if _is_number(raw) else None


def _read_number(raw: bytes) -> int:
    if raw[0] in _BASE_256:
        return int.from_bytes(raw[1:], "big")
    match = _OCTAL.fullmatch(raw)
    return int(match[1], 8) if match is not None else 0


def _parse(body: bytes, begin: int) -> list[tuple[str, bytes]]:
    """`LENGTH KEY=VALUE` line after line, where the length counts the whole line."""
    found, at = [], 0
    while at < len(body):
        match = _LENGTH.match(body, at)
        end = at + int(match[1]) if match is not None else 0
        line = body[match.end() : end] if match is not None else b""
        key, equals, value = line.partition(b"=")
        if end > len(body) or not (key and equals and value.endswith(b"\n")) or b"\0" in key:
            raise DamagedError(f"attributes at byte {begin + at:,} are not written as they must be")
        found.append((key.decode("utf-8", "surrogateescape"), value[:-1]))
        at = end
    return found
