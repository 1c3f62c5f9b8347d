"""The report on a terminal: one screen, the new before the known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archtool.holdings.copy_state import CopyState
from archtool.holdings.event_types import EventType
from archtool.report.holdings.report_words import STATES, result_in_words, run_words, state_meaning
from archtool.report.holdings.text import format_screen
from unit.holdings.histories import report_of
from unit.holdings.registers import SOURCE, check, day, make_register
from unit.report.holdings.reports import calm_report, faulty_report, hostile_report


def test_the_screen_has_24_lines_of_80_columns_at_most(tmp_path: Path) -> None:
    lines = format_screen(faulty_report(tmp_path), 80).splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines[2:])) <= 80


def test_a_quiet_register_says_when_the_next_copy_is_due(tmp_path: Path) -> None:
    screen = " ".join(format_screen(calm_report(tmp_path), 80).split())
    assert "Result nothing wrong" in screen
    assert "Overdue none; the next copy on 2026-04-11, unless it is checked before" in screen
    assert "first:" not in screen


def test_each_fault_says_what_to_do_first(tmp_path: Path) -> None:
    screen = " ".join(format_screen(faulty_report(tmp_path), 80).split())
    assert "letters-2: missing (new, since 2026-01-21), at /shelf/letters-2 first: see whether" in screen
    assert "no other copy is registered: look for one in backups" in screen


def test_a_lost_file_is_not_looked_for_as_a_lost_disk(tmp_path: Path) -> None:
    lost = {"file": "data/letter.txt", "code": "bag.file-missing", "message": "data/letter.txt is missing"}
    with make_register(tmp_path, holdings=1) as register:
        register.append(check(0, day(1), "missing", problems=[lost], problem_count=1))
        screen = " ".join(format_screen(report_of(register, day(2)), 80).split())
    assert "first: leave the copy as it is; no other copy is registered" in screen
    assert "disk" not in screen


def test_what_became_overdue_since_the_last_audit_is_counted_as_new(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=3) as register:
        register.append(check(0, day(5)))
        screen = format_screen(report_of(register, day(90.5)), 80)
    assert "Overdue: 2, 2 new (not checked within 90 days)" in screen


def test_cut_off_attestations_are_counted_by_copies(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=2) as register:
        register.append(check(0, day(1), "changed"), check(1, day(1), "attestations-cut-off"))
        words = result_in_words(report_of(register, day(2)))
    assert words == "1 copy changed, 1 with attestations cut off"


def test_a_quiet_run_over_known_faults_does_not_say_that_no_fault_was_found(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        register.append(check(0, day(1), "changed"))
        totals = {"holdings": 1, "copies": 1, "bytes": 1000, "known_bad": 1, "never_checked": 0, "overdue": 0}
        ended = {"counts": {}, "checked": 0, "totals": totals, "known_bad": 1, "wrong": ["known-bad"]}
        source = replace(SOURCE, run="run-1")
        register.append(
            source.event(EventType.AUDIT_BEGUN, day(2), detail={"depth": "full", "due": 0, "selection": {}}),
            source.event(EventType.AUDIT_ENDED, day(2), detail=ended),
        )
        (run,) = report_of(register, day(2)).runs
    assert run_words(run) == "0 copies checked; 1 copy known to be bad from an earlier check"


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
