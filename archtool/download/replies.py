"""The request for a file and the reply, independent of the transport."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

READ_BYTES = 256 * 1024  # per read: few calls, and little is lost if a run is killed


class RangeRefusedError(Exception):
    """The server does not send the requested part: the whole file must be requested."""


@dataclass(frozen=True, slots=True)
class RangeRequest:
    """The first byte to send; `validator` identifies the version of the file that the kept part is from."""

    offset_bytes: int = 0
    validator: str | None = None


class Reply(Protocol):
    """A file that is being received."""

    @property
    def offset_bytes(self) -> int:
        """The offset of the first byte sent: the requested one, or 0 for the whole file."""

    @property
    def total_bytes(self) -> int | None:
        """The announced length of the whole file; `None` without one."""

    @property
    def validator(self) -> str | None:
        """A text that identifies this exact version of the file; `None` if there is none."""

    @property
    def has_end(self) -> bool:
        """Whether the transport marks the end of the file, apart from closing the connection."""

    def read(self) -> bytes:
        """Return the next bytes; `b""` at the end.

        Raises:
            FetchFailedError: the connection broke or is too slow.
            StoppedError: the run is being stopped.
        """

    def close(self) -> None:
        """Close the connection."""
