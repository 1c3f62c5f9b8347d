"""The runs of `archtool audit`: resumed ones, processes, clusters, and what is tried a second time."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from archtool.batch.audit import task
from archtool.batch.audit.run import _Run
from archtool.holdings.event_types import EventType
from archtool.operations.audit.check_copy import CopyCheck, check_copy
from audits import SOURCE, Archive, set_clock, write_small_bag
from clusters import importable, running_cluster
from command_line import Run, archtool, archtool_process
from terminals import Terminal
from unit.holdings.registers import check, day


def test_an_audit_of_everything_that_reached_its_limit_goes_on_where_it_was(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=5)
    assert archive.report("--all", "--bytes-limit", "25")["left"] == 3
    report = archive.report("--all", "--bytes-limit", "25")
    assert (report["is_resumed"], report["checked"], report["left"]) == (True, 2, 1)
    archive.audit("--all")
    names = Counter(event.holding for event in archive.events("fixity-check"))
    assert set(names.values()) == {1}
    assert len(archive.events("audit-begun")) == 1
    assert archive.report("--all")["is_resumed"] is False


def test_another_selection_is_another_run(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=5)
    archive.audit("--all", "--bytes-limit", "25")
    assert archive.report("--all", "--quick")["is_resumed"] is False
    assert archive.report("--older-than", "0d")["is_resumed"] is False


def test_a_run_that_was_left_for_long_is_not_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path, bags=5)
    set_clock(monkeypatch, day(1))
    archive.audit("--all", "--bytes-limit", "25")
    set_clock(monkeypatch, day(1) + timedelta(days=8))
    report = archive.report("--all")
    assert (report["is_resumed"], report["checked"]) == (False, 5)


def test_a_share_that_reached_its_limit_is_followed_by_the_next_share(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=6)
    archive.audit("--subset", "1/2", "--bytes-limit", "25")
    report = archive.report("--subset", "1/2")
    assert (report["is_resumed"], report["checked"]) == (False, 3)


def test_processes_find_the_same_as_one(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=40)
    archive.letter(3).write_text("damaged\n")
    shutil.rmtree(archive.bag(17))
    report = archive.report("--jobs", "3")
    assert report["counts"] == {"changed": 1, "missing": 1, "ok": 38}
    assert [one["holding"] for one in report["failures"]] == ["letters-3", "letters-17"]


def test_a_check_that_takes_too_long_is_unreadable_and_the_others_are_checked(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=4)
    letter = archive.letter(2)
    letter.unlink()
    os.mkfifo(letter)
    big = archive.letter(1)
    big.write_bytes(b"x" * 400_000)
    report = archive.report("--jobs", "2", "--job-timeout", "1", "--bwlimit", "200000")
    states = {one["holding"]: one["state"] for one in report["failures"]}
    assert states["letters-1"] in ("unreadable", "changed")
    assert report["counts"]["ok"] == 2
    assert report["checked"] == 4


def test_a_copy_that_kills_its_process_takes_no_other_copy_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path, bags=40)

    def check_or_die(path: Path, *rest: Any) -> CopyCheck:
        if path.name == "letters-11":
            os.kill(os.getpid(), signal.SIGKILL)
        return check_copy(path, *rest)

    monkeypatch.setattr(task, "check_copy", check_or_die)
    report = archive.report("--jobs", "2")
    (failure,) = report["failures"]
    assert (failure["holding"], failure["state"]) == ("letters-11", "unreadable")
    assert failure["problems"][0]["code"] == "audit.not-finished"
    assert report["counts"] == {"ok": 39, "unreadable": 1}


def test_a_copy_that_is_there_at_the_second_try_is_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path)
    away = tmp_path / "away"
    archive.bag(1).rename(away)
    search = _Run.search

    def mount_and_search(run: _Run) -> object:
        if away.exists():
            away.rename(archive.bag(1))
        return search(run)

    monkeypatch.setattr(_Run, "search", mount_and_search)
    assert archive.report()["counts"] == {"ok": 3}
    assert len(archive.events("fixity-check")) == 3


def test_what_is_recorded_does_not_wait_for_the_end_of_the_run(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=30)
    seen: list[int] = []

    def watch() -> None:
        until = time.monotonic() + 20
        while time.monotonic() < until and not archive.events("audit-ended"):
            seen.append(len(archive.events("fixity-check")))
            time.sleep(0.2)

    watcher = Thread(target=watch)
    watcher.start()
    options = ["--register", str(archive.path), "--agent", "Jane", "--bwlimit", "4000", "--jobs", "2"]
    run = archtool_process("audit", *options)
    watcher.join()
    assert run.code == 0
    assert any(0 < count < 30 for count in seen)


def test_a_cluster_checks_the_copies_and_only_this_client_writes(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=12)
    archive.letter(5).write_text("damaged\n")
    with running_cluster(tmp_path / "cluster", workers=2, env=importable()) as cluster:
        run = archtool_process(
            "audit", "--register", archive.path, "--agent", "Jane", "--cluster", cluster.scheduler_file
        )
    assert run.code == 1, run.err
    assert "changed: letters-5," in run.out
    assert len(archive.events("fixity-check")) == 12


@pytest.mark.parametrize("option", ["--jobs", "--shard", "--bwlimit"])
def test_a_cluster_has_no_use_for_options_of_one_machine(tmp_path: Path, option: str) -> None:
    value = {"--jobs": "2", "--shard": "1/2", "--bwlimit": "1M"}[option]
    archive = Archive(tmp_path, bags=1)
    options = ["--register", archive.path, "--agent", "Jane", "--cluster", "tcp://127.0.0.1:1", option, value]
    run = archtool_process("audit", *options)
    assert run.code == 2
    assert f"{option} and --cluster contradict each other" in run.err


def test_two_audits_of_the_same_selection_do_not_read_the_same_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path, bags=2)
    monkeypatch.setattr("archtool.batch.audit.lock.WAIT_SECONDS", 0.1)
    search = _Run.search
    others: list[Run] = []

    def begin_another(run: _Run) -> object:
        if not others:
            others.append(archive.audit())
            others.append(archive.audit("--all"))
        return search(run)

    monkeypatch.setattr(_Run, "search", begin_another)
    assert archive.audit().code == 0
    assert [run.code for run in others] == [5, 0]
    assert ".lock is locked by another run" in others[0].err
    assert list(tmp_path.glob("*.lock")) == []


def test_a_terminal_shows_the_progress_and_then_only_the_report(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=12)
    terminal = Terminal(
        "audit", "--register", archive.path, "--agent", "Jane", "--jobs", "1", "--bwlimit", "4000"
    )
    terminal.wait_for("auditing")
    assert terminal.end() == 0
    last = terminal.text.replace("\r\n", "\n").rstrip("\n").rpartition("\r")[2]
    assert last.startswith("12 copies in order, ")


@pytest.mark.parametrize("selection", [("--all",), ("--sample", "100%"), ("--holding", "letters-0")])
def test_a_withdrawn_copy_does_not_keep_a_run_open_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, selection: tuple[str, ...]
) -> None:
    archive = Archive(tmp_path, bags=3)
    for number in (1, 2):
        archive.add_copy("letters-0", write_small_bag(archive.shelf / f"copy-{number}", "Letter 0.\n"))
    set_clock(monkeypatch, day(1))
    assert archive.report(*selection, "--bytes-limit", "1")["left"]
    for number in (1, 2):
        archive.remove_copy("letters-0", archive.shelf / f"copy-{number}")
        archive.append(SOURCE.event(EventType.WITHDRAWAL, day(1), f"letters-{number}"))
    set_clock(monkeypatch, day(2))
    archive.audit(*selection)
    archive.letter(0).write_text("damaged\n")
    set_clock(monkeypatch, day(3))
    report = archive.report(*selection)
    assert (report["is_resumed"], report["left"]) == (False, 0)
    assert [one["holding"] for one in report["failures"]] == ["letters-0"]


def test_a_resumed_run_reaches_the_old_copies_beside_those_registered_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path, bags=4)
    set_clock(monkeypatch, day(1))
    archive.audit()
    set_clock(monkeypatch, day(2))
    archive.audit("--all", "--bytes-limit", "25")
    archive.append(archive.ingestion(write_small_bag(archive.shelf / "new"), at=day(2)))
    set_clock(monkeypatch, day(3))
    report = archive.report("--all")
    assert (report["is_resumed"], report["due"], report["checked"]) == (True, 5, 3)
    checked = [event.holding for event in archive.events("fixity-check") if event.at >= day(2)]
    assert sorted(map(str, checked)) == ["letters-0", "letters-1", "letters-2", "letters-3", "new"]


def test_parts_that_check_nothing_do_not_prolong_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path, bags=5)
    set_clock(monkeypatch, day(1))
    archive.audit("--all", "--bytes-limit", "25")
    (ended,) = archive.events("audit-ended")
    for number in (5, 10):
        archive.append(replace(ended, at=day(number)))
    set_clock(monkeypatch, day(12))
    assert archive.report("--all")["is_resumed"] is False


@pytest.mark.parametrize("way", ["replaced", "removed"])
def test_a_register_that_is_no_longer_at_its_place_is_an_error_and_no_quiet_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    archive = Archive(tmp_path, bags=2)
    backup = shutil.copy(archive.path, tmp_path / "backup.register")
    search = _Run.search

    def restore_backup_and_search(run: _Run) -> object:
        archive.path.unlink()
        if way == "replaced":
            backup.rename(archive.path)
        return search(run)

    monkeypatch.setattr(_Run, "search", restore_backup_and_search)
    run = archive.audit()
    assert (run.code, run.out) == (5, "")
    assert "archive.register was replaced or removed while it was in use" in run.err


@pytest.mark.parametrize("way", ["repaired", "replaced and updated"])
def test_a_copy_that_somebody_mends_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    archive = Archive(tmp_path, bags=2)
    set_clock(monkeypatch, day(1))
    archive.audit()
    if way == "repaired":
        archive.letter(0).write_text("damaged\n")
    calls: list[str] = []

    def check_while_others_work(path: Path, *rest: Any) -> CopyCheck:
        calls.append(path.name)
        is_first = calls.count("letters-0") == 1 and path.name == "letters-0"
        if is_first and way != "repaired":
            shutil.rmtree(path)
            write_small_bag(path, "Another letter.\n")
        found = check_copy(path, *rest)
        if is_first and way == "repaired":
            archive.letter(0).write_text("Letter 0.\n")
            archive.append(check(0, day(2), place=str(path)))
        elif is_first:
            options = ("--register", archive.path, "--agent", "Jane", "--reason", "a better scan")
            assert archtool("holdings", "update", "letters-0", *options).code == 0
        return found

    monkeypatch.setattr(task, "check_copy", check_while_others_work)
    set_clock(monkeypatch, day(3))
    assert archive.report("--all")["counts"] == {"ok": 2}
    assert archive.copy("letters-0").state == "ok"
    assert calls.count("letters-0") == 2
