"""An audit that is killed or interrupted leaves a register that opens, verifies and goes on where it was."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from archtool.holdings.event import Event, record_digest
from archtool.holdings.queries import records_of
from audits import Archive
from budgets import budget
from command_line import unmeasured

KILLS = budget(5, 100)
BAGS = budget(150, 600)


def start(archive: Archive, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "archtool", "audit", "--register", str(archive.path), "--agent", "Jane"]
    return subprocess.Popen(
        [*command, "--jobs", "2", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=unmeasured()
    )


def assert_chain_is_whole(archive: Archive) -> None:
    previous = "0" * 64
    with archive.open() as register:
        assert register.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for _, record in records_of(register.connection):
            assert Event.parse(record)[1] == previous
            previous = record_digest(record.encode()).hex()


def checks_of(archive: Archive) -> list[Event]:
    return archive.events("fixity-check")


def test_an_audit_killed_at_any_instant_goes_on_and_reads_nothing_twice(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=BAGS)
    archive.letter(7).write_text("damaged\n")
    # slowed, so that the kills fall into the work
    limit = ("--all", "--bwlimit", "4000")
    instants = random.Random(1932)  # noqa: S311 - repeatable, no secret
    counts = [0]
    for _ in range(KILLS):
        with start(archive, *limit) as process:
            time.sleep(0.3 + instants.random() * 0.9)
            process.send_signal(signal.SIGKILL)
        assert_chain_is_whole(archive)
        counts.append(len(checks_of(archive)))
    assert counts == sorted(counts)
    assert archive.audit("--all").code == 1
    places = Counter(event.detail["place"] for event in checks_of(archive))
    assert (len(places), set(places.values())) == (BAGS, {1})
    assert len({event.run for event in archive.events() if event.run}) == len(archive.events("audit-begun"))
    assert archive.events("audit-ended")[-1].detail["left"] == 0
    assert archive.events("audit-ended")[-1].detail["counts"] == {"changed": 1, "ok": BAGS - 1}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_audit_keeps_what_it_checked(tmp_path: Path, number: signal.Signals) -> None:
    archive = Archive(tmp_path, bags=60)
    with start(archive, "--all", "--bwlimit", "4000") as process:
        _wait_for_checks(archive)
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"to go on, run the same command again" in err
    (ended,) = archive.events("audit-ended")
    assert ended.detail["stopped"] == "interrupted"
    done = len(checks_of(archive))
    assert ended.detail["checked"] == done > 0
    report = archive.report("--all")
    assert (report["is_resumed"], report["checked"], report["left"]) == (True, 60 - done, 0)
    assert len(archive.events("audit-begun")) == 1


def _wait_for_checks(archive: Archive) -> None:
    until = time.monotonic() + 30
    while not checks_of(archive):
        assert time.monotonic() < until
        time.sleep(0.05)
