"""What to verify and how, and how much of it: the words that the command line and the operations share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.archives.limits import Limits
from archtool.files.workers.concurrency import Concurrency
from archtool.operations.trust.trust_request import TrustRequest
from archtool.operations.verify.selection import Selection

if TYPE_CHECKING:
    from archtool.bagit.profile import Profile

RESULT_SCHEMA = "archtool/verify/1"


class Depth(Enum):
    """How much of a bag is read; the value is the verdict on a bag in which nothing wrong was seen."""

    FULL = "valid"
    COMPLETE = "complete"
    """Presence and sizes of the payload; every tag file is read, and no payload."""
    FAST = "not-read"
    """The form of the tag files and the oxum: no file is held against a digest."""


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What to look at, and how."""

    root: Path
    at: datetime
    """Aware: the moment that keys must be valid at."""
    trust: TrustRequest
    concurrency: Concurrency = field(default_factory=Concurrency)
    strict: bool = False
    second_opinion: bool = False
    depth: Depth = Depth.FULL
    selection: Selection = field(default_factory=Selection)
    limits: Limits = field(default_factory=Limits)
    """How far an archive may go before it is refused."""
    profile: Profile | None = None
    """Somebody's rules for bags, given from outside; they have a verdict of their own."""
    sidecar: Path | None = None
    """Where attestations lie beside the bag, if not where they are looked for."""
