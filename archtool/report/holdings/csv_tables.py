"""Formats the tables of a report as CSV, for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from archtool.holdings.reporting.model import Fault, Month, OverdueCopy, ProblemFile
from archtool.report.csv_lines import csv_line, csv_lines, csv_text
from archtool.report.holdings import report_words as words

COPY_COLUMNS = (
    "holding", "title", "kind", "files", "bytes", "accession", "custodian", "registered_at", "withdrawn_at",
    "head", "place", "place_kind", "state", "state_since", "waiting_since", "checked_at", "quick_checked_at",
    "added_at", "overdue_since",
)  # fmt: skip
OVERDUE_COLUMNS = (
    "holding", "title", "place", "overdue_since", "known", "waiting_since", "checked_at", "state", "bytes"
)  # fmt: skip
FAULT_COLUMNS = (
    "holding", "title", "place", "state", "state_since", "known", "file", "problem", "expected", "observed",
    "problems", "found_at", "good_copies", "first",
)  # fmt: skip
MONTH_COLUMNS = (
    "month", "full_checks", "quick_checks", "faults", "no_result", "bytes", "registered", "repairs",
    "other_events",
)  # fmt: skip
_LINES_TOGETHER = 1000
_WAITING_SINCE = COPY_COLUMNS.index("waiting_since")


def copy_lines(rows: Iterable[tuple[Any, ...]], overdue_since: Callable[[str], str | None]) -> Iterator[str]:
    """Yield holdings.csv: a line for each copy; `overdue_since` says since when one is, or `None`."""
    return _table(COPY_COLUMNS, ((*row, _since(row[_WAITING_SINCE], overdue_since)) for row in rows))


def _since(waiting_since: str | None, overdue_since: Callable[[str], str | None]) -> str | None:
    return overdue_since(waiting_since) if waiting_since is not None else None


def overdue_lines(items: Iterable[OverdueCopy]) -> Iterator[str]:
    """Yield overdue.csv: a line for each copy, those that wait longest first."""
    return _table(OVERDUE_COLUMNS, map(_overdue_cells, items))


def _overdue_cells(item: OverdueCopy) -> tuple[Any, ...]:
    copy = item.copy
    return (
        copy.holding, copy.title, copy.place, item.overdue_since, "yes" if item.is_known else "no",
        copy.waiting_since, copy.checked_at, copy.state, copy.size_bytes,
    )  # fmt: skip


def fault_lines(faults: Iterable[Fault]) -> Iterator[str]:
    """Yield faults.csv: a line for each file with a problem, or for a copy without any that is named."""
    rows = (
        _fault_cells(fault, problem)
        for fault in faults
        for problem in fault.problems or (ProblemFile(None, "", None, None),)
    )
    return _table(FAULT_COLUMNS, rows)


def _fault_cells(fault: Fault, problem: ProblemFile) -> tuple[Any, ...]:
    copy = fault.copy
    return (
        copy.holding, copy.title, copy.place, copy.state, copy.state_since, "yes" if fault.is_known else "no",
        problem.file, problem.message, problem.expected, problem.observed, fault.problem_count,
        fault.found_at, " | ".join(fault.good_copies), words.advice(fault),
    )  # fmt: skip


def month_lines(months: Iterable[Month]) -> Iterator[str]:
    """Yield months.csv: what happened in each month."""
    return _table(MONTH_COLUMNS, map(_month_cells, months))


def _month_cells(month: Month) -> tuple[Any, ...]:
    return (
        month.month, month.full_checks, month.quick_checks, month.failures, month.indeterminate,
        month.size_bytes, month.registered, month.repairs, month.other_events,
    )  # fmt: skip


def _table(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yield a table in parts of many lines: one write for each of a million lines takes long."""
    yield csv_line(columns)
    iterator = iter(rows)
    while part := [list(map(_cell, row)) for row in islice(iterator, _LINES_TOGETHER)]:
        yield csv_lines(part)


def _cell(value: Any) -> Any:
    return csv_text(value) if isinstance(value, str) else value
