"""Defines `Result`: what a command found about one subject; text, JSON and batch lines are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archtool.exit_codes import ExitCode
from archtool.findings import Finding, Severity, exit_code_of


@dataclass(frozen=True, slots=True)
class Result:
    """The result for one subject. `facts` contains only JSON values: scripts get it unchanged."""

    schema: str
    """Name and version of the format of `facts`, for instance `archtool/verify/1`."""
    subject: str
    """The subject, as it was named on the command line."""
    findings: tuple[Finding, ...] = ()
    verdict: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    strict: bool = False
    """Whether warnings count as problems."""
    set_aside: tuple[Finding, ...] = ()
    """Findings that the caller chose to ignore: they affect verdicts, not the exit code."""

    def __reduce__(self) -> tuple[type[Result], tuple[Any, ...]]:
        """Pickle the fields in order; the default of a dataclass is slower, for each value."""
        return Result, (
            self.schema, self.subject, self.findings, self.verdict, self.facts, self.strict, self.set_aside,
        )  # fmt: skip

    @property
    def exit_code(self) -> ExitCode:
        """The exit code that this result causes."""
        return exit_code_of(self.findings, strict=self.strict)

    def count(self, severity: Severity) -> int:
        """Return how many findings have the given severity."""
        return sum(1 for finding in self.findings if finding.severity is severity)
