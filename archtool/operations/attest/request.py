"""What to append to which package: the words that the command line and the operations share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.attestations.signatures.cms_signing import CmsSigner
from archtool.attestations.statements.claim import EVERY_FILE, TAG_FILES_ONLY, Claim
from archtool.attestations.statements.events import CONTENT_EVENTS
from archtool.attestations.statements.writer import Signer
from archtool.files.lock import DEFAULT_WAIT_SECONDS
from archtool.files.workers.concurrency import Concurrency
from archtool.operations.trust.timestamp_client import TimestampClient


@dataclass(frozen=True, slots=True)
class AttestRequest:
    """What is claimed of which package, by whom, and where it is kept."""

    root: Path
    claim: Claim
    signers: tuple[Signer, ...]
    claimed_at: datetime
    """Aware: when the signers say it happened."""
    now: datetime
    """Aware: the moment of looking."""
    software_version: str
    timestamp_client: TimestampClient | None = None
    """Who gives timestamps for the signatures; without one they have none."""
    sidecar: Path | None = None
    """Where to put it if not into the package."""
    looked_at: str = TAG_FILES_ONLY
    """How much of the package was looked at, for the statement."""
    read_payload: bool = False
    """Whether every payload file is read first; for claims about the content it always is."""
    concurrency: Concurrency = field(default_factory=Concurrency)
    """How many processes read the payload."""
    cover_added: bool = False
    """Whether tag files that no signature stands for are taken in."""
    may_be_done: bool = False
    """Whether a run that was killed may have made this very attestation: then it is not made again."""
    wait_seconds: float = DEFAULT_WAIT_SECONDS
    limits: Limits = field(default_factory=Limits)
    """How far an archive may go before it is refused."""
    cms: CmsSigner | None = None
    """Whose X.509 key signs the list too, for programs that know nothing of SSH."""

    @property
    def must_read_payload(self) -> bool:
        """Whether the payload must be read now: the claim rests on it, and it was not read yet."""
        is_wanted = self.read_payload or self.claim.event in CONTENT_EVENTS
        return is_wanted and self.looked_at != EVERY_FILE
