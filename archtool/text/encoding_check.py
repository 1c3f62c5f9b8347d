"""Checks, while a file is read, whether it is text in its declared encoding."""

from __future__ import annotations

import codecs

from archtool.encodings import DEFAULT_ENCODING
from archtool.text.file_signatures import HEAD_BYTES, Format, recognise

_SAMPLE_BEFORE_BYTES = 100  # a longer run of letters is no word
_SAMPLE_BYTES = 64 * 1024


class EncodingSink:
    """Decodes the bytes of a file and keeps the first fault."""

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding or DEFAULT_ENCODING
        self._decoder = codecs.getincrementaldecoder(self.encoding)("strict")
        self._decoded_bytes = 0
        self._line = 1
        self.fault: str | None = None
        """A message about the first fault, with byte and line; `None` if there is none so far."""
        self.format: Format | None = None
        """The format of the file, if its first bytes show that it is not plain text."""
        self.sample = b""
        """The text from a little before the byte with the fault on, to show how it can be read."""
        self._head = b""

    def update(self, data: memoryview, /) -> None:
        """Process the next bytes of the file."""
        if len(self._head) < HEAD_BYTES:
            self._head += bytes(data[: HEAD_BYTES - len(self._head)])
        if self.fault is None:
            self._decode(bytes(data), final=False)

    @property
    def head(self) -> bytes:
        """The first bytes of the file."""
        return self._head

    def finish(self) -> str | None:
        """End the file and return its fault, if any."""
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
        except UnicodeError as error:  # some Python codecs do not report the position
            self.fault = f"not {self.encoding}: {error}"
        else:
            self._decoded_bytes += len(block)
            self._line += text.count("\n")

    def _located(self, error: UnicodeDecodeError, block: bytes, before: tuple[bytes, int]) -> str:
        pending = len(before[0])  # bytes of a character that the last block ended in
        self._decoder.setstate(before)
        good = self._decoder.decode(block[: max(0, error.start - pending)])
        line = self._line + good.count("\n")
        self.sample = error.object[max(0, error.start - _SAMPLE_BEFORE_BYTES) :][:_SAMPLE_BYTES]
        offset = self._decoded_bytes - pending + error.start
        return (
            f"byte {offset + 1} (line {line}) is not {self.encoding}: "
            f"found 0x{error.object[error.start]:02x} ({error.reason})"
        )
