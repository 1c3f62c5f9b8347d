"""What is asked of whoever has a file, and what comes back, however it is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

READ_BYTES = 256 * 1024  # at once: few calls, and little is lost when a run is killed


class RangeRefusedError(Exception):
    """The rest alone cannot be had: the whole must be asked for."""


@dataclass(frozen=True, slots=True)
class RangeRequest:
    """From which byte on a file is wanted; `validator` names the version that is kept a part of."""

    offset_bytes: int = 0
    validator: str | None = None


class Reply(Protocol):
    """A file on its way."""

    @property
    def offset_bytes(self) -> int:
        """Which byte of the file comes first: the one that was asked for, or 0 for the whole."""

    @property
    def total_bytes(self) -> int | None:
        """How long the whole file is said to be."""

    @property
    def validator(self) -> str | None:
        """What names this version of the file, byte for byte; `None` where nothing does."""

    @property
    def has_end(self) -> bool:
        """Whether the end of the file can be told from the end of the connection."""

    def read(self) -> bytes:
        """The next bytes; none at the end.

        Raises:
            FetchFailedError: broken off, or too slow.
            StoppedError: the run is being stopped.
        """

    def close(self) -> None:
        """Let go of the connection."""
