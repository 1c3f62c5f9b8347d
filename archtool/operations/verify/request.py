"""The request to verify a bag: which bag, how much of it, and by which rules."""

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
    from archtool.bagit.profile import Profile  # lazy: 5 ms, only --profile needs it

RESULT_SCHEMA = "archtool/verify/1"


class Depth(Enum):
    """How much of a bag is read; the value is the verdict if no error is found."""

    FULL = "valid"
    COMPLETE = "complete"
    """Every tag file is read; of the payload only names and sizes are checked."""
    FAST = "not-read"
    """Only the form of the tag files and the oxum are checked: no file is compared with a digest."""


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What to verify, and how."""

    root: Path
    at: datetime
    """Aware: the time at which keys must be valid."""
    trust: TrustRequest
    concurrency: Concurrency = field(default_factory=Concurrency)
    strict: bool = False
    second_opinion: bool = False
    depth: Depth = Depth.FULL
    selection: Selection = field(default_factory=Selection)
    limits: Limits = field(default_factory=Limits)
    """An archive beyond these limits is refused."""
    profile: Profile | None = None
    """A BagIt profile from outside the bag; it has a separate verdict."""
    sidecar: Path | None = None
    """The folder with attestations beside the bag; `None`: use the default path if it exists."""
    replays_repairs: bool = False
    """Whether the repairs of texts are replayed from their originals."""
    with_manifests: bool = False
    """Whether the facts state the digest of each manifest and tag manifest, as read for the verdicts."""
