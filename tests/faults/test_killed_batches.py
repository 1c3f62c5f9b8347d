"""A batch that is killed, or whose jobs kill their processes, ends as an undisturbed one after a rerun."""

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

import pytest

from archtool.batch.job import Ending, Job, Outcome
from archtool.batch.journal import JOURNAL_NAME
from archtool.batch.memory import Known
from archtool.batch.pool import Pool
from archtool.batch.runners import Item, Runner
from batches import batch, packages_in, write_letters
from budgets import budget
from cluster_verbs import Named
from command_line import DATE, unmeasured
from packages import left_behind

KILLS = budget(4, 10)
NAMES = [f"letter-{number:02}" for number in range(24)]


def start_batch(source: Path, output: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "archtool", "batch", str(source), "-o", str(output), "--date", DATE]
    return subprocess.Popen(
        [*command, "--jobs", "2"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=unmeasured()
    )


def test_a_batch_killed_at_any_instant_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", *NAMES)
    started = time.monotonic()
    with start_batch(source, tmp_path / "undisturbed") as undisturbed:
        assert undisturbed.wait(timeout=60) == 0
    whole_run_seconds = time.monotonic() - started
    wanted = packages_in(tmp_path / "undisturbed")
    instants = random.Random(1932)  # noqa: S311 - a test's instants are no secret
    output = tmp_path / "out"
    for _ in range(KILLS):
        with start_batch(source, output) as process:
            time.sleep(instants.random() * whole_run_seconds)
            process.send_signal(signal.SIGKILL)
        visible = [path for path in output.glob("*") if not path.name.startswith((".", "batch-"))]
        for package in visible:
            names = {p: d for p, d in wanted.items() if p.startswith(f"{package.name}/")}
            assert {f"{package.name}/{p}" for p in _files(package)} == set(names)
    assert batch(source, output).code == 0
    assert packages_in(output) == wanted
    assert left_behind(output) == []
    assert _done_more_than_once(output / JOURNAL_NAME) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_batch_ends_at_once_and_is_gone_on_with(tmp_path: Path, number: int) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    with start_batch(source, output) as process:
        while process.poll() is None and not list(output.glob("letter-*")):
            os.sched_yield()
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said.strip()) == (130, b"archtool: interrupted; nothing half-made was left")
    assert left_behind(output) == []
    assert batch(source, output).code == 0
    assert len(list(output.glob("letter-*"))) == len(NAMES)


def _files(package: Path) -> Iterator[str]:
    return (str(path.relative_to(package)) for path in package.rglob("*") if path.is_file())


def _done_more_than_once(journal: Path) -> list[str]:
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    done = Counter(line["key"] for line in lines if line.get("ending") == Ending.DONE)
    return [key for key, count in done.items() if count > 1]


def items(*keys: str) -> Iterator[Item]:
    return ((Job(key, Path(key)), None) for key in keys)


def outcomes_of(runner: Runner, *keys: str) -> dict[str, Outcome]:
    return {outcome.key: outcome for some in runner.run(items(*keys), work) for outcome in some}


class DoesWhatItIsCalled(Named):
    def __call__(self, job: Job, known: Known | None) -> Outcome:
        del known
        if job.key.startswith("dies"):
            os.kill(os.getpid(), signal.SIGKILL)
        if job.key.startswith("exits"):
            os._exit(7)
        if job.key.startswith("hangs"):
            time.sleep(600)
        if job.key.startswith("has a bug"):
            raise ZeroDivisionError("division by zero")
        return Outcome(job.key, Ending.DONE, 0, "sha512:0")


work = DoesWhatItIsCalled()


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_job_that_kills_its_process_fails_alone(jobs: int) -> None:
    keys = ["a", "dies 1", "b", "has a bug", "dies 2", "exits", "c", "d"]
    outcomes = outcomes_of(Pool(jobs), *keys)
    assert sorted(outcomes) == sorted(keys)
    assert {key for key, outcome in outcomes.items() if outcome.exit_code == 0} == {"a", "b", "c", "d"}
    assert outcomes["dies 1"].message == "its process ended before the job did: signal 9"
    assert outcomes["exits"].message == "its process ended before the job did: exit code 7"
    assert outcomes["has a bug"].message == "a bug in archtool: ZeroDivisionError: division by zero"
    assert (outcomes["dies 2"].exit_code, outcomes["has a bug"].exit_code) == (5, 70)


def test_a_job_that_hangs_is_ended_and_the_others_go_on() -> None:
    keys = ["a", "hangs", "b", "c", "hangs too", "d"]
    outcomes = outcomes_of(Pool(2, 1.0), *keys)
    assert {key for key, outcome in outcomes.items() if outcome.exit_code == 0} == {"a", "b", "c", "d"}
    assert outcomes["hangs"].message == "it took more than 1 s and was ended (--job-timeout)"


def test_no_job_is_taken_before_somebody_is_free_for_it() -> None:
    taken: list[str] = []

    def counted() -> Iterator[Item]:
        for number in range(100):
            taken.append(str(number))
            yield Job(str(number), Path(str(number))), None

    outcomes = Pool(2).run(counted(), work)
    ended = len(next(outcomes))
    assert len(taken) <= ended + 2
    outcomes.close()


def test_who_stops_listening_leaves_no_process_behind() -> None:
    outcomes = Pool(3).run(items("hangs", "hangs too", "a"), work)
    assert [outcome.key for outcome in next(outcomes)] == ["a"]
    outcomes.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
