"""Appends the same claim to each package, as `attest` does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.archives.limits import Limits
from archtool.attestations.statements.claim import Claim
from archtool.attestations.statements.writer import Signer
from archtool.batch.job import Ending, Job, Outcome, failure
from archtool.batch.journal.skip_unchanged import inputs_digest, left_as_it_was
from archtool.batch.journal.state import Known
from archtool.canonical_json import format_json_line
from archtool.errors import ArchtoolError
from archtool.files.lock import DEFAULT_WAIT_SECONDS
from archtool.files.writing.staging import clear_leftovers
from archtool.operations.attest.attest import attest, check_attestable
from archtool.operations.attest.request import AttestRequest

if TYPE_CHECKING:
    from archtool.attestations.signatures.cms_signing import CmsSigner
    from archtool.operations.trust.timestamp_client import TimestampClient


@dataclass(frozen=True, slots=True)
class AttestEach:
    """Appends one attestation to each package. A package that is not as it must be is one failed job."""

    source: Path
    """Below which the keys of the jobs are paths."""
    claim: Claim
    signers: tuple[Signer, ...]
    claimed_at: datetime
    """Aware: the one date of all these attestations, in later runs too."""
    now: datetime
    """Aware: the moment of looking."""
    software_version: str
    cms: CmsSigner | None = None
    """Whose X.509 key signs too."""
    timestamp_client: TimestampClient | None = None
    """Who gives timestamps of the signatures."""
    cover_added: bool = False
    read_payload: bool = False
    """Whether every payload file is read first; for claims about the content it always is."""
    wait_seconds: float = DEFAULT_WAIT_SECONDS
    """How long to wait for a package that somebody else holds."""
    limits: Limits = field(default_factory=Limits)
    retry_failed: bool = False
    check_only: bool = False
    """Look whether it could be done, and write nothing."""

    def prepare(self) -> None:
        """See `Verb`: it is little."""

    def begins(self, job: Job, known: Known | None) -> bool:
        """See `Verb`: whether the attestation that is there is ours, the next run must ask."""
        return left_as_it_was(job, known, self._inputs(), retry_failed=self.retry_failed) is None

    def clear_after(self, key: str) -> None:
        """See `Verb`."""
        clear_leftovers(self.source / key)

    def __call__(self, job: Job, known: Known | None) -> Outcome:
        """See `Verb`."""
        inputs = self._inputs()
        settled = left_as_it_was(job, known, inputs, retry_failed=self.retry_failed)
        if settled is not None:
            return settled
        request = AttestRequest(
            root=job.place, claim=self.claim, signers=self.signers, claimed_at=self.claimed_at, now=self.now,
            software_version=self.software_version, cover_added=self.cover_added,
            read_payload=self.read_payload, cms=self.cms, timestamp_client=self.timestamp_client,
            wait_seconds=self.wait_seconds, limits=self.limits,
            accept_existing=known is not None and (known.was_cut_off or known.is_begun),
        )  # fmt: skip
        try:
            if self.check_only:
                return Outcome(job.key, Ending.DONE, 0, inputs, findings=check_attestable(request))
            result = attest(request, lambda _: None)
        except ArchtoolError as error:
            return failure(job.key, error, inputs)
        return Outcome(job.key, Ending.DONE, 0, inputs, findings=result.findings, facts=result.facts)

    def _inputs(self) -> str:
        """What is claimed and by whom: the package itself has changed once it is claimed.

        A timestamp is no part of it: what was attested without one is not attested twice.
        """
        signers = [[signer.principal, signer.key.public.fingerprint] for signer in self.signers]
        claim = [self.claim.event, self.claim.note, dict(self.claim.details)]
        institution = [] if self.cms is None else [self.cms.fingerprint]
        return inputs_digest(format_json_line([claim, signers, self.claimed_at.isoformat(), *institution]))
