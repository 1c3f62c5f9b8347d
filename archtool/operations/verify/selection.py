"""Selects the findings that a result reports. Verdicts always rest on all findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archtool.findings import Finding


@dataclass(frozen=True, slots=True)
class Selection:
    """Codes of findings to report, or families of codes (`fixity` means all that begin with `fixity.`)."""

    only: frozenset[str] = frozenset()
    """Report only these; if empty, report all."""
    ignore: frozenset[str] = frozenset()
    """Do not report these."""

    def divide(self, findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """Return the findings to report, and the others."""
        kept: list[Finding] = []
        set_aside: list[Finding] = []
        for finding in findings:
            (kept if self._is_selected(finding.code) else set_aside).append(finding)
        return tuple(kept), tuple(set_aside)

    def _is_selected(self, code: str) -> bool:
        names = {code, code.partition(".")[0]}
        return not names & self.ignore and (not self.only or bool(names & self.only))
