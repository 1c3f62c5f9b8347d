"""Questions that are asked every night must not read all copies, of which there can be a million."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archtool.holdings.event import format_time
from archtool.holdings.event_types import EventType
from archtool.holdings.lookup.due import DueQuery, count_due, count_left_out, iterate_due, next_due_at
from archtool.holdings.lookup.totals import read_totals
from archtool.holdings.projection import apply_event
from archtool.holdings.reporting.counts import read_shelf_counts
from archtool.holdings.reporting.faults import (
    bad_copies,
    count_new_overdue,
    count_overdue_by_month,
    overdue_copies,
)
from unit.holdings.registers import SOURCE, day, make_register

QUARTER = timedelta(days=90)
NOW: datetime = day(200)
SINCE = format_time(day(150))
QUESTIONS: dict[str, Callable[[sqlite3.Connection], object]] = {
    "due": lambda c: (count_due(c, DueQuery(SINCE, SINCE)), list(iterate_due(c, DueQuery(SINCE, SINCE)))),
    "next due": lambda c: next_due_at(c, QUARTER),
    "on media that are not connected": lambda c: count_left_out(c, ["TAPE7"]),
    "totals": lambda c: read_totals(c, NOW),
    "bad": lambda c: list(bad_copies(c, SINCE, 10)),
    "overdue": lambda c: list(overdue_copies(c, NOW, QUARTER, SINCE, 10)),
    "overdue since": lambda c: count_new_overdue(c, NOW, QUARTER, SINCE),
    "overdue by month": lambda c: count_overdue_by_month(c, NOW, QUARTER),
    "on a shelf": read_shelf_counts,
    "a shelf moved": lambda c: apply_event(
        c, SOURCE.event(EventType.SHELF_MOVED, NOW, detail={"from": "/shelf", "to": "/new"})
    ),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_of_every_night_reads_only_the_copies_that_it_is_about(
    tmp_path: Path, question: Callable[[sqlite3.Connection], object]
) -> None:
    with make_register(tmp_path, holdings=2) as register:
        register.append(SOURCE.event(EventType.SHELF, day(1), detail={"place": "/shelf"}))
        asked: list[str] = []
        register.connection.set_trace_callback(asked.append)
        question(register.connection)
        register.connection.set_trace_callback(None)
        about_copies = [text for text in asked if "copy" in text and not text.startswith("--")]
        assert about_copies
        for text in about_copies:
            for row in register.connection.execute(f"EXPLAIN QUERY PLAN {text}"):
                assert not row[3].startswith("SCAN copy") or "copy_on_medium" in row[3], (row[3], text)
