"""`holdings list`, `show` and `events`: what the register knows, in words, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from archtool.holdings.register import Register
from command_line import archtool
from unit.holdings.registers import check, day, make_register


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register of 120 holdings: one is in order, one changed, the others were never checked."""
    with make_register(tmp_path, holdings=120) as opened:
        _check(opened)
        path = opened.path
    monkeypatch.setenv("ARCHTOOL_REGISTER", str(path))
    return path


def _check(register: Register) -> None:
    problem = {"file": "data/a.txt", "code": "fixity.digest-mismatch", "message": "digest differs"}
    register.append(check(0, day(5)), check(7, day(6), "changed", problems=[problem], problem_count=1))


def names(*options: str) -> list[str]:
    return [row["subject"] for row in archtool("holdings", "list", "--json", *options).objects]


@pytest.mark.usefixtures("register")
def test_the_first_page_is_sorted_by_name_and_says_how_to_see_the_next() -> None:
    run = archtool("holdings", "list")
    assert run.code == 0
    assert "letters-0 in order" in run.said()
    assert "letters-7 changed" not in run.said()
    assert "50 of 120 holdings · next page: --after letters-35" in run.out


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("words", "state"),
    [("never checked", "never-checked"), ("Never-Checked", "never-checked"), ("in order", "ok")],
)
def test_a_state_can_be_named_as_the_list_words_it(words: str, state: str) -> None:
    assert names("--state", words, "--all") == names("--state", state, "--all") != []


@pytest.mark.usefixtures("register")
def test_a_state_that_does_not_exist_is_refused_with_the_nearest_one() -> None:
    run = archtool("holdings", "list", "--state", "chnged")
    assert (run.code, "did you mean `changed`?" in run.err) == (2, True), run.err


@pytest.mark.usefixtures("register")
def test_a_copy_that_nobody_checked_is_never_checked_and_not_since_a_day() -> None:
    run = archtool("holdings", "show", "letters-1")
    assert "folder; never checked; OVERDUE since" in run.said()
    assert "never checked since" not in run.said()


@pytest.mark.usefixtures("register")
def test_columns_sets_the_width_also_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = archtool("holdings", "show", "letters-7").out.splitlines()
    assert max(map(len, (line for line in lines if "sha512:" not in line))) <= 60


@pytest.mark.usefixtures("register")
def test_the_pages_together_are_the_whole_list() -> None:
    first = names("--limit", "70")
    assert [*first, *names("--limit", "70", "--after", first[-1])] == names("--all")
    assert len(names("--all")) == 120


@pytest.mark.usefixtures("register")
def test_holdings_are_listed_by_state_overdue_and_text() -> None:
    assert names("--state", "changed") == ["letters-7"]
    assert names("--state", "ok") == ["letters-0"]
    assert len(names("--overdue", "--all")) == 120  # the clock is months later
    assert names("--search", "LETTERS 11", "--all")[:2] == ["letters-11", "letters-110"]
    assert "no holdings in the state missing" in archtool("holdings", "list", "--state", "missing").out


@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.usefixtures("register")
def test_both_ways_to_filter_give_the_same_list(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr("archtool.holdings.lookup.listing._FEW", few)
    assert names("--state", "never-checked", "--limit", "3") == ["letters-1", "letters-10", "letters-100"]
    assert names("--state", "changed") == ["letters-7"]


@pytest.mark.usefixtures("register")
def test_a_percent_sign_in_a_search_is_only_a_percent_sign() -> None:
    assert names("--search", "%") == []


@pytest.mark.usefixtures("register")
def test_the_table_as_csv_has_all_holdings_and_their_places(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(archtool("holdings", "list", "--csv", "-").out)))
    assert len(rows) == 120
    assert (rows[0]["holding"], rows[0]["state"], rows[0]["overdue"]) == ("letters-0", "ok", "yes")
    assert rows[0]["places"] == "/shelf/letters-0"
    assert archtool("holdings", "list", "--csv", tmp_path / "list.csv").code == 0
    assert archtool("holdings", "list", "--csv", tmp_path / "list.csv").code == 0
    assert len(list(csv.reader(io.StringIO((tmp_path / "list.csv").read_text())))) == 121


