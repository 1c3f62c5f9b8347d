"""The job of an audit: some small copies, or a large one; they are checked and changed in no way.

Small copies share a job, so that passing them to a process costs little.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archtool.batch.job import Ending, Job, Outcome
from archtool.batch.journal.state import KnownJob
from archtool.exit_codes import ExitCode
from archtool.holdings.lookup.absence import Absence
from archtool.operations.audit.check_copy import CheckRules, CopyCheck, ExpectedCopy, check_copy


@dataclass(frozen=True, slots=True)
class AuditJob(Job):
    """Some copies to check. Its key is the place of the first."""

    copies: tuple[tuple[Path, ExpectedCopy], ...] = ()
    """Where each copy is on this machine, and what the register knows about it."""


@dataclass(frozen=True, slots=True)
class AuditTask:
    """Checks each copy. Implements `Task`."""

    rules: CheckRules

    def prepare(self) -> None:
        """See `Task`: what every process needs is imported with this module."""

    def records_begin(self, job: Job, known: KnownJob | None) -> bool:
        """See `Task`: a check leaves no files behind."""
        del job, known
        return False

    def remove_leftovers(self, key: str) -> None:
        """See `Task`."""

    def __call__(self, job: Job, known: KnownJob | None) -> Outcome:
        """See `Task`. The facts are one object for each copy, in their order."""
        del known
        assert isinstance(job, AuditJob)  # noqa: S101 - made by `run`
        checks = [check_copy(path, expected, self.rules) for path, expected in job.copies]
        is_failure = not all(check.is_in_order for check in checks)
        return Outcome(
            job.key,
            Ending.FAILED if is_failure else Ending.DONE,
            int(ExitCode.PROBLEMS_FOUND if is_failure else ExitCode.DONE),
            facts={"checks": [_plain(check) for check in checks]},
            size_bytes=sum(check.detail["bytes"] for check in checks),
        )


def _plain(check: CopyCheck) -> Mapping[str, Any]:
    """Return a check as plain values: they pass between processes and machines."""
    absent = {} if check.absence is None else _absence(check.absence)
    return {"detail": check.detail, "is_in_order": check.is_in_order, **absent}


def _absence(absence: Absence) -> Mapping[str, Any]:
    return {"is_absent": True, "shelf": absence.shelf, "is_closed": absence.is_closed}
