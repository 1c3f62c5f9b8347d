"""The jobs of a batch, and the outcome of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archtool.attestations.chain_head import ChainHead
from archtool.errors import ArchtoolError, MaterialRefusedError
from archtool.exit_codes import ExitCode
from archtool.findings import Finding

if TYPE_CHECKING:  # lazy: 40 ms, only jobs with descriptions need it
    from archtool.operations.describe.load_description import EmbeddedDescription

STANDARD_INPUT = Path("-")
"""The path of jobs that are read from standard input."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a batch: one package to make, verify or attest."""

    key: str
    """The job's name in this batch, and the path of its package below the output folder."""
    path: Path
    """The description, or the existing package."""
    refusal: str | None = None
    """Why the job cannot begin, for instance because another job has the same key."""
    findings: tuple[Finding, ...] = ()
    """The findings that the refusal rests on, if one sentence is not enough."""
    hint: str | None = None
    """What the user can do about the refusal."""
    embedded: EmbeddedDescription | None = None
    """The description, if it is not a separate file."""
    expected: ChainHead | None = None
    """The attestation that the existing package must have, as the register remembers it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All jobs of a batch, in an order that is the same in every run."""

    count: int
    jobs: Iterable[Job]
    """Iterated once. A job is made when a worker is free for it, so the jobs need not be in memory together.
    """
    notes: tuple[str, ...] = ()
    """Facts about the source that its name does not show, as text for the user."""


class Ending(StrEnum):
    """How a job ended."""

    DONE = "done"
    FAILED = "failed"
    LEFT = "left"
    """Nothing had to be done: an earlier run did or tried the job with the same inputs."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one job. It passes between processes, so it holds plain values only."""

    key: str
    ending: Ending
    exit_code: int
    """The exit code that the command for this one package would have had."""
    inputs: str | None = None
    """The digest of everything that went into the job; `None` if the inputs were not read."""
    message: str | None = None
    hint: str | None = None
    findings: tuple[Finding, ...] = ()
    verdict: Mapping[str, str] | None = None
    """The answers of the verb, if it returns any."""
    facts: Mapping[str, Any] | None = None
    seconds: float = 0.0
    size_bytes: int = 0
    position: int = 0
    """The number of the job in the plan, from 0: outcomes are ready in another order."""
    source: str | None = None
    """Where the job came from, if it made a package: the path of its table or description."""

    def with_seconds(self, seconds: float) -> Outcome:
        """Return a copy of the outcome with the duration of the job."""
        # `dataclasses.replace` takes three times as long, and this runs once for each job
        return Outcome(
            self.key, self.ending, self.exit_code, self.inputs, self.message, self.hint, self.findings,
            self.verdict, self.facts, seconds, self.size_bytes, self.position, self.source,
        )  # fmt: skip

    def at_position(self, position: int) -> Outcome:
        """Return a copy of the outcome with the position of the job in the plan."""
        return Outcome(
            self.key, self.ending, self.exit_code, self.inputs, self.message, self.hint, self.findings,
            self.verdict, self.facts, self.seconds, self.size_bytes, position, self.source,
        )  # fmt: skip

    @property
    def is_failure(self) -> bool:
        """Whether the job failed."""
        return self.exit_code != ExitCode.DONE


def failed_outcome(key: str, error: ArchtoolError, inputs: str | None = None) -> Outcome:
    """Return the outcome of a job that ended with an error, with the error's message, hint and findings."""
    findings = error.findings if isinstance(error, MaterialRefusedError) else ()
    return Outcome(key, Ending.FAILED, int(error.exit_code), inputs, error.message, error.hint, findings)


def crash_outcome(key: str, message: str, exit_code: ExitCode = ExitCode.BUG) -> Outcome:
    """Return the outcome of a job that crashed, hung or was killed."""
    return Outcome(key, Ending.FAILED, int(exit_code), None, message)
