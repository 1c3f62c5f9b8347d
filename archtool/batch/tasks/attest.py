"""Appends the same claim to each package of a batch, as `archtool attest` does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.attestations.signatures.cms_signing import CmsSigner
from archtool.attestations.statements.claim import Claim
from archtool.attestations.statements.writer import Signer
from archtool.batch.job import Ending, Job, Outcome, failed_outcome
from archtool.batch.journal.skip_unchanged import inputs_digest, unchanged_outcome
from archtool.batch.journal.state import KnownJob
from archtool.canonical_json import format_json_line
from archtool.errors import ArchtoolError
from archtool.files.lock import DEFAULT_WAIT_SECONDS
from archtool.files.writing.leftovers import clear_leftovers
from archtool.operations.attest.attest import attest, check_attestable
from archtool.operations.attest.request import AttestRequest
from archtool.operations.trust.timestamp_client import TimestampClient


@dataclass(frozen=True, slots=True)
class AttestTask:
    """Appends one attestation to each package. A package with errors is one failed job."""

    source: Path
    """The folder that the keys of the jobs are relative to."""
    claim: Claim
    signers: tuple[Signer, ...]
    claimed_at: datetime
    """Aware: the date of all these attestations, in later runs also."""
    now: datetime
    """Aware: the time of the check."""
    software_version: str
    cms: CmsSigner | None = None
    """The X.509 key that signs in addition."""
    timestamp_client: TimestampClient | None = None
    """The client of the authority that timestamps the signatures."""
    cover_added: bool = False
    read_payload: bool = False
    """Whether every payload file is read first; claims about the content always read it."""
    wait_seconds: float = DEFAULT_WAIT_SECONDS
    """How long to wait for a package that another process has locked."""
    limits: Limits = field(default_factory=Limits)
    retry_failed: bool = False
    check_only: bool = False
    """Check whether the attestation is possible, and write nothing."""

    def prepare(self) -> None:
        """See `Task`: there is little to load."""

    def records_begin(self, job: Job, known: KnownJob | None) -> bool:
        """See `Task`: the next run must check whether an attestation in the package is one of this batch."""
        return unchanged_outcome(job, known, self._inputs(), retry_failed=self.retry_failed) is None

    def remove_leftovers(self, key: str) -> None:
        """See `Task`."""
        clear_leftovers(self.source / key)

    def __call__(self, job: Job, known: KnownJob | None) -> Outcome:
        """See `Task`."""
        inputs = self._inputs()
        unchanged = unchanged_outcome(job, known, inputs, retry_failed=self.retry_failed)
        if unchanged is not None:
            return unchanged
        request = AttestRequest(
            root=job.path, claim=self.claim, signers=self.signers, claimed_at=self.claimed_at, now=self.now,
            software_version=self.software_version, cover_added=self.cover_added,
            read_payload=self.read_payload, cms=self.cms, timestamp_client=self.timestamp_client,
            wait_seconds=self.wait_seconds, limits=self.limits,
            accept_existing=_can_have_made_it(known),
            expected=job.expected,
        )  # fmt: skip
        try:
            if self.check_only:
                return Outcome(job.key, Ending.DONE, 0, inputs, findings=check_attestable(request))
            result = attest(request, lambda _: None)
        except ArchtoolError as error:
            return failed_outcome(job.key, error, inputs)
        return Outcome(job.key, Ending.DONE, 0, inputs, findings=result.findings, facts=result.facts)

    def _inputs(self) -> str:
        """Return the digest of the claim and its signers. The package itself changes when the claim is added.

        A timestamp is not included: a package attested without one is not attested again.
        """
        signers = [[signer.principal, signer.key.public.fingerprint] for signer in self.signers]
        claim = [self.claim.event, self.claim.note, dict(self.claim.details)]
        institution = [] if self.cms is None else [self.cms.fingerprint]
        return inputs_digest(format_json_line([claim, signers, self.claimed_at.isoformat(), *institution]))


def _can_have_made_it(known: KnownJob | None) -> bool:
    """Whether an earlier attempt can have left the attestation; a register that failed leaves it complete."""
    return known is not None and (known.was_interrupted or known.is_begun or known.is_transient_failure)
