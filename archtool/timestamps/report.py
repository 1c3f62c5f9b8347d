"""The results of checking timestamps: plain values that can be sent to another process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TimestampReport:
    """The result of checking one timestamp."""

    path: str
    at: datetime | None = None
    """The time in it; `None` if it does not cover the given bytes or was changed."""
    authority: str | None = None
    """The subject of the certificate in it."""
    trusted_by: str | None = None
    """The file of roots that the authority leads to; only then is the time proved."""
    certificates_end_at: datetime | None = None
    """The earliest end of a certificate on the path to the root, else that of the signer's certificate."""
    reason: str | None = None
    """The reason why its time is not proved."""

    @property
    def proved_at(self) -> datetime | None:
        """The time at which the bytes existed, if the authority leads to a trusted root; else `None`."""
        return self.at if self.trusted_by is not None else None


@dataclass(frozen=True, slots=True)
class ProvedTime:
    """A time at which bytes are proved to have existed, and the proof."""

    at: datetime
    path: str
    """The file that proves it: a signature's own timestamp, that of a later attestation, or a record."""
    authority: str
    """The authority of the timestamp."""
