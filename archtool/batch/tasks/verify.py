"""Verifies each package, as `verify` does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from archtool.archives.limits import Limits
from archtool.batch.job import Ending, Job, Outcome
from archtool.batch.journal.skip_unchanged import inputs_digest, left_as_it_was
from archtool.batch.journal.state import Known
from archtool.operations.trust.trust_request import TrustRequest
from archtool.operations.verify.request import Depth
from archtool.operations.verify.verify import VerifyRequest, verify


@dataclass(frozen=True, slots=True)
class VerifyEach:
    """Verifies each package; none is changed."""

    at: datetime
    """Aware: the moment that keys must be valid at."""
    trust: TrustRequest
    asked: str
    """Everything that decides what is looked at and who is believed, in one line."""
    depth: Depth = Depth.FULL
    limits: Limits = field(default_factory=Limits)
    strict: bool = False
    retry_failed: bool = False

    def prepare(self) -> None:
        """See `Verb`: a look at one package has all that it needs at hand."""

    def begins(self, job: Job, known: Known | None) -> bool:
        """See `Verb`: a look leaves nothing behind."""
        del job, known
        return False

    def clear_after(self, key: str) -> None:
        """See `Verb`."""

    def __call__(self, job: Job, known: Known | None) -> Outcome:
        """See `Verb`."""
        inputs = inputs_digest(self.asked, job.place)
        settled = left_as_it_was(job, known, inputs, retry_failed=self.retry_failed)
        if settled is not None:
            return settled
        request = VerifyRequest(
            job.place, self.at, self.trust, strict=self.strict, depth=self.depth, limits=self.limits
        )
        seen = verify(request)
        code = int(seen.exit_code)
        return Outcome(
            job.key, Ending.FAILED if code else Ending.DONE, code, inputs,
            findings=seen.findings, verdict=seen.verdict, facts=seen.facts,
            size_bytes=int(seen.facts.get("checked", {}).get("bytes", 0)),
        )  # fmt: skip
