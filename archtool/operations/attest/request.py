"""The request to append an attestation to a package."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.attestations.chain_head import ChainHead
from archtool.attestations.signatures.cms_signing import CmsSigner
from archtool.attestations.statements.claim import EVERY_FILE, TAG_FILES_ONLY, Claim
from archtool.attestations.statements.events import CONTENT_EVENTS
from archtool.attestations.statements.writer import Signer
from archtool.files.lock import DEFAULT_WAIT_SECONDS
from archtool.files.workers.concurrency import Concurrency
from archtool.operations.trust.timestamp_client import TimestampClient


@dataclass(frozen=True, slots=True)
class AttestRequest:
    """What is claimed about which package, by which signers, and where the attestation is stored."""

    root: Path
    claim: Claim
    signers: tuple[Signer, ...]
    claimed_at: datetime
    """Aware: the time of the event, as the signers claim it."""
    now: datetime
    """Aware: the time of the check."""
    software_version: str
    timestamp_client: TimestampClient | None = None
    """Requests timestamps for the signatures; `None`: they get none."""
    sidecar: Path | None = None
    """Where to store it, if not in the package."""
    checked_scope: str = TAG_FILES_ONLY
    """How much of the package was checked, as the statement words it."""
    read_payload: bool = False
    """Whether every payload file is read first; it always is for claims about the content."""
    concurrency: Concurrency = field(default_factory=Concurrency)
    """How many processes read the payload."""
    cover_added: bool = False
    """Whether tag files that no signature covers are accepted and covered by this attestation."""
    accept_existing: bool = False
    """Whether to accept the newest attestation if it makes the same claim: a killed run can have made it."""
    wait_seconds: float = DEFAULT_WAIT_SECONDS
    """How long to wait for another run that has locked the package."""
    limits: Limits = field(default_factory=Limits)
    """An archive beyond these limits is refused."""
    cms: CmsSigner | None = None
    """An X.509 key that also signs the list, for programs that cannot check SSH signatures."""
    expected: ChainHead | None = None
    """An attestation that the package must contain; a package that lacks it is refused."""

    @property
    def must_read_payload(self) -> bool:
        """Return whether the payload must be read now: the claim rests on it, and it was not read yet."""
        is_needed = self.read_payload or self.claim.event in CONTENT_EVENTS
        return is_needed and self.checked_scope != EVERY_FILE
