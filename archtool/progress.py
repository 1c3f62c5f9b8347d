"""What a long task tells whoever waits for it; the drawing is done in `archtool.cli`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from archtool.findings import Finding


class Progress(Protocol):
    """Counts bytes; a total of `None` is not known yet."""

    def start(self, label: str, total_bytes: int | None) -> None:
        """A new stretch of work begins."""

    def advance(self, size_bytes: int) -> None:
        """So many more bytes are done."""

    def tell(self, finding: Finding) -> None:
        """Something wrong was seen; it is reported in the end too, with all that is known of it then."""

    def finish(self) -> None:
        """The stretch is over."""


class NoProgress:
    """For scripts, tests and pipes: says nothing."""

    def start(self, label: str, total_bytes: int | None) -> None:
        """Say nothing."""

    def advance(self, size_bytes: int) -> None:
        """Say nothing."""

    def tell(self, finding: Finding) -> None:
        """Say nothing."""

    def finish(self) -> None:
        """Say nothing."""
