"""Tells whether a file that is said to be text in some encoding really is, while its bytes pass by."""

from __future__ import annotations

import codecs

from archtool.encodings import DEFAULT_ENCODING


class EncodingSink:
    """Decodes as the bytes come; remembers only where it first failed."""

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding or DEFAULT_ENCODING
        self._decoder = codecs.getincrementaldecoder(self.encoding)("strict")
        self._seen_bytes = 0
        self._line = 1
        self.fault: str | None = None
        """What is wrong, in words, with byte and line; `None` as long as nothing is."""

    def update(self, data: memoryview, /) -> None:
        """Take in the next bytes of the file."""
        if self.fault is None:
            self._decode(bytes(data), final=False)

    def finish(self) -> str | None:
        """The file is over: say what was wrong with it, if anything."""
        if self.fault is None:
            self._decode(b"", final=True)
        return self.fault

    def _decode(self, block: bytes, *, final: bool) -> None:
        held_back, _ = self._decoder.getstate()
        try:
            self._decoder.decode(block, final)
        except UnicodeDecodeError as error:
            data: bytes = error.object
            offset = self._seen_bytes - len(held_back) + error.start
            line = self._line + data[: error.start].count(b"\n")
            self.fault = (
                f"byte {offset + 1} (line {line}) is not {self.encoding}: "
                f"found 0x{data[error.start]:02x} ({error.reason})"
            )
            return
        self._seen_bytes += len(block)
        self._line += block.count(b"\n")
