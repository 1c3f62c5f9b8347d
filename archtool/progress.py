"""Defines the interface through which long tasks report progress; `archtool.cli` draws it."""

from __future__ import annotations

from typing import Protocol

from archtool.findings import Finding


class Meter(Protocol):
    """Counts bytes while they are read: inside a large file, and in worker processes too."""

    def add(self, size_bytes: int) -> None:
        """Count bytes that this process has read."""

    def update(self, data: memoryview, /) -> None:
        """Count bytes that are passed to this meter as to a sink."""

    def tick(self) -> None:
        """Show the count; called now and then by a process that waits for its workers."""


class Progress(Protocol):
    """Receives the progress of a task in bytes."""

    @property
    def meter(self) -> Meter | None:
        """The meter that readers call for each block; `None` if no progress is shown."""

    def start(self, label: str, total_bytes: int | None) -> None:
        """Begin a stage of the task; a total of `None` is not known yet."""

    def advance(self, size_bytes: int) -> None:
        """Add the given number of bytes that are done."""

    def report(self, finding: Finding) -> None:
        """Show a problem as soon as it is found; the final result contains it again, in full."""

    def finish(self) -> None:
        """End the stage."""


class NoProgress:
    """Shows nothing; for scripts, tests and pipes."""

    meter = None

    def start(self, label: str, total_bytes: int | None) -> None:
        """Do nothing."""

    def advance(self, size_bytes: int) -> None:
        """Do nothing."""

    def report(self, finding: Finding) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""
