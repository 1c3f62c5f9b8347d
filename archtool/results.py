"""What a command found about one subject: the one shape that text, JSON and batch lines are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archtool.exit_codes import ExitCode
from archtool.findings import Finding, Severity, exit_code_of


@dataclass(frozen=True, slots=True)
class Result:
    """One subject, looked at. `facts` holds only what JSON can: it is shown to scripts as it is."""

    schema: str
    """Name and version of the shape of `facts`, for instance `archtool/verify/1`."""
    subject: str
    """What was looked at, as it was named on the command line."""
    findings: tuple[Finding, ...] = ()
    verdict: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    strict: bool = False
    """Whether warnings count as problems."""
    set_aside: tuple[Finding, ...] = ()
    """Findings that the caller asked not to hear of: they decide verdicts, not the exit code."""

    def __reduce__(self) -> tuple[type[Result], tuple[Any, ...]]:
        """How it passes between processes: a dataclass's own way looks up its fields for each value anew."""
        return Result, (
            self.schema, self.subject, self.findings, self.verdict, self.facts, self.strict, self.set_aside,
        )  # fmt: skip

    @property
    def exit_code(self) -> ExitCode:
        """What the command ends with because of this subject."""
        return exit_code_of(self.findings, strict=self.strict)

    def count(self, severity: Severity) -> int:
        """How many findings weigh so much."""
        return sum(1 for finding in self.findings if finding.severity is severity)
