"""Verifies each package of a batch, as `archtool verify` does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from archtool.archives.limits import Limits
from archtool.batch.job import Ending, Job, Outcome
from archtool.batch.journal.skip_unchanged import inputs_digest, unchanged_outcome
from archtool.batch.journal.state import KnownJob
from archtool.operations.trust.trust_request import TrustRequest
from archtool.operations.verify.request import Depth
from archtool.operations.verify.verify import VerifyRequest, verify


@dataclass(frozen=True, slots=True)
class VerifyTask:
    """Verifies each package and changes none."""

    at: datetime
    """Aware: the time at which keys must be valid."""
    trust: TrustRequest
    options: str
    """All options and trust files that decide the result, as one line of text."""
    depth: Depth = Depth.FULL
    limits: Limits = field(default_factory=Limits)
    strict: bool = False
    retry_failed: bool = False
    replays_repairs: bool = False
    """Whether the repairs of texts are replayed from their originals."""

    def prepare(self) -> None:
        """See `Task`: a verification has nothing to load in advance."""

    def records_begin(self, job: Job, known: KnownJob | None) -> bool:
        """See `Task`: a verification leaves no files behind."""
        del job, known
        return False

    def remove_leftovers(self, key: str) -> None:
        """See `Task`."""

    def __call__(self, job: Job, known: KnownJob | None) -> Outcome:
        """See `Task`."""
        trust, options = self.trust, self.options
        if job.expected is not None:
            trust = replace(trust, expected=job.expected)
            options = f"{options}\n{job.expected}"
        inputs = inputs_digest(options, job.path)
        unchanged = unchanged_outcome(job, known, inputs, retry_failed=self.retry_failed)
        if unchanged is not None:
            return unchanged
        request = VerifyRequest(
            job.path, self.at, trust, strict=self.strict, depth=self.depth, limits=self.limits,
            replays_repairs=self.replays_repairs,
        )  # fmt: skip
        result = verify(request)
        code = int(result.exit_code)
        return Outcome(
            job.key, Ending.FAILED if code else Ending.DONE, code, inputs,
            findings=result.findings, verdict=result.verdict, facts=result.facts,
            size_bytes=int(result.facts.get("checked", {}).get("bytes", 0)),
        )  # fmt: skip
