"""Limits on reading: processes share a limited rate, and more processes start while the first wait."""

from __future__ import annotations

import os
import time

import pytest

from archtool.files.workers.concurrency import Concurrency, Pace
from archtool.files.workers.parallel import run_in_order, run_units


class Clock:
    """A clock that advances only in `sleep`, or when a test sets it."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_reading_waits_until_the_rate_allows_more() -> None:
    clock = Clock()
    pace = Pace(1000, clock, clock.sleep)
    for size in (500, 1000, 250):
        pace.spend(size)
    assert clock.now == pytest.approx(101.75)


def test_a_pause_is_not_followed_by_a_rush() -> None:
    clock = Clock()
    pace = Pace(1000, clock, clock.sleep)
    clock.now += 3600
    pace.update(memoryview(b"x" * 2000))
    assert sum(clock.slept) == pytest.approx(2.0)


def test_a_paced_read_returns_the_same_bytes() -> None:
    clock = Clock()
    read = Pace(10, clock, clock.sleep).paced(lambda _file, _size: b"letter")
    assert read(3, 64) == b"letter"
    assert sum(clock.slept) == pytest.approx(0.6)


def test_a_limited_rate_is_shared_by_a_fixed_number_of_processes() -> None:
    concurrency = Concurrency(2, 32, 1000)
    assert concurrency.max_workers == 2
    assert concurrency.per_process() == Concurrency(1, 1, 500)
    assert concurrency.single().limit_bytes_per_second == 1000
    assert Concurrency(2, 32).max_workers == 32
    assert Concurrency(4).max_workers == 4
    assert Concurrency(2, 32).pace(2) is None


def test_more_processes_start_when_the_first_wait_for_the_storage() -> None:
    def wait(_unit: int) -> int:
        time.sleep(0.04)  # a process that waits for a slow disk computes nothing
        return os.getpid()

    assert len(set(run_units(60, wait, Concurrency(2, 8)))) > 2


def test_no_process_is_added_while_the_first_compute() -> None:
    def compute(_unit: int) -> int:
        until = time.process_time() + 0.02
        while time.process_time() < until:
            pass
        return os.getpid()

    crew = set(run_units(12, compute, Concurrency(1, 1)))
    assert crew == {os.getpid()}


def test_outcomes_come_in_order_when_the_first_unit_takes_longest() -> None:
    def slow_at_first(unit: int) -> int:
        time.sleep(0.05 if unit == 0 else 0)
        return unit

    assert list(run_in_order(40, slow_at_first, Concurrency(3))) == list(range(40))
