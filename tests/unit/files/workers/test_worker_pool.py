"""Units of work that several processes do: none is lost, and no failure is silent."""

from __future__ import annotations

import os
import threading

import pytest

from archtool.files.workers import parallel
from archtool.files.workers.concurrency import Concurrency
from archtool.files.workers.parallel import run_units


def test_units_are_done_by_other_processes_and_none_is_lost() -> None:
    outcomes = list(run_units(100, lambda unit: (unit, os.getpid()), Concurrency(3)))
    assert sorted(unit for unit, _ in outcomes) == list(range(100))
    assert os.getpid() not in {process for _, process in outcomes}


def test_a_mistake_in_another_process_is_raised_here() -> None:
    def fail(unit: int) -> int:
        raise ValueError(f"unit {unit}")

    with pytest.raises(ValueError, match="unit"):
        list(run_units(10, fail, Concurrency(2)))


def test_a_process_that_ends_in_the_middle_is_no_silent_success() -> None:
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
