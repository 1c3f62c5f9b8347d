"""The bytes of a plain or compressed tar as a seekable stream, with limits on expansion."""

from __future__ import annotations

import bz2
import lzma
import os
import zlib
from collections.abc import Callable
from typing import BinaryIO, Protocol

from archtool.archives.errors import DamagedError, ExpandsTooFarError
from archtool.archives.limits import (
    MAX_TINY_STREAMS,
    MAX_XZ_MEMORY_BYTES,
    MIN_JUDGED_BYTES,
    MIN_STREAM_BYTES,
)
from archtool.progress import Meter

BLOCK_BYTES = 1024 * 1024
# input that a stream does not use is read again for the next stream: a tiny one must not get a whole block
_FIRST_FEED_BYTES = 4096
_XZ_PADDING_BYTES = 4  # "The .xz File Format" 1.2.1, §2.2: zeros, a multiple of four


class TarStream(Protocol):
    """The bytes of a tar."""

    is_sequential: bool

    def read(self, size_bytes: int, /) -> bytes:
        """Read the given number of bytes, or all that are left.

        Raises:
            DamagedError: the stream is truncated or broken.
        """

    def seek(self, position: int, /) -> int:
        """Go to a position, counted from the beginning."""

    def tell(self) -> int:
        """Return the position of the next byte."""


class PlainStream:
    """A tar that is not compressed."""

    is_sequential = False

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size_bytes: int, /) -> bytes:
        """See `TarStream`."""
        return self._file.read(size_bytes)

    def seek(self, position: int, /) -> int:
        """See `TarStream`."""
        return self._file.seek(position)

    def tell(self) -> int:
        """See `TarStream`."""
        return self._file.tell()


class Decompressor(Protocol):
    """The interface of the decompressors of bz2 and lzma, and of `_Inflater` for zlib."""

    @property
    def eof(self) -> bool:
        """Whether the end of one compressed stream was reached."""

    @property
    def needs_input(self) -> bool:
        """Whether there is no output before more input."""

    @property
    def unused_data(self) -> bytes:
        """The input after the end of the stream."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Add input and return at most `max_length` bytes of output."""


class _Inflater:
    """zlib with the interface of the others: it keeps the input that zlib has not processed."""

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)  # gzip: header, CRC-32 and length
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._inflater.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflater.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        out = self._inflater.decompress(self._inflater.unconsumed_tail + data, max_length)
        self.needs_input = len(out) < max_length and not self._inflater.unconsumed_tail
        return out


def _unxz() -> Decompressor:
    return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=MAX_XZ_MEMORY_BYTES)


DECOMPRESSORS: dict[str, Callable[[], Decompressor]] = {
    "tar.gz": _Inflater,
    "tar.bz2": bz2.BZ2Decompressor,
    "tar.xz": _unxz,
}
"""Format → its decompressor."""
MAGIC = {"tar.gz": b"\x1f\x8b", "tar.bz2": b"BZh", "tar.xz": b"\xfd7zXZ\x00"}
"""Format → the first bytes of its files."""


_ALLOWS_NOTHING_ELSE = ("tar.gz", "tar.xz")  # RFC 1952 §2.2; The .xz File Format §2


