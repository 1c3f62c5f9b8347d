"""What `verify` says of every bag, and of all of them at last: a line each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from archtool.exit_codes import ExitCode, worst_exit_code
from archtool.files.paths import shown
from archtool.report.numbers import counted, format_size

if TYPE_CHECKING:
    from archtool.results import Result


def format_verdict(subject: str, verdict: Mapping[str, str]) -> str:
    """The answers of `verify` on one line: three, and more where a policy or a profile was given."""
    answers = " · ".join([f"{name} {answer}" for name, answer in verdict.items()])
    return f"{shown(subject)}: {answers}"


class VerifyTotals:
    """Counts what was looked at, so that nobody needs to remember the results of a million bags."""

    def __init__(self) -> None:
        self._bags = self._files = self._bytes = 0
        self._failed = self._warnings = self._set_aside = 0
        self._codes: set[ExitCode] = set()

    @property
    def exit_code(self) -> ExitCode:
        """The worst of all."""
        return worst_exit_code(self._codes)

    def add_ordinary(self, files: int, size_bytes: int) -> None:
        """One more bag in which nothing is wrong; so many of its files were held against a digest."""
        self._bags += 1
        self._files += files
        self._bytes += size_bytes

    def add(self, result: Result) -> None:
        """One more bag."""
        checked = result.facts.get("checked", {})
        self.add_ordinary(int(checked.get("files", 0)), int(checked.get("bytes", 0)))
        self._set_aside += len(result.set_aside)
        if result.findings:  # nearly never
            self._look_at(result)

    def _look_at(self, result: Result) -> None:
        from archtool.findings import Severity

        self._codes.add(result.exit_code)
        self._failed += bool(result.exit_code)
        self._warnings += result.count(Severity.WARNING)

    def format(self, seconds: float) -> str:
        """What was looked at, counted: the last line."""
        parts = [counted(self._bags, "bag"), f"{counted(self._files, 'file')} read", format_size(self._bytes)]
        parts += [f"{self._failed} failed", counted(self._warnings, "warning")]
        parts += [f"{counted(self._set_aside, 'finding')} set aside"] if self._set_aside else []
        parts += [f"{seconds:.1f} s"]
        return " · ".join(parts)
