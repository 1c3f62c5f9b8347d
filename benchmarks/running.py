"""Lets the contestants of one work run side by side: checks, an unmeasured round, then the measured ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext

from benchmarks.checks import demand_fault, demand_same_work, remark_on
from benchmarks.corpora import planted
from benchmarks.model import Contestant, Outcome, Role, Work
from benchmarks.timing import (
    Ended,
    FailedRunError,
    Surroundings,
    demand_success,
    run_listening,
    run_silently,
)
from benchmarks.watching import watch

_FULL_ROUNDS = 5  # who asks for fewer wants a trial, and gets no more anywhere
Say = Callable[[str], None]


class Race:
    """One work: its contestants, and what was seen of each until now."""

    def __init__(self, work: Work, around: Surroundings, say: Say) -> None:
        self._work = work
        self._around = around
        self._say = say
        self._outcomes = {one.name: Outcome(one.name, one.entries) for one in work.contestants}

    def run(self, rounds: int) -> list[Outcome]:
        """Everything, in the order in which it must be done."""
        self._work.prepare()
        for one in self._work.contestants:
            if not self._around.has(one.program):
                self._fail(one, f"not there: {one.program} is not installed")
        if self._work.victim is not None and not self._work.is_watched:
            self._find_faults()
        with self._damage() if self._work.is_watched else nullcontext():
            self._race(rounds)
        return list(self._outcomes.values())

    def _find_faults(self) -> None:
        verifiers = [one for one in self._left() if one.role is Role.VERIFIES]
        with self._damage():
            for one in verifiers:
                self._say(f"{self._work.key}: planted fault: {one.name}")
                self._try(one, self._demand_fault)

    def _damage(self) -> AbstractContextManager[None]:
        assert self._work.victim is not None  # noqa: S101 - asked before
        assert self._work.marker is not None  # noqa: S101 - whoever has a victim has a marker
        return planted(self._work.victim, self._work.marker)

    def _race(self, rounds: int) -> None:
        for one in list(self._left()):
            self._say(f"{self._work.key}: warm-up: {one.name}")
            self._try(one, self._warm_up)
        if rounds >= _FULL_ROUNDS:
            rounds = max(rounds, self._work.rounds_at_least)
        for number in range(rounds):
            for one in _rotated(self._work.contestants, number):
                if self._is_in(one) and number < (one.most_runs or rounds):
                    self._say(f"{self._work.key}: round {number + 1} of {rounds}: {one.name}")
                    self._try(one, self._measure)

    def _demand_fault(self, one: Contestant) -> None:
        demand_fault(one, run_listening(one, self._around), self._work.victim_name)

    def _warm_up(self, one: Contestant) -> None:
        self._work.before_each()
        if self._work.is_watched:
            self._watch(one)
            return
        ended = run_listening(one, self._around)
        demand_success(ended, one.folder)
        demand_same_work(self._work, one, ended)
        self._outcomes[one.name].remark = remark_on(self._work, one, self._around)

    def _measure(self, one: Contestant) -> None:
        self._work.before_each()
        if self._work.is_watched:
            ended = self._watch(one)
        else:
            ended = run_silently(one, self._around)
            demand_success(ended, one.folder)
        self._outcomes[one.name].runs.append(ended.run)

    def _watch(self, one: Contestant) -> Ended:
        return watch(one, self._work.victim_name, self._around)

    def _try(self, one: Contestant, step: Callable[[Contestant], None]) -> None:
        try:
            step(one)
        except FailedRunError as error:
            self._fail(one, str(error))

    def _fail(self, one: Contestant, why: str) -> None:
        self._say(f"{self._work.key}: {one.name}: {why}")
        self._outcomes[one.name].failure = why

    def _is_in(self, one: Contestant) -> bool:
        return not self._outcomes[one.name].failure

    def _left(self) -> Iterator[Contestant]:
        return (one for one in self._work.contestants if self._is_in(one))


def _rotated(contestants: tuple[Contestant, ...], by: int) -> tuple[Contestant, ...]:
    start = by % len(contestants)
    return contestants[start:] + contestants[:start]
