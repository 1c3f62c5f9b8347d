"""Cuts the bytes of a text into chunks of complete lines, and decodes them.

A text in UTF-8 can have lines in another encoding, as after two files were joined. Each such line is decoded
apart, in the single-byte encoding that reads the first of them best.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from archtool.encodings import DEFAULT_ENCODING
from archtool.text.checking.chunk import Chunk, Origin
from archtool.text.checking.limits import CHUNK_BYTES, MAX_CHUNK_BYTES
from archtool.text.checking.model import TextFault
from archtool.text.checking.single_byte import best_encoding
from archtool.text.checking.tally import Tally

WRONG, MIXED = "encoding", "mixed-encodings"
_FEW = 0.02  # of the lines that are not ASCII: bytes of another encoding that are UTF-8 by chance


class Utf8Decoder:
    """Decodes chunks of UTF-8, and lines in another encoding among them."""

    def __init__(self, most: int) -> None:
        self._tally = Tally(most)
        self._good_lines = 0
        self._bad_lines = 0
        self._other: str | None = None

    @property
    def encoding(self) -> str:
        """The encoding of most lines that are not ASCII."""
        is_other = self._other is not None and self._good_lines <= _FEW * self._bad_lines
        return self._other if is_other and self._other is not None else DEFAULT_ENCODING

    def decode(self, data: bytes, origin: Origin, *, is_last: bool) -> Chunk:
        """Return the chunk of complete lines; `data` begins with the additional LF."""
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return self._decode_lines(data, origin, is_last=is_last)
        if not self._good_lines and not text.isascii():
            self._good_lines = 1
        return Chunk(data, text, origin, is_last=is_last)

    def _decode_lines(self, data: bytes, origin: Origin, *, is_last: bool) -> Chunk:
        lines: list[str] = []
        bad: list[tuple[int, int]] = []
        at = 0
        for line in _lines(data):
            try:
                text = line.decode()
                self._good_lines += not line.isascii()
            except UnicodeDecodeError as error:
                if self._other is None:
                    self._other = best_encoding(data)
                text = line.decode(self._other, "replace")
                column = len(line[: error.start].decode())
                bad.append((at + column, at + column + 1))
                self._bad_lines += 1
            lines.append(text)
            at += len(text)
        joined = "".join(lines)
        chunk = Chunk(joined.encode(), joined, origin, is_last=is_last)
        self._tally.add_all(chunk, bad)
        return chunk

    def fault(self) -> TextFault | None:
        """Return the lines that are not UTF-8, as the wrong encoding of all, or as one of several."""
        if not self._bad_lines:
            return None
        detail = f"its words are readable as {self._other}"
        if self.encoding == DEFAULT_ENCODING:
            detail = f"{self._good_lines:,} lines in UTF-8, {self._bad_lines:,} readable as {self._other}"
        return self._tally.fault(MIXED if self.encoding == DEFAULT_ENCODING else WRONG, detail=detail)


class OtherDecoder:
    """Decodes chunks in a declared encoding other than UTF-8."""

    def __init__(self, encoding: str, most: int, *, is_declared: bool) -> None:
        """An encoding that is not declared is itself a fault."""
        self.encoding = encoding
        self._is_declared = is_declared
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._strict = codecs.getincrementaldecoder(encoding)("strict")
        self._tally = Tally(most)
        self._has_fault = False

    def decode(self, data: bytes, origin: Origin, *, is_last: bool) -> Chunk:
        """Return the chunk of what these bytes are."""
        if not self._has_fault:
            try:
                return _chunk_of(self._strict.decode(data[1:], is_last), origin, is_last=is_last)
            except UnicodeError:
                self._has_fault = True
        chunk = _chunk_of(self._decoder.decode(data[1:], is_last), origin, is_last=is_last)
        at = chunk.text.find("\ufffd")
        if at >= 0:
            self._tally.add(chunk, at, at + 1)
        return chunk

    def fault(self) -> TextFault | None:
        """Return the bytes that are not in the encoding, or the encoding itself."""
        if not self._is_declared:
            return TextFault(WRONG, 1, detail=f"the text is in {self.encoding}")
        return self._tally.fault(WRONG, detail=f"not {self.encoding}")


def _chunk_of(text: str, origin: Origin, *, is_last: bool) -> Chunk:
    text = f"\n{text}"
    return Chunk(text.encode("utf-8", "surrogatepass"), text, origin, is_last=is_last)


def _lines(data: bytes) -> Iterator[bytes]:
    start = 0
    while (end := data.find(b"\n", start)) >= 0:
        yield data[start : end + 1]
        start = end + 1
    if start < len(data):
        yield data[start:]


class ChunkCutter:
    """Collects bytes, and returns them in chunks that end at an empty line, or at least at the end of a line.

    Each chunk has an additional LF before it, see `Chunk`.
    """

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size_bytes = 0

    def add(self, data: bytes) -> Iterator[bytes]:
        """Add the next bytes, and yield the chunks that are complete."""
        self._parts.append(data)
        self._size_bytes += len(data)
        if self._size_bytes < CHUNK_BYTES:
            return
        joined = b"".join(self._parts)
        view = memoryview(joined)
        start = 0
        while len(joined) - start >= CHUNK_BYTES:
            end = self._cut(joined, start)
            if end is None:
                break
            yield b"".join((b"\n", view[start:end]))
            start = end
        self._parts = [joined[start:]]
        self._size_bytes = len(joined) - start

    def rest(self) -> bytes:
        """Return what is left at the end of the text."""
        joined = b"".join((b"\n", *self._parts))
        self._parts, self._size_bytes = [], 0
        return joined

    def _cut(self, joined: bytes, start: int) -> int | None:
        """Return where a chunk ends; `None` if it needs more bytes."""
        limit = start + CHUNK_BYTES
        for end, length in ((b"\n\n", 2), (b"\n\r\n", 3), (b"\n", 1)):
            at = joined.rfind(end, start + (0 if length == 1 else CHUNK_BYTES // 2), limit)
            if at >= 0:
                return at + length
        if len(joined) - start < MAX_CHUNK_BYTES:
            return None
        cut = start + MAX_CHUNK_BYTES
        while cut > start + MAX_CHUNK_BYTES - 4 and joined[cut - 1] >= 0x80:
            cut -= 1
        return cut
