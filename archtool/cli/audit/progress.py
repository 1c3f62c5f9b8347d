"""Shows the progress of an audit on a terminal."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from archtool.cli.terminal.job_bar import JobProgressBar


class AuditProgress:
    """A bar that appears when the number of copies is known, and is gone before the report is printed."""

    def __init__(self) -> None:
        self._bar: JobProgressBar | None = None

    def __enter__(self) -> Self:
        return self

    def started(self, copies: int) -> None:
        """Show the bar for so many copies."""
        self._bar = JobProgressBar(copies, "auditing", with_lines=True)
        self._bar.__enter__()

    def ended(self, size_bytes: int, is_failure: bool) -> None:
        """Count a copy that was checked."""
        if self._bar is not None:
            self._bar.advance(size_bytes, is_failure=is_failure)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)
