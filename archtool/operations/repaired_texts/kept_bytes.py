"""Keeps the bytes of a text while it is read for its digests, so that its repair can be replayed."""

from __future__ import annotations

from archtool.text.repairing.limits import MAX_REPAIRED_BYTES


class KeptBytes:
    """A sink that keeps a file; of one that is larger than any text that is repaired, nothing."""

    def __init__(self) -> None:
        self._data: bytearray | None = bytearray()

    def update(self, data: memoryview, /) -> None:
        """See `Sink`."""
        if self._data is None:
            return
        self._data += data
        if len(self._data) > MAX_REPAIRED_BYTES:
            self._data = None

    @property
    def data(self) -> bytes | None:
        """The bytes of the file; `None` if it is too large."""
        return None if self._data is None else bytes(self._data)
