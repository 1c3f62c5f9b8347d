"""Collects findings, with a limit for each kind in each file.

A hostile manifest can have faults on millions of lines; each finding takes some hundred bytes.
"""

from __future__ import annotations

from collections.abc import Iterable

from archtool.bagit import finding_kinds
from archtool.bagit.limits import MAX_ERRORS, MAX_OF_ONE_KIND
from archtool.findings import Finding, FindingBound, Severity


class BoundedFindings:
    """A list of findings with a limit; findings above it are counted and reported as a number."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._kept: list[Finding] = []
        self._bound: FindingBound | None = None  # made for the first finding: most files have none
        self._errors = 0
        self.extend(findings)

    def append(self, finding: Finding) -> None:
        """Add one finding."""
        self._errors += finding.severity is Severity.ERROR
        if self._bound is None:
            self._bound = FindingBound(MAX_OF_ONE_KIND, by_file=True)
        self._kept.extend(self._bound.kept((finding,)))

    def extend(self, findings: Iterable[Finding]) -> None:
        """Add several findings."""
        for finding in findings:
            self.append(finding)

    def has_too_many_errors(self, file: str, line: int) -> bool:
        """Return whether to stop reading a file at this line, and add a finding about it if so."""
        if self._errors < MAX_ERRORS:
            return False
        message = f"{self._errors:,} errors: the file was not read from this line on"
        self._kept.append(finding_kinds.TOO_MANY_ERRORS.at(message, file, line))
        return True

    def as_tuple(self) -> tuple[Finding, ...]:
        """Return the kept findings, and for each kind above the limit one with the number of the others."""
        return (*self._kept, *self._bound.others()) if self._bound is not None else tuple(self._kept)


def bounded_by_file(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings, with a limit for each kind in each file."""
    some = tuple(findings)
    return BoundedFindings(some).as_tuple() if some else ()
