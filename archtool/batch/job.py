"""The jobs of a batch, and how each ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from archtool.errors import ArchtoolError, MaterialRefusedError
from archtool.exit_codes import ExitCode
from archtool.findings import Finding
from archtool.operations.describe.load_description import EmbeddedDescription

STANDARD_INPUT = Path("-")
"""The place of jobs that are read from standard input."""


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to be done with one package."""

    key: str
    """What it is called in this batch: also the path of a package below the output folder."""
    place: Path
    """The description, or the package that is there already."""
    refusal: str | None = None
    """Why it cannot even be begun: another job has the same key, say."""
    findings: tuple[Finding, ...] = ()
    """What the refusal rests on, where it is more than one sentence."""
    given: EmbeddedDescription | None = None
    """The description, where it is no file of its own."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All jobs of a batch, in an order that is the same in every run."""

    count: int
    jobs: Iterable[Job]
    """Iterated once, each job when a worker is free for it: they need not be in memory together."""
    notes: tuple[str, ...] = ()
    """What was recognised in the source that its name does not say, in words for the person who asked."""


class Ending(StrEnum):
    """How a job ended."""

    DONE = "done"
    FAILED = "failed"
    LEFT = "left"
    """Nothing had to be done: an earlier run did it, or tried it, with the same inputs."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job. It passes between processes: plain values only."""

    key: str
    ending: Ending
    exit_code: int
    """What the command for this one job would have ended with."""
    inputs: str | None = None
    """The digest of all that went into it; `None` where it was not even looked at."""
    message: str | None = None
    hint: str | None = None
    findings: tuple[Finding, ...] = ()
    verdict: Mapping[str, str] | None = None
    """The answers, where the verb gives any."""
    facts: Mapping[str, Any] | None = None
    seconds: float = 0.0
    size_bytes: int = 0

    def after(self, seconds: float) -> Outcome:
        """The same, with how long it took."""
        # `dataclasses.replace` takes three times as long, and there is one of these for each job
        return Outcome(
            self.key, self.ending, self.exit_code, self.inputs, self.message, self.hint, self.findings,
            self.verdict, self.facts, seconds, self.size_bytes,
        )  # fmt: skip

    @property
    def is_failure(self) -> bool:
        """Whether the batch has a job that is not as it should be."""
        return self.exit_code != ExitCode.DONE


def failure(key: str, error: ArchtoolError, inputs: str | None = None) -> Outcome:
    """A job that an error ended, in the error's own words."""
    findings = error.findings if isinstance(error, MaterialRefusedError) else ()
    return Outcome(key, Ending.FAILED, int(error.exit_code), inputs, error.message, error.hint, findings)


def crash(key: str, what: str, exit_code: ExitCode = ExitCode.BUG) -> Outcome:
    """A job that came to no end of its own."""
    return Outcome(key, Ending.FAILED, int(exit_code), None, what)
