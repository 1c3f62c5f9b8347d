"""Which findings a caller wants to hear of. Verdicts are made from all of them, whatever was chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archtool.findings import Finding


@dataclass(frozen=True, slots=True)
class Selection:
    """Codes, or families of codes (`fixity` for all that begin with `fixity.`)."""

    only: frozenset[str] = frozenset()
    """Nothing but these; all, where none is named."""
    ignore: frozenset[str] = frozenset()

    def divide(self, findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """The findings to report, and those to set aside."""
        kept: list[Finding] = []
        set_aside: list[Finding] = []
        for finding in findings:
            (kept if self._wants(finding.code) else set_aside).append(finding)
        return tuple(kept), tuple(set_aside)

    def _wants(self, code: str) -> bool:
        names = {code, code.partition(".")[0]}
        return not names & self.ignore and (not self.only or bool(names & self.only))
