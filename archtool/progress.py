"""What a long task tells whoever waits for it; the drawing is done in `archtool.cli`."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Counts bytes; a total of `None` is not known yet."""

    def start(self, label: str, total_bytes: int | None) -> None:
        """A new stretch of work begins."""

    def advance(self, size_bytes: int) -> None:
        """So many more bytes are done."""

    def finish(self) -> None:
        """The stretch is over."""


class NoProgress:
    """For scripts, tests and pipes: says nothing."""

    def start(self, label: str, total_bytes: int | None) -> None:
        """Say nothing."""

    def advance(self, size_bytes: int) -> None:
        """Say nothing."""

    def finish(self) -> None:
        """Say nothing."""
