"""The year is played, and every number in the report of its last day is counted again by hand."""

from __future__ import annotations

from typing import Any

import pytest

from archtool.cli.options import clock as archtool_clock
from budgets import budget
from played_year.archive import Archive, Clock
from played_year.by_hand import count_by_hand, longest_wait_days, numbers_of
from played_year.story import DAYS, Year


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The year after its last night; with `--long` that of 300 packages and 365 nights."""
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archtool_clock, "now", clock.now)
        patch.setenv("ARCHTOOL_CONFIG", "")
        played = Year(
            Archive(tmp_path_factory.mktemp("archive"), clock), budget(30, 300), days=budget(73, DAYS),
            nights_for_all=budget(5, 30),
        )  # fmt: skip
        played.play()
        yield played


@pytest.fixture(scope="module")
def report(year: Year) -> dict[str, Any]:
    """The report of the last night."""
    return year.archive.report()


def values_of(year: Year, report: dict[str, Any]) -> dict[str, str]:
    """Return the parameters of the queries: now, the last night, and the package that was moved."""
    return {
        "now": report["made_at"], "night": report["run"]["begun_at"],
        "moved_from": str(year.place("first", year.moved)), "moved_to": str(year.place("second", year.moved)),
    }  # fmt: skip


def test_every_number_in_the_report_of_the_last_day_is_that_of_a_query_by_hand(
    year: Year, report: dict[str, Any]
) -> None:
    by_hand = numbers_of(count_by_hand(year.archive, **values_of(year, report)))
    reported = numbers_of(report)
    assert reported.keys() == by_hand.keys()
    for name, numbers in reported.items():
        assert numbers == by_hand[name], name


def test_the_report_agrees_with_what_happened_in_the_year(year: Year, report: dict[str, Any]) -> None:
    packages = 3 * len(year.first)
    held = packages - len(year.withdrawn)
    assert report["totals"]["holdings"] == held
    assert report["totals"]["copies"] == held + len(year.first)
    assert report["totals"]["never_checked"] == report["totals"]["overdue"] == 0
    (fault,) = report["faults"]["list"]
    assert fault["holding"] == f"letter-{year.incomplete:03}"
    assert (fault["known"], fault["other_copies"], fault["good_copies"]) == (True, 0, [])
    custody = {row["custodian"]: row["holdings"] for row in report["custody"]}
    assert custody[year.custodian] == len(year.handed_over)
    assert report["run"]["extra"] == [str(year.place("second", 900))]
    assert sum(month["repairs"] for month in report["months"]) == 2
    assert sum(month["registered"] for month in report["months"]) == packages


def test_no_copy_waited_longer_for_its_check_than_the_policy_allows(year: Year) -> None:
    assert longest_wait_days(year.archive) <= 90


def test_the_chain_of_the_year_is_proven_to_be_whole(year: Year) -> None:
    year.archive.do("holdings", "verify")