class CompressedStream:
    """A compressed tar. Seeking forward decompresses the bytes between; seeking back starts again."""

    is_sequential = True

    def __init__(
        self, file: BinaryIO, format_name: str, max_expansion: int, meter: Meter | None = None
    ) -> None:
        """Begin at the start of the file; `meter` counts the compressed bytes."""
        self._file = file
        self._format = format_name
        self._max_expansion = max_expansion
        self._meter = meter
        self.has_foreign_data = False
        """Whether other data follow the last compressed stream."""
        self._begin()

    def _begin(self) -> None:
        self._file.seek(0)
        self._decompressor: Decompressor | None = DECOMPRESSORS[self._format]()
        self._damage: str | None = None
        self._block, self._used, self._position, self._input_bytes = b"", 0, 0, 0
        self._feed_bytes, self._streams = _FIRST_FEED_BYTES, 0

    def tell(self) -> int:
        """See `TarStream`."""
        return self._position

    def seek(self, position: int, /) -> int:
        """See `TarStream`."""
        if position < self._position:
            self._begin()
        while self._position < position and self._read_some(position - self._position):
            pass
        return self._position

    def read(self, size_bytes: int, /) -> bytes:
        """See `TarStream`."""
        parts = []
        while size_bytes and (part := self._read_some(size_bytes)):
            parts.append(part)
            size_bytes -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _read_some(self, at_most: int) -> bytes:
        """Return some of the next bytes; empty only at the end."""
        while self._used == len(self._block):
            if self._decompressor is None:
                if self._damage is not None:
                    raise DamagedError(self._damage)
                return b""
            self._block, self._used = self._next_block(self._decompressor), 0
        part = self._block[self._used : self._used + at_most]
        self._used += len(part)
        self._position += len(part)
        return part

    def _next_block(self, decompressor: Decompressor) -> bytes:
        data = b""
        if decompressor.needs_input:
            data = self._file.read(self._feed_bytes)
            self._feed_bytes = min(2 * self._feed_bytes, BLOCK_BYTES)
            self._input_bytes += len(data)
            if self._meter is not None:
                self._meter.add(len(data))
            if not data:
                raise DamagedError(f"the compressed data are truncated after {self._input_bytes:,} bytes")
        try:
            block = decompressor.decompress(data, BLOCK_BYTES)
        except (zlib.error, lzma.LZMAError, OSError, EOFError) as error:
            raise DamagedError(f"the compressed data are broken: {error}") from error
        self._refuse_bomb(len(block))
        if decompressor.eof:
            self._decompressor = self._next_stream(decompressor.unused_data, self._position + len(block))
        return block

    def _refuse_bomb(self, more_bytes: int) -> None:
        out = self._position + more_bytes
        if out > MIN_JUDGED_BYTES and out > self._input_bytes * self._max_expansion:
            raise ExpandsTooFarError(
                f"{self._input_bytes:,} bytes expand to more than {self._max_expansion:,} times as many"
            )

    def _refuse_tiny_streams(self, out_bytes: int) -> None:
        """Refuse too many small streams: starting one takes time, and an empty one has only twenty bytes."""
        self._streams += 1
        if self._streams > MAX_TINY_STREAMS + out_bytes // MIN_STREAM_BYTES:
            count = f"more than {MAX_TINY_STREAMS:,} compressed streams contain only {out_bytes:,} bytes"
            self._decompressor, self._damage = None, f"{count}: no program writes so many small ones"
            raise DamagedError(self._damage)

    def _next_stream(self, rest: bytes, out_bytes: int) -> Decompressor | None:
        """Return the decompressor of the next consecutive stream; `None` where there is none.

        After zeros (padding of tapes and blocks) some tools read further and some do not: archtool does not.
        Where other data follow, some tools for gzip and xz stop with an error; those for bzip2 ignore them.
        """
        self._file.seek(-len(rest), os.SEEK_CUR)
        self._input_bytes -= len(rest)
        self._feed_bytes = _FIRST_FEED_BYTES
        self._refuse_tiny_streams(out_bytes)
        magic = MAGIC[self._format]
        beginning = self._file.read(len(magic))
        if beginning == magic:
            self._file.seek(-len(beginning), os.SEEK_CUR)
            return DECOMPRESSORS[self._format]()
        padding_bytes = 0
        while beginning:
            padding_bytes += len(beginning)
            if beginning.count(0) != len(beginning):
                self.has_foreign_data = True
                break
            beginning = self._file.read(BLOCK_BYTES)
        is_misaligned = self._format == "tar.xz" and padding_bytes % _XZ_PADDING_BYTES
        if self._format in _ALLOWS_NOTHING_ELSE and (self.has_foreign_data or is_misaligned):
            self._damage = "other data follow the compressed data, which tools read in different ways"
        return None
