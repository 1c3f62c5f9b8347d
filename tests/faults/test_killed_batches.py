"""A batch that is killed, or whose jobs kill their processes, ends like an undisturbed one after a rerun."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archtool.batch.job import Ending
from archtool.batch.journal.journal import JOURNAL_NAME
from batches import batch, packages_in, write_letters
from budgets import budget
from command_line import DATE, unmeasured
from packages import left_behind

KILLS = budget(4, 10)
NAMES = [f"letter-{number:02}" for number in range(24)]


def start_batch(source: Path, output: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "archtool", "batch", str(source), "-o", str(output), "--date", DATE]
    return subprocess.Popen(
        [*command, "--jobs", "2"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=unmeasured()
    )


def test_a_batch_killed_at_any_instant_ends_like_an_undisturbed_one(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", *NAMES)
    started = time.monotonic()
    with start_batch(source, tmp_path / "undisturbed") as undisturbed:
        assert undisturbed.wait(timeout=60) == 0
    whole_run_seconds = time.monotonic() - started
    expected = packages_in(tmp_path / "undisturbed")
    instants = random.Random(1932)  # noqa: S311 - repeatable, no secret
    output = tmp_path / "out"
    for _ in range(KILLS):
        with start_batch(source, output) as process:
            time.sleep(instants.random() * whole_run_seconds)
            process.send_signal(signal.SIGKILL)
        visible = [path for path in output.glob("*") if not path.name.startswith((".", "batch-"))]
        for package in visible:
            names = {p: d for p, d in expected.items() if p.startswith(f"{package.name}/")}
            assert {f"{package.name}/{p}" for p in _files(package)} == set(names)
    assert batch(source, output).code == 0
    assert packages_in(output) == expected
    assert left_behind(output) == []
    assert _done_more_than_once(output / JOURNAL_NAME) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_batch_ends_at_once_and_can_be_resumed(tmp_path: Path, number: int) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    with start_batch(source, output) as process:
        while process.poll() is None and not list(output.glob("letter-*")):
            os.sched_yield()
        process.send_signal(number)
        _, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr.strip().splitlines()[0]) == (
        130,
        b"archtool: interrupted; no incomplete output was left",
    )
    assert stderr.endswith(b" reported; to do the others, run the same command again\n")
    assert left_behind(output) == []
    assert batch(source, output).code == 0
    assert len(list(output.glob("letter-*"))) == len(NAMES)


def _files(package: Path) -> Iterator[str]:
    return (str(path.relative_to(package)) for path in package.rglob("*") if path.is_file())


def _done_more_than_once(journal: Path) -> list[str]:
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    done = Counter(line["key"] for line in lines if line.get("ending") == Ending.DONE)
    return [key for key, count in done.items() if count > 1]


def run_pool(*arguments: str, timeout_seconds: float = 60) -> dict[str, Any]:
    command = [sys.executable, "-m", "faults.pool_jobs", *arguments]
    environment = {**unmeasured(), "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(
        command, env=environment, capture_output=True, timeout=timeout_seconds, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def successful(outcomes: dict[str, tuple[int, str | None]]) -> set[str]:
    return {key for key, (exit_code, _) in outcomes.items() if exit_code == 0}


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_a_job_that_kills_its_process_fails_alone(jobs: str) -> None:
    keys = ["a", "dies 1", "b", "has a bug", "dies 2", "exits", "c", "d"]
    outcomes = run_pool("--jobs", jobs, *keys)["outcomes"]
    assert sorted(outcomes) == sorted(keys)
    assert successful(outcomes) == {"a", "b", "c", "d"}
    assert outcomes["dies 1"][1] == "its process ended before the job did: signal 9"
    assert outcomes["exits"][1] == "its process ended before the job did: exit code 7"
    assert outcomes["has a bug"] == [70, "a bug in archtool: ZeroDivisionError: division by zero"]
    assert outcomes["dies 2"][0] == 5


def test_a_job_that_hangs_is_ended_and_the_others_are_done() -> None:
    outcomes = run_pool("--jobs", "2", "--timeout", "1", "a", "hangs", "b", "c", "hangs too", "d")["outcomes"]
    assert successful(outcomes) == {"a", "b", "c", "d"}
    assert outcomes["hangs"][1] == "it took more than 1 s and was ended (--job-timeout)"


def test_no_job_is_taken_before_a_worker_is_free_for_it() -> None:
    report = run_pool("--jobs", "2", *map(str, range(100)))
    assert report["taken"] <= report["first"] + 2


def test_a_pool_that_is_closed_leaves_no_process_behind() -> None:
    report = run_pool("--jobs", "3", "--stop", "hangs", "hangs too", "a")
    assert (list(report["outcomes"]), report["left"]) == (["a"], False)
