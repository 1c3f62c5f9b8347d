"""The report of a register: every number in it is that of a query written by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archtool.canonical_json import canonical_json
from archtool.holdings.event_types import EventType
from archtool.holdings.register import Register
from archtool.holdings.reporting.details import read_detail
from archtool.report.holdings.html_page import DetailPage, format_detail_page, format_page
from archtool.report.holdings.mail import format_mail
from archtool.report.holdings.metrics import format_metrics
from archtool.report.holdings.report_object import report_object
from archtool.report.holdings.text import format_screen
from unit.holdings.histories import (
    DAMAGE,
    DAMAGED_FILE,
    audit,
    make_register_with_faults,
    report_of,
    tape_copy,
)
from unit.holdings.registers import SOURCE, check, day, ingestion, make_register


def only_value(register: Register, query: str, *values: Any) -> Any:
    (value,) = register.connection.execute(query, values).fetchone()
    return value


def test_the_totals_are_those_of_queries_over_the_tables(tmp_path: Path) -> None:
    with make_register_with_faults(tmp_path) as register:
        register.append(SOURCE.event(EventType.WITHDRAWAL, day(30), "letters-4"))
        report = report_of(register, day(101))
        kept = "FROM copy WHERE removed_at IS NULL"
        assert report.counts.holdings == only_value(
            register, "SELECT count(*) FROM holding WHERE withdrawn_at IS NULL"
        )
        assert report.counts.copies == only_value(register, f"SELECT count(*) {kept}")
        assert report.counts.size_bytes == only_value(register, f"SELECT sum(size_bytes) {kept}")
        assert report.counts.overdue == only_value(
            register,
            f"SELECT count(*) {kept} AND julianday(waiting_since) + 90 < julianday(?)",
            "2026-04-12T02:00:00Z",
        )
        for count in report.states:
            assert count.copies == only_value(register, f"SELECT count(*) {kept} AND state = ?", count.state)
    assert (report.counts.holdings, report.counts.copies, report.counts.overdue) == (4, 5, 2)


def test_a_fault_that_an_earlier_audit_found_is_known_and_stands_behind_new_ones(tmp_path: Path) -> None:
    with make_register_with_faults(tmp_path) as register:
        report = report_of(register, day(21))
    assert [(fault.copy.holding, fault.is_known) for fault in report.faults] == [
        ("letters-2", False),
        ("letters-0", True),
    ]
    assert report.new_faults == 1


def test_a_known_fault_is_new_again_if_more_files_are_damaged(tmp_path: Path) -> None:
    second = DAMAGED_FILE | {"file": "data/letters/0043.txt"}
    with make_register_with_faults(tmp_path) as register:
        more = {"problems": [DAMAGED_FILE, second], "problem_count": 2}
        audit(register, day(30), "run-3", check(0, day(30), "changed", **more))
        report = report_of(register, day(31))
        audit(register, day(40), "run-4", check(0, day(40), "changed", **more))
        later = report_of(register, day(41))
    assert [fault.is_known for fault in report.faults if fault.copy.holding == "letters-0"] == [False]
    assert report.new_faults == 1
    assert [fault.is_known for fault in later.faults] == [True, True]


def test_a_copy_that_one_audit_checked_twice_is_compared_with_the_audit_before(tmp_path: Path) -> None:
    more = {"problems": [DAMAGED_FILE | {"file": "data/letters/0043.txt"}], "problem_count": 1}
    with make_register_with_faults(tmp_path) as register:
        twice = [check(0, day(30 + part), "changed", **more) for part in (0, 0.1)]
        audit(register, day(30), "run-3", *twice)
        report = report_of(register, day(31))
    assert [fault.is_known for fault in report.faults if fault.copy.holding == "letters-0"] == [False]


def test_a_fault_names_its_files_and_the_other_copy_that_is_in_order(tmp_path: Path) -> None:
    with make_register_with_faults(tmp_path) as register:
        assert report_of(register, day(21)).faults[1].good_copies == ()
        register.append(check(0, day(21), place="TAPE-3:letters-0"))
        fault = report_of(register, day(22)).faults[1]
    assert [problem.file for problem in fault.problems] == ["data/letters/0042.txt"]
    assert fault.good_copies == ("TAPE-3:letters-0",)


def test_a_bad_copy_that_moved_with_its_shelf_is_no_fault_until_it_is_checked_there(tmp_path: Path) -> None:
    with make_register_with_faults(tmp_path) as register:
        before = report_of(register, day(23))
        moved = {"from": "/shelf", "to": "/new-shelf"}
        register.append(SOURCE.event(EventType.SHELF_MOVED, day(22), detail=moved))
        report = report_of(register, day(23))
        assert len(report.faults) < len(before.faults)
        assert all(not fault.copy.place.startswith("/new-shelf/") for fault in report.faults)


def test_a_copy_becomes_overdue_after_the_interval_of_the_policy(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=2, check_every_days=30) as register:
        register.append(check(1, day(10)))
        due = report_of(register, day(30))
        late = report_of(register, day(30) + timedelta(seconds=1))
    assert (due.counts.overdue, due.next_due) == (0, "2026-01-31T02:00:00Z")
    assert [(item.copy.holding, item.overdue_since) for item in late.overdue] == [
        ("letters-0", "2026-01-31T02:00:00Z")
    ]
    assert late.next_due is None


def test_overdue_copies_are_counted_by_the_month_in_which_they_became_so(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=3, check_every_days=30) as register:
        register.append(check(1, day(5)), check(2, day(99)))
        report = report_of(register, day(100))
    assert report.overdue_by_month == (("2026-01", 1), ("2026-02", 1))


def test_the_history_has_the_totals_at_the_end_of_each_audit(tmp_path: Path) -> None:
    with make_register_with_faults(tmp_path) as register:
        report = report_of(register, day(21))
    points = [(point.at, point.counts.known_bad, point.counts.never_checked) for point in report.history]
    assert points == [("2026-01-11T02:00:00Z", 1, 4), ("2026-01-21T02:00:00Z", 2, 2)]


def test_a_long_history_is_thinned_and_keeps_the_last_audit(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        for number in range(500):
            audit(register, day(number), f"run-{number}")
        history = report_of(register, day(500)).history
    assert 100 < len(history) <= 240
    assert history[-1].at == "2027-05-15T02:00:00Z"


def test_the_months_add_up_to_the_events_of_the_register(tmp_path: Path) -> None:
    with make_register_with_faults(tmp_path) as register:
        register.append(check(1, day(40)), check(2, day(41), "unreadable"))
        report = report_of(register, day(50))
        events = only_value(
            register, "SELECT count(*) FROM event WHERE record ->> '$.event' NOT LIKE 'audit-%'"
        )
        full = (
            "SELECT count(*) FROM event WHERE record ->> '$.event' = 'fixity-check'"
            " AND record ->> '$.outcome' = ?"
        )
        found = {
            outcome: only_value(register, full, outcome)
            for outcome in ("success", "failure", "indeterminate")
        }
    numbers = [
        (m.full_checks, m.quick_checks, m.failures, m.indeterminate, m.registered, m.repairs, m.other_events)
        for m in report.months
    ]
    assert sum(map(sum, numbers)) == events
    assert sum(month.full_checks for month in report.months) == found["success"]
    assert sum(month.failures for month in report.months) == found["failure"]
    assert sum(month.indeterminate for month in report.months) == found["indeterminate"] == 1
    assert [month.month for month in report.months] == ["2026-01", "2026-02"]


def test_formats_and_custodians_are_counted_over_all_holdings_that_are_kept(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        register.append(
            ingestion(0, formats={"fmt/95": 3, "fmt/101": 1}, custodian="Reading room"),
            ingestion(1, formats={"fmt/95": 2}),
            ingestion(2, formats={"fmt/95": 7}, custodian="Reading room"),
            SOURCE.event(EventType.WITHDRAWAL, day(1), "letters-2"),
        )
        report = report_of(register, day(2))
    assert [(group.name, group.holdings, group.files) for group in report.formats] == [
        ("fmt/95", 2, 5),
        ("fmt/101", 1, 1),
    ]
    assert [(group.name, group.holdings) for group in report.custody] == [(None, 1), ("Reading room", 1)]


def test_rare_formats_are_one_line_with_the_sum_of_all_of_them(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        register.append(ingestion(0, formats={f"fmt/{number}": 2 for number in range(100)}))
        formats = report_of(register, day(1)).formats
    assert len(formats) == 41
    assert (formats[-1].name, formats[-1].files) == ("60 others", 120)


def test_holdings_are_counted_by_how_many_copies_they_have(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=3) as register:
        register.append(
            tape_copy(0),
            SOURCE.event(EventType.COPY_REMOVED, day(1), "letters-2", {"place": "/shelf/letters-2"}),
        )
        assert report_of(register, day(2)).copies_of_holdings == ((0, 1), (1, 1), (2, 1))


def test_a_shelf_counts_the_copies_below_it_and_not_those_of_a_sibling(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=2) as register:
        register.append(
            ingestion(3, place="/shelf-2/letters-3"),
            SOURCE.event(EventType.SHELF, day(1), detail={"place": "/shelf"}),
        )
        assert [(shelf.place, shelf.copies) for shelf in report_of(register, day(2)).shelves] == [
            ("/shelf", 2)
        ]


def test_an_audit_that_has_not_ended_is_not_the_last_result(tmp_path: Path) -> None:
    with make_register_with_faults(tmp_path) as register:
        detail = {"depth": "full", "selection": {"kind": "due"}, "due": 3}
        begun = SOURCE.event(EventType.AUDIT_BEGUN, day(30), detail=detail)
        register.append(replace(begun, run="run-3"))
        report = report_of(register, day(31))
    assert report.run is not None
    assert report.run.id == "run-2"
    assert (report.runs[0].id, report.runs[0].ended_at) == ("run-3", None)


def test_the_report_of_an_audit_counts_as_new_what_that_audit_found(tmp_path: Path) -> None:
    with make_register_with_faults(tmp_path) as register:
        assert report_of(register, day(21), "run-2").new_faults == 1
        assert report_of(register, day(21), "run-1").new_faults == 2


def test_a_register_without_anything_has_a_report(tmp_path: Path) -> None:
    with make_register(tmp_path) as register:
        report = report_of(register, day(1))
    assert (report.counts.copies, report.faults, report.overdue, report.run) == (0, (), (), None)
    assert report.next_due is None


def test_damage_without_an_audit_is_new_for_one_day(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        register.append(check(0, day(5), "changed", **DAMAGE))
        assert [fault.is_known for fault in report_of(register, day(5.5)).faults] == [False]
        assert [fault.is_known for fault in report_of(register, day(7)).faults] == [True]


def test_signatures_on_heads_are_listed_the_last_first(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=3) as register:
        rows = [(2, "a", "Jane", None), (4, "a", "Jane", b"token"), (4, "b", "Adam", None)]
        register.connection.executemany("INSERT INTO head_signature VALUES (?, ?, ?, '', '', ?)", rows)
        heads = report_of(register, day(1)).signed_heads
    assert [(head.number, head.signer, head.has_timestamp) for head in heads] == [
        (4, "Adam", False),
        (4, "Jane", True),
        (2, "Jane", False),
    ]


def test_a_package_that_the_audit_before_also_found_on_a_shelf_is_not_new(tmp_path: Path) -> None:
    with make_register_with_faults(tmp_path) as register:
        found = ["/shelf/found", "/shelf/found-later"]
        audit(register, day(30), "run-3", extra=found, extra_count=2)
        assert report_of(register, day(31)).new_extra == ("/shelf/found-later",)


def test_a_list_that_was_cut_off_proves_nothing_new(tmp_path: Path) -> None:
    with make_register_with_faults(tmp_path) as register:
        audit(register, day(30), "run-3", extra=["/shelf/a"], extra_count=200)
        audit(register, day(31), "run-4", extra=["/shelf/b"], extra_count=200)
        assert report_of(register, day(32)).new_extra == ()


@pytest.mark.parametrize("nonsense", [0, -1, "text", [1, None], {"a": [2]}, True])
def test_details_of_another_program_with_wrong_types_do_not_stop_the_report(
    tmp_path: Path, nonsense: Any
) -> None:
    with make_register(tmp_path, holdings=1) as register:
        problems = dict.fromkeys(("problems", "problem_count", "found_at"), nonsense)
        found = check(0, day(1), "changed", **problems)
        audit(register, day(1), "run-1", found)
        audit(
            register, day(2), "run-2", check(0, day(2), "changed", problems=[problems | {"file": nonsense}])
        )
        report = report_of(register, day(400))
        with register.reading() as connection:
            detail = read_detail(connection, "letters-0", report.new_since)
    assert report.counts.known_bad == len(detail.faults) == 1
    assert "letters-0" in format_screen(report, 80)
    assert "letters-0" in "".join(format_page(report))
    page = DetailPage("a.html", "letters-0", "letters-0", 1)
    assert "letters-0" in "".join(format_detail_page(report, page, [detail]))
    assert format_mail(report)
    assert format_metrics(report)
    assert canonical_json(report_object(report))
