"""Reads the maps of sparse files in a tar: the pieces that are stored; between them the file has zeros.

Four formats are in use: GNU's old one (type `S`), and three in attributes, 0.0, 0.1 and 1.0. A map is parsed
strictly and compared with the result of `tarfile`: GNU tar, libarchive and `tarfile` tolerate different
faults.

Source: GNU tar's manual, "Sparse Formats" and "Storing Sparse Files".
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

PREFIX = "GNU.sparse."
PAIRED_ATTRIBUTES = ("GNU.sparse.offset", "GNU.sparse.numbytes")
_DIGITS = re.compile(rb"[0-9]{1,19}")
_MAX_SIZE = 2**63
_NUMBER_BYTES = 12
_HEADER_OFFSETS = range(386, 482, 2 * _NUMBER_BYTES)  # four pieces in the header, 21 in each block after it
_BLOCK_OFFSETS = range(0, 504, 2 * _NUMBER_BYTES)
_OLD_HAS_MORE, _MORE_HAS_MORE, _OLD_SIZE = 482, 504, slice(483, 495)
Pieces = tuple[tuple[int, int], ...]
ReadNumber = Callable[[bytes], int | None]


@dataclass(frozen=True, slots=True)
class SparseMap:
    """Where the stored bytes of a file belong. Sizes and offsets are in bytes."""

    size_bytes: int
    """The size of the file with its zeros."""
    pieces: Pieces
    """Offset in the file and length of each piece, in the order in which they are stored."""
    stored_bytes: int
    """The stored size in the header, without the map."""
    name: bytes | None = None
    """The true name, where the header has a substitute."""

    def fault(self, header: tarfile.TarInfo) -> str | None:
        """Return why tools would read it in two ways; `None` where they agree."""
        read = cast("list[tuple[int, int]] | None", header.sparse)  # typeshed declares it as bytes
        pieces_of_tarfile = [(offset, length) for offset, length in read or () if length]
        pieces = [(offset, length) for offset, length in self.pieces if length]
        if self._is_out_of_order():
            return "the pieces of the sparse file overlap, or reach beyond its end"
        if sum(length for _, length in pieces) != self.stored_bytes:
            return "the pieces of the sparse file differ in size from the stored bytes"
        if any(length % tarfile.BLOCKSIZE for _, length in pieces[:-1]):
            return "a piece of the sparse file does not end at the end of a block"
        if (header.size, pieces_of_tarfile) != (self.size_bytes, pieces):
            return "the map of the sparse file is read in two ways"
        if self.name is not None and self.name.decode("utf-8", "surrogateescape") != header.name:
            return "the sparse file has two names, and tools use different ones"
        return None

    def _is_out_of_order(self) -> bool:
        """Return whether pieces overlap, or empty ones are misplaced.

        GNU tar truncates a file at an empty piece, and adds zeros at the end only because of such a piece. So
        there must be one at the end, after a hole, and none elsewhere. For a file that is one hole libarchive
        also writes one at the beginning.
        """
        end = 0
        is_one_hole = self.pieces == ((0, 0), (self.size_bytes, 0))
        for offset, length in self.pieces[1:] if is_one_hole else self.pieces:
            if offset < end or not (length or offset == self.size_bytes):
                return True
            end = offset + length
        return end != self.size_bytes or self.size_bytes >= _MAX_SIZE


class SparseReader:
    """Parses the attributes, the header and the following blocks of one member."""

    def __init__(self, attributes: Sequence[tuple[str, bytes]], read_number: ReadNumber) -> None:
        self._attributes = attributes
        self._read_number = read_number
        self._numbers: list[int] = []
        self._text = b""
        self._stored = self._map_bytes = self._size = 0
        self._is_old = self._needs_more = self._is_bad = False

    @property
    def is_sparse(self) -> bool:
        """Whether the member is a sparse file."""
        return self._is_old or bool(self._attributes)

    @property
    def needs_more(self) -> bool:
        """Whether the next block belongs to the map."""
        return self._needs_more

    def add_header(self, block: bytes, stored_bytes: int) -> None:
        """Parse the member's own header."""
        self._stored = stored_bytes
        if block[156:157] == tarfile.GNUTYPE_SPARSE:
            self._is_old = True
            self._size = self._number(block[_OLD_SIZE])
            self._parse_pieces(block, _HEADER_OFFSETS)
            self._needs_more = bool(block[_OLD_HAS_MORE])
        else:
            self._needs_more = dict(self._attributes).get("GNU.sparse.major") == b"1"

    def add_block(self, block: bytes) -> None:
        """Parse a block of the map after the header."""
        if self._is_old:
            self._parse_pieces(block, _BLOCK_OFFSETS)
            self._needs_more = bool(block[_MORE_HAS_MORE])
            return
        self._map_bytes += len(block)
        *lines, self._text = (self._text + block).split(b"\n")
        for line in lines:
            if self._needs_more:
                self._numbers.append(self._digits(line))
                self._needs_more = len(self._numbers) < 1 + 2 * self._numbers[0]

    def read(self) -> SparseMap | None:
        """Return the map; `None` where it is malformed."""
        attributes = dict(self._attributes)
        if self._is_old:
            numbers, size, is_whole = self._numbers, self._size, not self._attributes
        elif attributes.get("GNU.sparse.major") == b"1":
            numbers, size = self._numbers[1:], self._digits(attributes.get("GNU.sparse.realsize", b""))
            is_whole = attributes.get("GNU.sparse.minor") == b"0" and not self._needs_more
            is_whole &= not {"GNU.sparse.map", "GNU.sparse.size", "GNU.sparse.offset"} & attributes.keys()
        else:
            numbers, size, is_whole = self._parse_attributes(attributes)
        if self._is_bad or not is_whole or len(numbers) % 2:
            return None
        pieces = tuple(zip(numbers[::2], numbers[1::2], strict=True))
        return SparseMap(size, pieces, self._stored - self._map_bytes, attributes.get("GNU.sparse.name"))

    def _parse_attributes(self, attributes: dict[str, bytes]) -> tuple[list[int], int, bool]:
        """Parse the formats 0.0 (a pair of attributes for each piece) and 0.1 (all in one)."""
        in_pairs = [(key, value) for key, value in self._attributes if key in PAIRED_ATTRIBUTES]
        if "GNU.sparse.map" in attributes:
            text = attributes["GNU.sparse.map"]
            values: Iterable[bytes] = text.split(b",") if text else ()
            is_whole = not in_pairs
        else:
            values = [value for _, value in in_pairs]
            is_whole = [key for key, _ in in_pairs] == [*PAIRED_ATTRIBUTES] * (len(in_pairs) // 2)
        numbers = [self._digits(value) for value in values]
        count = self._digits(attributes.get("GNU.sparse.numblocks", b""))
        is_whole &= 2 * count == len(numbers) and "GNU.sparse.realsize" not in attributes
        return numbers, self._digits(attributes.get("GNU.sparse.size", b"")), is_whole

    def _parse_pieces(self, block: bytes, offsets: range) -> None:
        for at in offsets:
            pair = block[at : at + _NUMBER_BYTES], block[at + _NUMBER_BYTES : at + 2 * _NUMBER_BYTES]
            if not pair[0][0] and not pair[1][0]:
                break  # the rest is unused
            self._numbers += map(self._number, pair)

    def _number(self, raw: bytes) -> int:
        number = self._read_number(raw)
        self._is_bad |= number is None
        return number or 0

    def _digits(self, raw: bytes) -> int:
        self._is_bad |= _DIGITS.fullmatch(raw) is None
        return 0 if self._is_bad else int(raw)
