"""Gathers findings, and never more of one kind in one file than anybody could read.

A hostile manifest can be wrong on millions of lines; each finding takes some hundred bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from archtool.bag import kinds
from archtool.findings import Finding, Severity

MAX_OF_ONE_KIND = 10_000  # findings of one kind in one file; the next one only counts the rest
MAX_ERRORS = 250_000  # wrong lines in one file; after so many it is not worth anybody's time


class Sightings:
    """A list of findings that stops growing; what was left out is counted and said."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._kept: list[Finding] = []
        self._seen: Counter[tuple[str, str]] = Counter()
        self._last: dict[tuple[str, str], Finding] = {}
        self._errors = 0
        self.extend(findings)

    def append(self, finding: Finding) -> None:
        """Take one more."""
        key = finding.code, finding.place.file if finding.place else ""
        self._seen[key] += 1
        self._errors += finding.severity is Severity.ERROR
        if self._seen[key] <= MAX_OF_ONE_KIND:
            self._kept.append(finding)
        else:
            self._last[key] = finding

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take several more."""
        for finding in findings:
            self.append(finding)

    def gives_up(self, file: str, line: int) -> bool:
        """Whether so much of a file is wrong that the lines from this one on are left unread; says so."""
        if self._errors < MAX_ERRORS:
            return False
        message = f"{self._errors:,} errors: the file was not read from this line on"
        self._kept.append(kinds.TOO_MANY_ERRORS.at(message, file, line))
        return True

    def gathered(self) -> tuple[Finding, ...]:
        """What was kept, and for each kind that overflowed one finding that says by how many."""
        rest = (
            replace(last, message=f"and {self._seen[key] - MAX_OF_ONE_KIND:,} more of this kind in this file")
            for key, last in self._last.items()
        )
        return (*self._kept, *rest)


def bounded(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, with not too many of one kind in one file."""
    return Sightings(findings).gathered()
