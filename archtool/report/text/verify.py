"""Formats the verdict of `archtool verify` for each bag, and the totals of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archtool.exit_codes import ExitCode, worst_exit_code
from archtool.files.paths import shown
from archtool.findings import Severity
from archtool.report.numbers import counted, format_size
from archtool.report.text.page import MIN_WIDTH, wrap
from archtool.report.text_repair_words import change_words
from archtool.results import Result

_REPLAYS = {
    "not-asked": "not replayed (use --replay)",
    "same": "replayed and undone, both byte for byte",
    "differs": "REPLAYED, AND IT DIFFERS",
    "not-done": "NOT replayed",
}


def format_verdict(subject: str, verdict: Mapping[str, str]) -> str:
    """Format the verdicts on one line: three, and more if a policy or a profile was given."""
    verdicts = " · ".join([f"{name} {value}" for name, value in verdict.items()])
    return f"{shown(subject)}: {verdicts}"


class VerifyTotals:
    """Adds up the results of a run, so that the results of a million bags need not stay in memory."""

    def __init__(self) -> None:
        self._bags = self._files = self._bytes = 0
        self._failed = self._warnings = self._set_aside = 0
        self._codes: set[ExitCode] = set()

    @property
    def exit_code(self) -> ExitCode:
        """The worst exit code of all bags."""
        return worst_exit_code(self._codes)

    def add(self, result: Result) -> None:
        """Add the result of one bag."""
        checked = result.facts.get("checked", {})
        self._bags += 1
        self._files += int(checked.get("files", 0))
        self._bytes += int(checked.get("bytes", 0))
        self._set_aside += len(result.set_aside)
        if result.findings:
            self._codes.add(result.exit_code)
            self._failed += bool(result.exit_code)
            self._warnings += result.count(Severity.WARNING)

    def format(self, seconds: float) -> str:
        """Return the last line: how much was checked, and how many bags failed."""
        parts = [counted(self._bags, "bag"), f"{counted(self._files, 'file')} read", format_size(self._bytes)]
        parts += [f"{self._failed} failed", counted(self._warnings, "warning")]
        parts += [f"{counted(self._set_aside, 'finding')} set aside"] if self._set_aside else []
        parts += [f"{seconds:.1f} s"]
        return " · ".join(parts)


def format_repairs(result: Result, width: int = 80) -> Iterator[str]:
    """Yield for each repaired text its original, its changes, and whether the repair was replayed."""
    for repair in result.facts.get("content", {}).get("repairs", ()):
        file, original = shown(repair["file"]), shown(repair["original"])
        text = f"{file} was repaired from {original}: {change_words(repair)}; {_REPLAYS[repair['replay']]}"
        yield from wrap(text, max(width, MIN_WIDTH), " " * 8, hanging=10)
