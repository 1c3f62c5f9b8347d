"""`archtool audit` selects what is due, a share, a sample or what is named; `--plan` says what it reads."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from archtool.cli import defaults
from archtool.holdings.event import format_time
from archtool.holdings.event_types import EventType
from archtool.holdings.lookup.totals import read_totals
from archtool.holdings.model import Copy
from archtool.holdings.register import Register
from audits import SOURCE, Archive, set_clock, write_small_bag
from command_line import archtool
from unit.holdings.registers import day


def checked(archive: Archive) -> list[str]:
    """Return the holdings that the last run checked, in the order of their events."""
    run = archive.events("audit-begun")[-1].run
    return [str(event.holding) for event in archive.events() if event.run == run and event.holding]


def test_what_was_checked_lately_is_not_due(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path)
    set_clock(monkeypatch, day(1))
    assert archive.report()["checked"] == 3
    set_clock(monkeypatch, day(89))
    assert archive.report()["due"] == 0
    set_clock(monkeypatch, day(89.5))
    assert archive.report()["due"] == 3


def test_the_margin_makes_a_copy_due_before_it_would_be_late_on_the_next_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path, bags=1)
    set_clock(monkeypatch, day(1))
    archive.audit()
    set_clock(monkeypatch, day(1) + timedelta(days=20))
    assert archive.report("--older-than", "20d", "--margin", "0h")["due"] == 1
    set_clock(monkeypatch, day(1) + timedelta(days=39))
    assert archive.report("--older-than", "20d", "--margin", "0h")["due"] == 0
    assert archive.report("--older-than", "20d")["due"] == 1


def test_known_bad_copies_come_first_then_those_never_checked_then_the_oldest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path, bags=3)
    for number in (1, 0):
        set_clock(monkeypatch, day(2 - number))
        archive.audit("--holding", f"letters-{number}")
    archive.letter(2).write_text("damaged\n")
    set_clock(monkeypatch, day(3))
    archive.audit("--holding", "letters-2")
    archive.append(archive.ingestion(write_small_bag(archive.shelf / "new"), at=day(3)))
    set_clock(monkeypatch, day(60))
    archive.audit("--older-than", "30d")
    assert checked(archive) == ["letters-2", "new", "letters-1", "letters-0"]


def test_a_known_bad_copy_is_due_again_after_a_tenth_of_the_interval(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path, bags=2)
    archive.letter(0).write_text("damaged\n")
    set_clock(monkeypatch, day(1))
    archive.audit()
    set_clock(monkeypatch, day(9.9))
    assert archive.report()["due"] == 0
    set_clock(monkeypatch, day(10))
    archive.audit()
    assert checked(archive) == ["letters-0"]


def test_a_nightly_share_never_leaves_anything_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path, bags=12, check_every_days=10)
    archive.letter(3).write_text("damaged\n")
    for night in range(26):
        set_clock(monkeypatch, day(night))
        archive.audit("--subset", "1/8", "--no-shelves")
        with archive.open() as register:
            assert read_totals(register.connection, day(night)).overdue == 0
        assert len([name for name in checked(archive) if night < 2 or name != "letters-3"]) == 2


def test_a_lost_disk_keeps_no_other_copy_from_being_checked_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path, bags=6, check_every_days=30)
    lost = tmp_path / "lost"
    lost.mkdir()
    archive.append(SOURCE.event(EventType.SHELF, day(0), detail={"place": str(lost)}))
    events = [archive.ingestion(write_small_bag(lost / f"lost-{n}", f"Lost {n}.\n")) for n in range(14)]
    archive.append(*events)
    monkeypatch.setattr(defaults, "default_jobs", lambda: 1)
    for night in range(120):
        if night == 25:
            shutil.rmtree(lost)
        set_clock(monkeypatch, day(night))
        run = archive.audit("--subset", "1/30", "--no-shelves")
        late = [f"letters-{n}" for n in range(6) if is_late(archive.copy(f"letters-{n}"), night)]
        assert late == []
        assert len(checked(archive)) <= 2
    tried = [archive.copy(f"lost-{n}").tried_at for n in range(14)]
    assert all(at is not None and at >= format_time(day(100)) for at in tried)
    assert "14 overdue since 2026-02-" in run.out
    assert "all checked since" not in run.out


def is_late(copy: Copy, night: int) -> bool:
    """Whether a copy has waited longer than the 30 days of the policy."""
    return copy.waiting_since < format_time(day(night) - timedelta(days=30))


def test_known_bad_copies_do_not_use_up_the_limit_of_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path, bags=12, check_every_days=10)
    for number in range(6):
        archive.letter(number).write_text("damaged\n")
    set_clock(monkeypatch, day(1))
    archive.audit()
    set_clock(monkeypatch, day(11))
    archive.audit("--bytes-limit", "45")
    assert checked(archive) == ["letters-0", "letters-6", "letters-7", "letters-8"]


def test_a_share_is_rounded_up(tmp_path: Path) -> None:
    assert Archive(tmp_path, bags=7).report("--subset", "1/3")["checked"] == 3


def test_shares_of_a_batch_check_each_copy_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=9)
    for number in (1, 2, 3):
        archive.audit("--shard", f"{number}/3")
    names = [event.holding for event in archive.events("fixity-check")]
    assert sorted(map(str, names)) == [f"letters-{number}" for number in range(9)]


def test_a_sample_is_recorded_with_its_seed_and_can_be_repeated(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=20)
    seed = archive.report("--sample", "20%")["selection"]["seed"]
    first = checked(archive)
    assert len(first) == 4
    archive.audit("--sample", "20%", "--seed", str(seed))
    assert checked(archive) == first
    archive.audit("--sample", "20%", "--seed", str(seed + 1))
    assert checked(archive) != first


def test_a_named_holding_is_checked_due_or_not(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.audit()
    assert archive.report("--holding", "letters-1", "--holding", "letters-0")["checked"] == 2


def test_only_copies_on_a_shelf_are_checked(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    second = tmp_path / "second"
    shutil.copytree(archive.bag(0), second / "letters-0")
    archive.add_copy("letters-0", second / "letters-0")
    assert archive.report("--shelf", second)["checked"] == 1


def test_a_limit_of_bytes_stops_the_run_and_leaves_the_rest_due(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=5)
    report = archive.report("--bytes-limit", "25")
    assert (report["checked"], report["left"], report["stopped"]) == (2, 3, "bytes-limit")
    assert archive.report("--bytes-limit", "1")["checked"] == 1
    run = archive.audit("--bytes-limit", "1")
    assert "1 copy in order" in run.out
    assert "1 left: the limit of bytes was reached" in run.out


def test_a_time_limit_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path, bags=5)
    seconds = iter(range(0, 1_000_000, 2))
    monkeypatch.setattr("archtool.batch.audit.run.time.monotonic", lambda: float(next(seconds)))
    report = archive.report("--time-limit", "5s")
    assert report["stopped"] == "time-limit"
    assert report["checked"] + report["left"] == 5
    assert report["left"]


def test_a_plan_says_what_would_be_read_and_writes_nothing(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=5)
    before = len(archive.events())
    run = archive.audit("--plan", "--subset", "2/5")
    assert (run.code, run.out.splitlines()[0]) == (0, "2 copies would be checked, 20 bytes of payload")
    assert "not known yet" in run.out
    assert "at least once by 20" in run.said()
    assert len(archive.events()) == before


def test_a_plan_of_all_new_copies_says_that_everything_is_checked_after_it(tmp_path: Path) -> None:
    run = Archive(tmp_path, bags=2).audit("--plan")
    assert "after this audit, every copy has been checked at least once" in run.said()


def test_a_plan_says_how_long_and_from_when_on_everything_has_been_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path, bags=6)
    set_clock(monkeypatch, day(0))
    archive.audit("--subset", "1/6")
    (plan,) = archive.audit("--plan", "--subset", "1/6", "--json").objects
    assert (plan["copies"], plan["never_checked"], plan["unchecked"]) == (1, 1, 5)
    assert plan["rate"]["copies_per_second"] > 0
    assert plan["all_checked_at"] == "2026-01-05T02:00:00Z"
    for night in range(1, 5):
        set_clock(monkeypatch, day(night))
        archive.audit("--subset", "1/6")
    set_clock(monkeypatch, day(4))
    assert "all checked since" not in archive.audit("--bytes-limit", "1", "--plan").out
    archive.audit()
    assert "every copy has been checked once since 2026-01-01" in archive.audit("--plan").said()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--subset", "0/3"], "not a share: '0/3'"),
        (["--subset", "4/3"], "not a share: '4/3'"),
        (["--sample", "1"], "not a sample: '1'"),
        (["--sample", "0%"], "not a sample: '0%'"),
        (["--all", "--subset", "1/3"], "--all and --subset contradict each other"),
        (["--all", "--older-than", "3d"], "--older-than and --margin select what is due"),
        (["--older-than", "3 moons"], "not a span of time: '3 moons'"),
        (["--margin", "90d"], "a margin of 90d leaves nothing of 90d"),
        (["--quick", "--subset", "1/3"], "contradicts --quick"),
        (["--seed", "4"], "--seed requires --sample"),
        (["--mount", "TAPE-7"], "not LABEL=DIR: 'TAPE-7'"),
        (["--signer", "Jane"], "--signer requires --sign"),
        (["--shard", "1/2", "--sample", "50%"], "--sample and --shard contradict each other"),
        (["--shelf", "/nowhere"], "no copy of the register is below /nowhere"),
        (["--holding", "nobody"], "there is no holding named nobody"),
        (["--mount", "TAPE-7=/nowhere"], "the medium TAPE-7 is not connected"),
    ],
)
def test_what_cannot_be_selected_is_said_and_nothing_is_recorded(
    tmp_path: Path, options: list[str], message: str
) -> None:
    archive = Archive(tmp_path, bags=1)
    before = len(archive.events())
    run = archive.audit(*options)
    assert run.code in (2, 3)
    assert message in run.err
    assert "hint: " in run.err
    assert len(archive.events()) == before


def test_without_a_register_the_audit_says_how_to_make_one(tmp_path: Path) -> None:
    run = archtool("audit", "--register", tmp_path / "none.register")
    assert run.code == 3
    assert "archtool holdings init" in run.err


def test_a_register_that_another_run_writes_is_waited_for_and_then_given_up(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=1)
    with archive.open() as register:
        _hold(register)
        run = archive.audit("--wait", "0.1")
    assert run.code == 5
    assert "locked by another run" in run.err


@pytest.mark.parametrize("options", [[], ["--plan"]])
def test_a_damaged_register_is_no_bug_and_says_what_to_do(tmp_path: Path, options: list[str]) -> None:
    archive = Archive(tmp_path, bags=40)
    with archive.open() as register:
        register.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(archive.path.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    archive.path.write_bytes(data)
    run = archive.audit(*options)
    assert run.code == 5
    assert "is damaged" in run.err
    assert "archtool holdings import" in run.err


def _hold(register: Register) -> None:
    register.connection.execute("BEGIN IMMEDIATE")


def test_a_clock_that_was_wrong_for_one_night_does_not_end_all_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path, bags=3)
    archive.letter(2).write_text("damaged\n")
    set_clock(monkeypatch, day(365 * 70))
    archive.audit()
    archive.letter(0).write_text("damaged\n")
    set_clock(monkeypatch, day(1))
    run = archive.audit("--bytes-limit", "1")
    assert "2 left: the limit of bytes was reached" in run.out
    assert "dated later than now" in " ".join(run.out.split())
    assert "overdue" in run.out
    archive.audit()
    assert [archive.copy(f"letters-{number}").state for number in range(3)] == ["changed", "ok", "changed"]
    assert {archive.copy(f"letters-{number}").tried_at for number in range(3)} == {format_time(day(1))}
    assert archive.report()["due"] == 0


@pytest.mark.parametrize("selection", [("--subset", "1/3"), ("--all",), ("--older-than", "5d", "--quick")])
def test_each_selection_reaches_copies_that_were_checked_with_a_wrong_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, selection: tuple[str, ...]
) -> None:
    archive = Archive(tmp_path, bags=3)
    set_clock(monkeypatch, day(1))
    archive.audit()
    set_clock(monkeypatch, day(365 * 70))
    archive.audit("--holding", "letters-1", *(option for option in selection if option == "--quick"))
    set_clock(monkeypatch, day(20))
    archive.audit(*selection)
    assert "letters-1" in checked(archive)


def test_reports_lists_and_verification_say_that_a_clock_was_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path, bags=2)
    set_clock(monkeypatch, day(1))
    archive.audit("--holding", "letters-1")
    set_clock(monkeypatch, day(365 * 70))
    archive.audit("--holding", "letters-0")
    set_clock(monkeypatch, day(2))
    archive.append(SOURCE.event(EventType.SHELF, day(2), detail={"place": str(tmp_path)}))
    (report,) = archtool("holdings", "report", "--register", archive.path, "--json").objects
    assert (report["overdue"]["count"], report["totals"]["in_future"]) == (1, 1)
    assert report["run"]["begun_at"] == format_time(day(1))
    assert [item["holding"] for item in report["overdue"]["list"]] == ["letters-0"]
    screen = archtool("holdings", "report", "--register", archive.path)
    assert "1 copy overdue" in screen.out
    assert "dated later than now" in " ".join(screen.out.split())
    page = tmp_path / "report.html"
    archtool("holdings", "report", "--register", archive.path, "-o", page)
    assert "dated later than now" in page.read_text()
    listed = archtool("holdings", "list", "--register", archive.path, "--overdue")
    assert "letters-0" in listed.out
    assert "letters-1" not in listed.out
    verified = archtool("holdings", "verify", "--register", archive.path)
    words = " ".join(verified.out.split())
    assert (verified.code, "events are dated later than now" in words) == (0, True)
    assert "is dated 2026-01-03T02:00:00Z, and the event before it 2095" in words
