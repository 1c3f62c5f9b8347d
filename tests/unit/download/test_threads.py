"""Several threads at the same work: all outcomes, in any order, and an end when one is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest

from archtool.download.threads import for_each


@pytest.mark.parametrize("jobs", [1, 3])
def test_every_outcome_comes_once(jobs: int) -> None:
    stop = Event()
    assert sorted(for_each(range(50), lambda n: n * n, jobs, stop)) == [n * n for n in range(50)]
    assert stop.is_set()


def test_one_that_takes_long_does_not_hold_the_others_up() -> None:
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


def test_what_cannot_go_on_ends_it_and_tells_the_others() -> None:
    stop, begun = Event(), []

    def work(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise OSError
        assert stop.wait(60)

    with pytest.raises(OSError):  # noqa: PT011 - any
        list(for_each(range(1000), work, 2, stop))
    assert len(begun) < 10


def test_the_things_are_taken_as_they_are_needed() -> None:
    taken = []

    def things() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    outcomes = for_each(things(), lambda n: n, 2, Event())
    next(outcomes)
    assert len(taken) <= 4
    outcomes.close()  # type: ignore[attr-defined]