@pytest.mark.usefixtures("register")
def test_a_file_that_is_no_list_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("my notes")
    assert archtool("holdings", "list", "--csv", tmp_path / "notes.csv").code == 2
    assert (tmp_path / "notes.csv").read_text() == "my notes"


@pytest.mark.usefixtures("register")
def test_show_says_in_words_what_the_last_check_found() -> None:
    said = archtool("holdings", "show", "letters-7").said()
    assert "/shelf/letters-7 folder; changed since 2026-01-07; last full check on 2026-01-07" in said
    assert "OVERDUE since 2026-04-07" in said
    assert "fixity-check FAILURE changed; at /shelf/letters-7; 3 files, 1.0 KB; 1 problem" in said
    assert "first: data/a.txt; digest differs" in said


@pytest.mark.usefixtures("register")
def test_show_as_json_has_copies_and_newest_events() -> None:
    (shown,) = archtool("holdings", "show", "letters-7", "--json").objects
    assert shown["schema"] == "archtool/holding/1"
    assert [copy["state"] for copy in shown["facts"]["copies"]] == ["changed"]
    assert [event["event"] for event in shown["facts"]["newest_events"]] == ["fixity-check", "ingestion"]


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("leters-11", "did you mean `letters-11`?"), ("Letters-11", "did you mean `letters-11`?"),
        ("letters_11", "did you mean `letters-11`?"), ("lettesr-11", "did you mean `letters-11`?"),
        ("letters-", "names that begin with it: letters-0, letters-1, letters-10"),
        ("zzz", "archtool holdings list"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("register")
def test_a_misspelt_name_gets_the_nearest_one(wrong: str, hint: str) -> None:
    run = archtool("holdings", "show", wrong)
    assert (run.code, hint in run.err) == (3, True), run.err


@pytest.mark.usefixtures("register")
def test_events_are_listed_newest_first() -> None:
    listed = archtool("holdings", "events", "--json", "--limit", "3").objects
    assert [event["facts"]["number"] for event in listed] == [123, 122, 121]
    assert [event["facts"]["holding"] for event in listed] == ["letters-7", "letters-0", "letters-119"]


@pytest.mark.usefixtures("register")
def test_events_are_listed_by_type_outcome_and_time() -> None:
    def numbers(*options: str) -> list[int]:
        listed = archtool("holdings", "events", "--json", "--all", *options).objects
        return [event["facts"]["number"] for event in listed]

    assert numbers("--event", "fixity-check") == [123, 122]
    assert numbers("--outcome", "failure") == [123]
    assert numbers("--since", "2026-01-06T10:00:00Z") == [123]
    assert len(numbers()) == 123


@pytest.mark.usefixtures("register")
def test_a_page_of_events_says_that_there_are_more() -> None:
    assert "3 events · there are more" in archtool("holdings", "events", "--limit", "3").out
    assert "no such events" in archtool("holdings", "events", "--event", "repair").out


@pytest.mark.usefixtures("register")
def test_no_line_of_the_list_is_wider_than_the_page_but_for_names() -> None:
    for command in (["list"], ["show", "letters-7"], ["events"], ["copies", "letters-7"]):
        lines = archtool("holdings", *command).out.splitlines()
        assert [line for line in lines if len(line) > 80 and "sha512:" not in line] == []


def test_the_first_event_says_how_often_copies_must_be_checked(tmp_path: Path) -> None:
    path = tmp_path / "new.register"
    archtool("holdings", "init", path, "--check-every", "30")
    assert "check-every-days: 30" in archtool("holdings", "events", "--register", path).out
