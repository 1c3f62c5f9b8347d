"""Findings: what a package, a description or a signature is like.

A `Kind` is the lasting part (code, severity, clause) and is declared once, in the `kinds` module of the
room that can see it; a `Finding` is one sighting of it, at a place, in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from archtool.exit_codes import ExitCode, worst_exit_code

MAX_MESSAGE_CHARACTERS = 1_000  # a longer message is a quotation; some paths have several hundred characters
MAX_OF_ONE_CODE = 100_000  # findings of one code: each takes some hundred bytes, and a script reads them
MAX_CLAIMED = 1_000  # findings of one code about the content of one small file: more are no help
_LEFT_OUT = " […] "


class Severity(Enum):
    """How much a finding weighs: ERROR answers a MUST, WARNING a SHOULD, NOTE is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was seen: in a text, or in a cell of a table; all numbers count from 1."""

    file: str
    line: int | None = None
    column: int | None = None
    """In a line the character, in a table the cell of the row."""
    sheet: str | None = None
    """Of a workbook the sheet."""
    row: int | None = None
    """The row of a table, as a spreadsheet counts them: the one with the names of the columns is 1."""
    column_name: str | None = None
    """What the table calls that column."""

    def __str__(self) -> str:
        if self.row is None:
            return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        parts = [self.file, self.sheet and f"sheet {self.sheet}", f"row {self.row}", self._column_words()]
        return ", ".join(part for part in parts if part)

    def _column_words(self) -> str | None:
        if self.column_name is None:
            return None if self.column is None else f"column {self.column}"
        return f"column {self.column_name}"


def clip(text: str, most: int = MAX_MESSAGE_CHARACTERS) -> str:
    """Shorten a text in its middle: what begins and ends a message is what explains it."""
    if len(text) <= most:
        return text
    kept = most - len(_LEFT_OUT)
    return f"{text[: kept - kept // 3]}{_LEFT_OUT}{text[-(kept // 3) :]}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sighting, complete in itself: it can be printed, put in JSON or sent to another process.

    A message quotes values of the material, which may be of any length: a longer one is clipped here, where
    all findings pass.
    """

    code: str
    severity: Severity
    message: str
    place: Place | None = None
    hint: str | None = None
    clause: str | None = None
    error_exit_code: ExitCode = ExitCode.PROBLEMS_FOUND

    def __post_init__(self) -> None:
        if len(self.message) > MAX_MESSAGE_CHARACTERS:
            object.__setattr__(self, "message", clip(self.message))
        if self.hint is not None and len(self.hint) > MAX_MESSAGE_CHARACTERS:
            object.__setattr__(self, "hint", clip(self.hint))

    @property
    def exit_code(self) -> ExitCode:
        """What this finding does to the exit code; a warning or a note does nothing."""
        return self.error_exit_code if self.severity is Severity.ERROR else ExitCode.DONE


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of finding, declared once.

    `code` lasts for ever: scripts rely on it. `summary` is one sentence, `advice` what to do about it in
    general, `clause` what it rests on. `exit_code` is what an ERROR of this kind ends the command with.
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
        """Say that this was seen, and where."""
        place = None if file is None else Place(file, line, column)
        return Finding(
            self.code, self.severity, message, place, hint or self.advice, self.clause, self.exit_code
        )


class FindingBound:
    """Keeps `most` findings of each code, or of each code in each file, and counts the others."""

    def __init__(
        self, most: int = MAX_OF_ONE_CODE, *, by_file: bool = False, listed_in: str | None = None
    ) -> None:
        self._most = most
        self._is_by_file = by_file
        self._listed_in = listed_in
        self._seen: Counter[tuple[str, str]] = Counter()
        self._last: dict[tuple[str, str], Finding] = {}

    def _key(self, finding: Finding) -> tuple[str, str]:
        if self._is_by_file and finding.place is not None:
            return finding.code, finding.place.file
        return finding.code, ""

    def kept(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Those of them for which there is room."""
        for finding in findings:
            key = self._key(finding)
            self._seen[key] += 1
            if self._seen[key] <= self._most:
                yield finding
            else:
                self._last[key] = finding

    def others(self) -> Iterator[Finding]:
        """For each code with too many findings, one finding that says how many were left out."""
        for key, finding in self._last.items():
            message = f"and {self._seen[key] - self._most:,} more of this kind"
            if self._is_by_file:
                yield replace(finding, message=f"{message} in this file")
            elif self._listed_in is not None:
                yield replace(finding, message=f"{message}: {self._listed_in} list them", place=None)
            else:
                yield replace(finding, message=message, place=None, hint=None)


def bounded(
    findings: Iterable[Finding], most: int = MAX_OF_ONE_CODE, *, listed_in: str | None = None
) -> Iterator[Finding]:
    """Yield the findings one by one, `most` of each code; the last of a code says how many were left out.

    `listed_in` says where all of them are listed, in the plural: `the facts of --json`.
    """
    bound = FindingBound(most, listed_in=listed_in)
    yield from bound.kept(findings)
    yield from bound.others()


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether anything among these answers a MUST."""
    return any(f.severity is Severity.ERROR for f in findings)


def exit_code_of(findings: Iterable[Finding], *, strict: bool = False) -> ExitCode:
    """The exit code that these findings ask for; `strict` counts warnings as problems."""
    codes = []
    for finding in findings:
        codes.append(finding.exit_code)
        if strict and finding.severity is Severity.WARNING:
            codes.append(ExitCode.PROBLEMS_FOUND)
    return worst_exit_code(codes)


def in_reading_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sorted by place, so that two runs over the same material print the same lines."""

    def key(finding: Finding) -> tuple[str, str, int, int, str, str]:
        place = finding.place or Place("")
        line = place.line or place.row or 0
        return (place.file, place.sheet or "", line, place.column or 0, finding.code, finding.message)

    return tuple(sorted(findings, key=key))
