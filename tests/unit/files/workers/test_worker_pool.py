"""Several processes do units of work: none is lost, and every failure is reported."""

from __future__ import annotations

import os
import threading
import time

import pytest

from archtool.files.workers import parallel
from archtool.files.workers.concurrency import Concurrency
from archtool.files.workers.parallel import run_units
from archtool.files.workers.worker_pool import WorkerPool


def test_other_processes_do_all_units() -> None:
    outcomes = list(run_units(100, lambda unit: (unit, os.getpid()), Concurrency(3)))
    assert sorted(unit for unit, _ in outcomes) == list(range(100))
    assert os.getpid() not in {process for _, process in outcomes}


def test_an_error_in_another_process_is_raised() -> None:
    def fail(unit: int) -> int:
        raise ValueError(f"unit {unit}")

    with pytest.raises(ValueError, match="unit"):
        list(run_units(10, fail, Concurrency(2)))


def test_a_process_that_ends_early_is_an_error() -> None:
    def die(unit: int) -> int:
        if unit == 5:
            os._exit(1)
        return unit

    with pytest.raises(ChildProcessError):
        list(run_units(10, die, Concurrency(2)))


def test_a_process_with_threads_is_not_forked() -> None:
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert not parallel.can_fork()
        assert list(run_units(3, lambda unit: unit, Concurrency(2))) == [0, 1, 2]
    finally:
        done.set()
        other.join()


def test_a_task_that_takes_too_long_is_ended_and_the_others_are_done() -> None:
    def work(seconds: float) -> float:
        time.sleep(seconds)
        return seconds

    pool = WorkerPool[float, float](work, Concurrency(2), timeout_seconds=0.5)
    results = [result for some in pool.run([60.0, 0.0]) for result in some]
    assert {result.task: result.outcome for result in results} == {60.0: None, 0.0: 0.0}
    (lost,) = (result for result in results if result.task == 60.0)
    assert lost.is_timed_out
    assert "it took more than 0.5 s" in (lost.lost or "")
