"""Formats the table that `archtool list` prints: two or three lines for each package.

The first line has columns; the others have the title, the identifier and the head, which need more room.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from archtool.findings import Finding
from archtool.report.numbers import counted, format_size
from archtool.report.package_row import PackageRow, RecordedCheck
from archtool.report.text.columns import cut_end, pad, text_width
from archtool.report.text.page import MIN_WIDTH, one_line, wrap

RECORDED_ONLY = (
    "The last check is what the newest attestation of a check states. Nothing was checked now, neither files "
    "nor signatures: use archtool verify."
)
NONE_RECORDED = "none recorded"
_HEAD_DIGITS = 12
_NOT_KNOWN = "-"
_GAP = "  "
_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Column:
    """One column behind the name of the package."""

    title: str
    width: int
    cell: Callable[[PackageRow, datetime], str]
    is_right: bool = False


def _last_check(row: PackageRow, now: datetime) -> str:
    check = row.last_check
    if check is None:
        return NONE_RECORDED
    age = format_age(check.claimed_at, now) if check.claimed_at is not None else "unreadable"
    return f"{check.outcome or check.event}, {age}"


def _files(row: PackageRow, _now: datetime) -> str:
    return _NOT_KNOWN if row.files is None else f"{row.files:,}"


def _size(row: PackageRow, _now: datetime) -> str:
    return _NOT_KNOWN if row.size_bytes is None else format_size(row.size_bytes)


COLUMNS = (
    Column("DATE", 10, lambda row, _now: row.date or _NOT_KNOWN),
    Column("FILES", 7, _files, is_right=True),
    Column("SIZE", 9, _size, is_right=True),
    Column("LAST CHECK (recorded)", 22, _last_check),
)


def format_list_head(width: int) -> str:
    """Return the line with the titles of the columns."""
    return _line("PACKAGE", [column.title for column in COLUMNS], width)


def format_row(row: PackageRow, now: datetime, width: int) -> list[str]:
    """Return the lines of one package."""
    name = one_line(row.name)
    room = max(width, MIN_WIDTH) - len(_INDENT)
    if row.problem is not None and not row.is_readable:
        return [name, *_problem_lines(row.problem, room)]
    lines = [_line(name, [one_line(column.cell(row, now)) for column in COLUMNS], width)]
    lines += [_INDENT + line for line in _further_lines(row, room)]
    return lines + (_problem_lines(row.problem, room) if row.problem is not None else [])


def _problem_lines(problem: Finding, room: int) -> list[str]:
    text = f"PROBLEM: {one_line(problem.message)} [{problem.code}]"
    return [_INDENT + line for line in wrap(text, room, hanging=2)]


def _line(name: str, cells: list[str], width: int) -> str:
    fixed = sum(column.width + len(_GAP) for column in COLUMNS)
    room = max(width, MIN_WIDTH) - fixed
    texts = [
        pad(cut_end(cell, column.width), column.width, right=column.is_right)
        for cell, column in zip(cells, COLUMNS, strict=True)
    ]
    if text_width(name) <= room:
        return _GAP.join([pad(name, room), *texts]).rstrip()
    # a name is never cut: it is what the next command needs
    return f"{name}\n{_GAP.join([' ' * max(room, 0), *texts]).rstrip()}"


def _further_lines(row: PackageRow, room: int) -> list[str]:
    """Return the title, the identifier, who claims the check, and the head, on as few lines as they need."""
    rest = [one_line(row.id)] if row.id and row.id != row.name.rpartition("/")[2] else []
    rest += [f"part {one_line(row.part)} of a group"] if row.part else []
    claimed_by = row.last_check.claimed_by if row.last_check is not None else ()
    rest += [f"claimed by {one_line(', '.join(claimed_by))}"] if claimed_by else []
    rest += [f"head {_brief(row.head)}"] if row.head else []
    rest += (
        [", ".join(f"{count:,} × {one_line(label)}" for label, count in row.formats)] if row.formats else []
    )
    title = [one_line(row.title)] if row.title is not None else []
    together = " · ".join([*title, *rest])
    if text_width(together) <= room:
        return [together] if together else []
    return [cut_end(text, room) for text in (*title, " · ".join(rest)) if text]


def format_totals(formats: Sequence[tuple[str, int]], width: int) -> list[str]:
    """Return a section with the number of files of each format in all packages; nothing if none is known."""
    lines = [f"{count:>9,}  {one_line(label)}" for label, count in formats]
    return ["", *wrap("FORMATS (recorded)", width), *lines] if lines else []


def _brief(head: str) -> str:
    name, _, digest = head.partition(" sha512:")
    return f"{one_line(name)} {digest[:_HEAD_DIGITS]}…"


def format_age(at: datetime, now: datetime) -> str:
    """Return in words how long ago a time was."""
    days = (now - at).days
    if days < 0:
        return "in the future"
    if days == 0:
        return "today"
    years, months = days // 365, days // 30
    for number, unit in ((years if years >= 2 else 0, "year"), (months if months >= 2 else 0, "month")):
        if number:
            return f"{counted(number, unit)} ago"
    return f"{counted(days, 'day')} ago"


def format_list_summary(packages: int, problems: int, seconds: float) -> str:
    """Return the last line: how many packages were listed."""
    parts = [counted(packages, "package")]
    parts += [counted(problems, "problem")] if problems else []
    return " · ".join([*parts, f"{seconds:.1f} s"])


def age_days(check: RecordedCheck | None, now: datetime) -> int | None:
    """Return the age of a recorded check in whole days; negative if it is dated in the future."""
    return (now - check.claimed_at).days if check is not None and check.claimed_at is not None else None
