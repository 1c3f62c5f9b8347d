"""Tells whether a file that is said to be text in some encoding really is, while its bytes pass by."""

from __future__ import annotations

import codecs

from archtool.encodings import DEFAULT_ENCODING
from archtool.text.file_signatures import HEAD_BYTES, Format, recognise


class EncodingSink:
    """Decodes as the bytes come; remembers only where it first failed."""

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding or DEFAULT_ENCODING
        self._decoder = codecs.getincrementaldecoder(self.encoding)("strict")
        self._seen_bytes = 0
        self._line = 1
        self.fault: str | None = None
        """What is wrong, in words, with byte and line; `None` as long as nothing is."""
        self.format: Format | None = None
        """What the file is, where its first bytes say that it is no plain text."""
        self._head = b""

    def update(self, data: memoryview, /) -> None:
        """Take in the next bytes of the file."""
        if len(self._head) < HEAD_BYTES:
            self._head += bytes(data[: HEAD_BYTES - len(self._head)])
        if self.fault is None:
            self._decode(bytes(data), final=False)

    def finish(self) -> str | None:
        """The file is over: say what was wrong with it, if anything."""
        self.format = recognise(self._head)
        if self.fault is None:
            self._decode(b"", final=True)
        return self.fault

    def _decode(self, block: bytes, *, final: bool) -> None:
        before = self._decoder.getstate()
        try:
            text = self._decoder.decode(block, final)
        except UnicodeDecodeError as error:
            self.fault = self._located(error, block, before)
        except UnicodeError as error:  # some of Python's codecs do not say where
            self.fault = f"not {self.encoding}: {error}"
        else:
            self._seen_bytes += len(block)
            self._line += text.count("\n")

    def _located(self, error: UnicodeDecodeError, block: bytes, before: tuple[bytes, int]) -> str:
        held_back = len(before[0])  # the start of a character that the last block ended in
        self._decoder.setstate(before)
        good = self._decoder.decode(block[: max(0, error.start - held_back)])
        line = self._line + good.count("\n")
        offset = self._seen_bytes - held_back + error.start
        return (
            f"byte {offset + 1} (line {line}) is not {self.encoding}: "
            f"found 0x{error.object[error.start]:02x} ({error.reason})"
        )
