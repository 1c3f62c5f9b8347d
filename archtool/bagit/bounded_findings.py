"""Gathers findings, with a limit for each kind in each file.

A hostile manifest can be wrong on millions of lines; each finding takes some hundred bytes.
"""

from __future__ import annotations

from collections.abc import Iterable

from archtool.bagit import finding_kinds
from archtool.findings import Finding, FindingBound, Severity

MAX_OF_ONE_KIND = 10_000  # findings of one kind in one file; the next one only counts the rest
MAX_ERRORS = 250_000  # wrong lines in one file; after so many the rest is not read


class BoundedFindings:
    """A list of findings that stops growing; what was left out is counted and said."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._kept: list[Finding] = []
        self._bound: FindingBound | None = None  # made for the first finding: most files have none
        self._errors = 0
        self.extend(findings)

    def append(self, finding: Finding) -> None:
        """Take one more."""
        self._errors += finding.severity is Severity.ERROR
        if self._bound is None:
            self._bound = FindingBound(MAX_OF_ONE_KIND, by_file=True)
        self._kept.extend(self._bound.kept((finding,)))

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take several more."""
        for finding in findings:
            self.append(finding)

    def gives_up(self, file: str, line: int) -> bool:
        """Whether so much of a file is wrong that the lines from this one on are left unread; says so."""
        if self._errors < MAX_ERRORS:
            return False
        message = f"{self._errors:,} errors: the file was not read from this line on"
        self._kept.append(finding_kinds.TOO_MANY_ERRORS.at(message, file, line))
        return True

    def gathered(self) -> tuple[Finding, ...]:
        """What was kept, and for each kind that overflowed one finding that says by how many."""
        return (*self._kept, *self._bound.others()) if self._bound is not None else tuple(self._kept)


def bounded_by_file(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, with not too many of one kind in one file."""
    some = tuple(findings)
    return BoundedFindings(some).gathered() if some else ()
