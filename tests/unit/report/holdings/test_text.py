"""The report on a terminal: one screen, the new before the known."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.holdings.copy_state import CopyState
from archtool.report.holdings.report_words import STATES, result_in_words, state_meaning
from archtool.report.holdings.text import format_screen
from unit.holdings.histories import report_of
from unit.holdings.registers import check, day, make_register
from unit.report.holdings.reports import calm_report, faulty_report, hostile_report


def test_the_screen_has_24_lines_of_80_columns_at_most(tmp_path: Path) -> None:
    lines = format_screen(faulty_report(tmp_path), 80).splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines[2:])) <= 80


def test_a_quiet_register_says_when_the_next_copy_is_due(tmp_path: Path) -> None:
    screen = " ".join(format_screen(calm_report(tmp_path), 80).split())
    assert "Result nothing wrong" in screen
    assert "Overdue none; without a check the next copy on 2026-04-11" in screen
    assert "first:" not in screen


def test_each_fault_says_what_to_do_first(tmp_path: Path) -> None:
    screen = " ".join(format_screen(faulty_report(tmp_path), 80).split())
    assert "letters-2: missing (new, since 2026-01-21), at /shelf/letters-2 first: see whether" in screen
    assert "no other copy is registered: look for one in backups" in screen


def test_what_became_overdue_since_the_last_audit_is_counted_as_new(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=3) as register:
        register.append(check(0, day(5)))
        screen = format_screen(report_of(register, day(90.5)), 80)
    assert "Overdue: 2, 2 new (not checked within 90 days)" in screen


def test_an_empty_register_is_not_said_to_be_in_order(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        assert result_in_words(report_of(register, day(1))) == "no copies are registered"


def test_a_hostile_title_cannot_begin_a_line_or_colour_the_screen(tmp_path: Path) -> None:
    screen = format_screen(hostile_report(tmp_path), 80)
    assert "\x1b" not in screen
    assert not any(line.startswith("Bcc:") for line in screen.splitlines())


@pytest.mark.parametrize("state", CopyState)
def test_each_state_of_a_copy_has_words_and_a_meaning(state: CopyState) -> None:
    assert state in STATES
    assert state_meaning(state)
