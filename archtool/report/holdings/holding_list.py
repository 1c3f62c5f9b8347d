"""Formats the list of holdings: a table for the screen, and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from archtool.holdings.model import Copy, Holding
from archtool.report.csv_lines import csv_line, csv_text
from archtool.report.holdings.words import (
    NEVER,
    age,
    holding_state,
    is_overdue,
    oldest_check,
    worst_state,
)
from archtool.report.text.columns import cut_end, pad, text_width
from archtool.report.text.page import MIN_WIDTH, one_line

_GAP, _INDENT = "  ", "  "
_COLUMNS = (("STATE", 22), ("LAST CHECK", 22), ("COPIES", 6))
_CSV_COLUMNS = (
    "holding", "title", "kind", "files", "bytes", "state", "copies", "last_check", "overdue", "accession",
    "custodian", "registered_at", "withdrawn_at", "head", "places",
)  # fmt: skip


def format_list_head(width: int) -> str:
    """Return the line with the titles of the columns."""
    return _line("HOLDING", [title for title, _ in _COLUMNS], width)


def format_holding_row(
    holding: Holding, copies: Sequence[Copy], interval: timedelta, now: datetime, width: int
) -> list[str]:
    """Return the lines of one holding: its columns, and its title below."""
    if holding.withdrawn_at is not None:
        cells = ["withdrawn", age(holding.withdrawn_at, now), "0"]
    else:
        cells = [holding_state(copies), _last_check(copies, interval, now), f"{len(copies)}"]
    lines = [_line(one_line(holding.name), cells, width)]
    if holding.title:
        lines.append(_INDENT + cut_end(one_line(holding.title), max(width, MIN_WIDTH) - len(_INDENT)))
    return lines


def _last_check(copies: Sequence[Copy], interval: timedelta, now: datetime) -> str:
    oldest = oldest_check(copies)
    words = age(oldest, now) if oldest is not None else NEVER
    return f"{words}, overdue" if any(is_overdue(copy, interval, now) for copy in copies) else words


def _line(name: str, cells: Sequence[str], width: int) -> str:
    room = max(width, MIN_WIDTH) - sum(columns + len(_GAP) for _, columns in _COLUMNS)
    texts = [
        pad(cut_end(cell, columns), columns, right=title == "COPIES")
        for cell, (title, columns) in zip(cells, _COLUMNS, strict=True)
    ]
    if text_width(name) <= room:
        return _GAP.join([pad(name, room), *texts]).rstrip()
    # a name is never cut: it is what the next command needs
    return f"{name}\n{_GAP.join([' ' * max(room, 0), *texts]).rstrip()}"


def list_csv_head() -> str:
    """Return the header line of the CSV list."""
    return csv_line(_CSV_COLUMNS)


def list_csv_row(holding: Holding, copies: Sequence[Copy], interval: timedelta, now: datetime) -> str:
    """Return the line of one holding; a value that is not known is empty."""
    state = worst_state(copies)
    late = "yes" if any(is_overdue(copy, interval, now) for copy in copies) else "no"
    return csv_line(
        [
            csv_text(holding.name), csv_text(holding.title or ""), holding.kind, holding.files,
            holding.size_bytes, "withdrawn" if holding.withdrawn_at else state.value if state else "",
            len(copies), oldest_check(copies) or "", late, csv_text(holding.accession or ""),
            csv_text(holding.custodian or ""), holding.registered_at, holding.withdrawn_at or "",
            holding.head or "", csv_text("; ".join(copy.place for copy in copies)),
        ]
    )  # fmt: skip
