"""Work in several threads: all outcomes, in any order, and an early end."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest

from archtool.download.threads import for_each


@pytest.mark.parametrize("jobs", [1, 3])
def test_every_outcome_is_yielded_once(jobs: int) -> None:
    stop = Event()
    assert sorted(for_each(range(50), lambda n: n * n, jobs, stop)) == [n * n for n in range(50)]
    assert stop.is_set()


def test_a_slow_item_does_not_block_the_others() -> None:
    others_are_done, done = Event(), []

    def work(number: int) -> int:
        if number == 0:
            assert others_are_done.wait(60)
        return number

    for number in for_each(range(20), work, 2, Event()):
        done.append(number)
        if len(done) == 19:
            others_are_done.set()
    assert done[-1] == 0


def test_an_exception_ends_the_iteration_and_sets_stop() -> None:
    stop, started = Event(), []

    def work(number: int) -> None:
        started.append(number)
        if number == 0:
            raise OSError
        assert stop.wait(60)

    with pytest.raises(OSError):  # noqa: PT011 - any
        list(for_each(range(1000), work, 2, stop))
    assert len(started) < 10


def test_items_are_read_only_as_needed() -> None:
    read = []

    def items() -> Iterator[int]:
        for number in range(1000):
            read.append(number)
            yield number

    outcomes = for_each(items(), lambda n: n, 2, Event())
    next(outcomes)
    assert len(read) <= 4
    outcomes.close()  # type: ignore[attr-defined]
