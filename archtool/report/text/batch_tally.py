"""Counts the findings of a batch by kind: a person sees at once that 180 jobs have the same fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archtool.files.paths import shown
from archtool.findings import Finding, Severity
from archtool.report.numbers import counted
from archtool.report.text.batch import EndedJob
from archtool.report.text.page import MIN_WIDTH, one_line, wrap

FEW_FAILED = 3  # jobs: their findings still stand on the screen
_NO_CODE = ""  # of a job that failed without a finding
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(slots=True)
class _Kind:
    findings: int = 0
    jobs: int = 0
    position: int = -1
    first: str = ""
    """Where it occurs first, in the order of the source."""


class FindingTally:
    """The number of findings of each kind, and the first place of each in the order of the source."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[Severity, str], _Kind] = {}
        self._failed = 0
        self._has_hidden = False

    def add(self, job: EndedJob, position: int) -> None:
        """Count the findings of a job; `position` is its number in the source."""
        self._failed += job.is_failure
        self._has_hidden |= not job.is_failure and any(f.severity is Severity.WARNING for f in job.findings)
        seen = set[tuple[Severity, str]]()
        for finding in job.findings:
            name = (finding.severity, finding.code)
            self._count(name, position, _place(finding, job.key), is_new=name not in seen)
            seen.add(name)
        if job.is_failure and not job.findings:
            name = (Severity.ERROR, _NO_CODE)
            self._count(name, position, f"{job.key}: {job.message}", is_new=True)

    def _count(self, name: tuple[Severity, str], position: int, place: str, *, is_new: bool) -> None:
        kind = self._kinds.setdefault(name, _Kind())
        kind.findings += 1
        kind.jobs += is_new
        if kind.position < 0 or position < kind.position:
            kind.position, kind.first = position, place

    def format(self, width: int) -> Iterator[str]:
        """Yield a line for each kind, the most frequent errors first; nothing if the jobs' lines suffice.

        The lines of jobs do not show the warnings of those that succeeded.
        """
        if self._failed <= FEW_FAILED and not self._has_hidden:
            return
        rows = sorted(
            self._kinds.items(), key=lambda item: (_ORDER[item[0][0]], -item[1].findings, item[0][1])
        )
        digits = max(len(f"{kind.findings:,}") for _, kind in rows)
        yield ""
        yield "findings by kind:"
        for (severity, code), kind in rows:
            what = f"{severity.value} [{code}]" if code else "failed without a finding"
            where = f" in {counted(kind.jobs, 'job')}" if code and kind.jobs < kind.findings else ""
            text = one_line(f"{what}{where}, first: {kind.first}")
            yield from wrap(text, max(width, MIN_WIDTH), f"  {kind.findings:>{digits},} × ")
        yield "archtool explain CODE tells what to do about each"


def _place(finding: Finding, key: str) -> str:
    return key if finding.place is None else shown(str(finding.place))
