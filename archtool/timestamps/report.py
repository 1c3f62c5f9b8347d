"""What was found out about timestamps: values only, which can be sent to another process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TimestampReport:
    """What was seen of one timestamp."""

    path: str
    at: datetime | None = None
    """The time that it says; `None` where it does not stand for the bytes at all."""
    authority: str | None = None
    """Whom the certificate in it names."""
    trusted_by: str | None = None
    """The file of roots that vouches for the authority: then, and only then, the time is proved."""
    certificates_end_at: datetime | None = None
    """When the first certificate ends, of those on the way to the root if there is one: renew before that."""
    reason: str | None = None
    """Why its time is not proved."""

    @property
    def proved_at(self) -> datetime | None:
        """The time at which the bytes were there, beyond doubt of whoever believes the roots."""
        return self.at if self.trusted_by is not None else None


@dataclass(frozen=True, slots=True)
class ProvedTime:
    """A moment at which some bytes were there already, and what proves it."""

    at: datetime
    path: str
    """The timestamp that proves it: the one beside the bytes, or one of a later attestation."""
    authority: str
    """Whose timestamp it is."""
