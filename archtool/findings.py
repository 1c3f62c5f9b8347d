"""Defines findings: coded observations about a package, a description or a signature.

A `Kind` is the stable part (code, severity, clause) and is declared once, in a `finding_kinds` module of the
package that can detect it. A `Finding` is one occurrence of a kind, with its place and a message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from archtool.exit_codes import ExitCode, worst_exit_code

MAX_MESSAGE_CHARACTERS = (
    1_000  # a longer message quotes the input; some paths have several hundred characters
)
MAX_OF_ONE_CODE = 100_000  # findings of one code: each takes some hundred bytes of memory
MAX_OF_ONE_CODE_IN_CONTENT = 1_000  # findings of one code about the content of one small file
_LEFT_OUT = " […] "


class Severity(Enum):
    """How serious a finding is: ERROR violates a MUST, WARNING violates a SHOULD, NOTE is information."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding applies: in a text, or in a cell of a table; all numbers count from 1."""

    file: str
    line: int | None = None
    column: int | None = None
    """The character in a line of text, or the cell in a row of a table."""
    sheet: str | None = None
    """The sheet of a workbook."""
    row: int | None = None
    """The row of a table, as a spreadsheet counts: the row with the column names is 1."""
    column_name: str | None = None
    """The name of the column in the table."""

    def __str__(self) -> str:
        if self.row is None:
            return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        parts = [self.file, self.sheet and f"sheet {self.sheet}", f"row {self.row}", self._column_text()]
        return ", ".join(part for part in parts if part)

    def _column_text(self) -> str | None:
        if self.column_name is None:
            return None if self.column is None else f"column {self.column}"
        return f"column {self.column_name}"


def clip(text: str, max_characters: int = MAX_MESSAGE_CHARACTERS) -> str:
    """Shorten a text in the middle: the beginning and the end of a message explain it."""
    if len(text) <= max_characters:
        return text
    kept = max_characters - len(_LEFT_OUT)
    return f"{text[: kept - kept // 3]}{_LEFT_OUT}{text[-(kept // 3) :]}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One occurrence of a kind, complete in itself: it can be printed, written as JSON or sent to a process.

    Messages quote values from the input, which can have any length: message and hint are clipped to
    `MAX_MESSAGE_CHARACTERS`.
    """

    code: str
    severity: Severity
    message: str
    place: Place | None = None
    hint: str | None = None
    clause: str | None = None
    error_exit_code: ExitCode = ExitCode.PROBLEMS_FOUND
    expected: str | None = None
    """The digest that a manifest lists, in full, where the message abbreviates it."""
    observed: str | None = None
    """The digest that was found, in full."""

    def __post_init__(self) -> None:
        if len(self.message) > MAX_MESSAGE_CHARACTERS:
            object.__setattr__(self, "message", clip(self.message))
        if self.hint is not None and len(self.hint) > MAX_MESSAGE_CHARACTERS:
            object.__setattr__(self, "hint", clip(self.hint))

    @property
    def exit_code(self) -> ExitCode:
        """The exit code that this finding causes; warnings and notes cause none."""
        return self.error_exit_code if self.severity is Severity.ERROR else ExitCode.DONE


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding, declared once.

    `code` never changes: scripts rely on it. `summary` is one sentence, `advice` is the general remedy,
    `clause` is the source of the rule. `exit_code` is the exit code of a command that finds an ERROR of
    this kind.
    """

    code: str
    severity: Severity
    summary: str
    advice: str
    clause: str | None = None
    exit_code: ExitCode = ExitCode.PROBLEMS_FOUND

    def at(
        self,
        message: str,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        *,
        hint: str | None = None,
    ) -> Finding:
        """Return a finding of this kind at a place; `hint` replaces the general advice."""
        place = None if file is None else Place(file, line, column)
        return Finding(
            self.code, self.severity, message, place, hint or self.advice, self.clause, self.exit_code
        )


class FindingBound:
    """Keeps `limit` findings of each code, or of each code in each file, and counts the others."""

    def __init__(
        self, limit: int = MAX_OF_ONE_CODE, *, by_file: bool = False, listed_in: str | None = None
    ) -> None:
        self._limit = limit
        self._is_by_file = by_file
        self._listed_in = listed_in
        self._counts: Counter[tuple[str, str]] = Counter()
        self._last: dict[tuple[str, str], Finding] = {}

    def _key(self, finding: Finding) -> tuple[str, str]:
        if self._is_by_file and finding.place is not None:
            return finding.code, finding.place.file
        return finding.code, ""

    def kept(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings that are within the limit."""
        for finding in findings:
            key = self._key(finding)
            self._counts[key] += 1
            if self._counts[key] <= self._limit:
                yield finding
            else:
                self._last[key] = finding

    def others(self) -> Iterator[Finding]:
        """Yield one finding for each code above the limit, which states how many were left out."""
        for key, finding in self._last.items():
            message = f"and {self._counts[key] - self._limit:,} more of this kind"
            if self._is_by_file:
                yield replace(finding, message=f"{message} in this file")
            elif self._listed_in is not None:
                yield replace(finding, message=f"{message}: {self._listed_in} list them", place=None)
            else:
                yield replace(finding, message=message, place=None, hint=None)


def bounded(
    findings: Iterable[Finding], limit: int = MAX_OF_ONE_CODE, *, listed_in: str | None = None
) -> Iterator[Finding]:
    """Yield at most `limit` findings of each code, then one per code that states how many were left out.

    `listed_in` names where all of them are listed, in the plural: `the facts of --json`.
    """
    bound = FindingBound(limit, listed_in=listed_in)
    yield from bound.kept(findings)
    yield from bound.others()


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of the findings is an error."""
    return any(f.severity is Severity.ERROR for f in findings)


def exit_code_of(findings: Iterable[Finding], *, strict: bool = False) -> ExitCode:
    """Return the exit code that these findings cause; `strict` counts warnings as problems."""
    codes = []
    for finding in findings:
        codes.append(finding.exit_code)
        if strict and finding.severity is Severity.WARNING:
            codes.append(ExitCode.PROBLEMS_FOUND)
    return worst_exit_code(codes)


def in_reading_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings sorted by place, so that two runs over the same input print the same lines."""

    def key(finding: Finding) -> tuple[str, str, int, int, str, str]:
        place = finding.place or Place("")
        line = place.line or place.row or 0
        return (place.file, place.sheet or "", line, place.column or 0, finding.code, finding.message)

    return tuple(sorted(findings, key=key))
