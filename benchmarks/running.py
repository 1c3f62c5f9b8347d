"""Runs the contestants of one work: checks, an unmeasured round, then the measured rounds in turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext

from benchmarks.checks import remark_on, require_fault, require_same_work
from benchmarks.corpora import planted_fault
from benchmarks.model import Contestant, Outcome, Role, Work
from benchmarks.timing import (
    FailedRunError,
    FinishedRun,
    RunEnvironment,
    require_success,
    run_with_output,
    run_without_output,
)
from benchmarks.watching import watch

_FULL_ROUNDS = 5  # fewer rounds are a trial, which is never extended
Say = Callable[[str], None]


class WorkRunner:
    """Runs one work and collects the outcome of each contestant."""

    def __init__(self, work: Work, environment: RunEnvironment, say: Say) -> None:
        self._work = work
        self._environment = environment
        self._say = say
        self._outcomes = {
            contestant.name: Outcome(contestant.name, contestant.entries) for contestant in work.contestants
        }

    def run(self, rounds: int) -> list[Outcome]:
        """Run all steps in order; returns the outcomes."""
        self._work.prepare()
        for contestant in self._work.contestants:
            if not self._environment.has(contestant.program):
                self._fail(contestant, f"{contestant.program} is not installed")
        if self._work.victim is not None and not self._work.is_watched:
            self._find_faults()
        with self._damage() if self._work.is_watched else nullcontext():
            self._run_rounds(rounds)
        return list(self._outcomes.values())

    def _find_faults(self) -> None:
        verifiers = [contestant for contestant in self._active() if contestant.role is Role.VERIFIES]
        with self._damage():
            for contestant in verifiers:
                self._say(f"{self._work.key}: planted fault: {contestant.name}")
                self._try(contestant, self._require_fault)

    def _damage(self) -> AbstractContextManager[None]:
        assert self._work.victim is not None  # noqa: S101 - checked by the caller
        assert self._work.marker is not None  # noqa: S101 - a work with a victim has a marker
        return planted_fault(self._work.victim, self._work.marker)

    def _run_rounds(self, rounds: int) -> None:
        for contestant in list(self._active()):
            self._say(f"{self._work.key}: warm-up: {contestant.name}")
            self._try(contestant, self._warm_up)
        if rounds >= _FULL_ROUNDS:
            rounds = max(rounds, self._work.rounds_at_least)
        for number in range(rounds):
            for contestant in _rotated(self._work.contestants, number):
                if self._is_active(contestant) and number < (contestant.most_runs or rounds):
                    self._say(f"{self._work.key}: round {number + 1} of {rounds}: {contestant.name}")
                    self._try(contestant, self._measure)

    def _require_fault(self, contestant: Contestant) -> None:
        require_fault(contestant, run_with_output(contestant, self._environment), self._work.victim_name)

    def _warm_up(self, contestant: Contestant) -> None:
        self._work.before_each()
        if self._work.is_watched:
            self._watch(contestant)
            return
        finished = run_with_output(contestant, self._environment)
        require_success(finished, contestant.folder)
        require_same_work(self._work, contestant, finished)
        self._outcomes[contestant.name].remark = remark_on(self._work, contestant, self._environment)

    def _measure(self, contestant: Contestant) -> None:
        self._work.before_each()
        if self._work.is_watched:
            finished = self._watch(contestant)
        else:
            finished = run_without_output(contestant, self._environment)
            require_success(finished, contestant.folder)
        self._outcomes[contestant.name].runs.append(finished.run)

    def _watch(self, contestant: Contestant) -> FinishedRun:
        return watch(contestant, self._work.victim_name, self._environment)

    def _try(self, contestant: Contestant, step: Callable[[Contestant], None]) -> None:
        try:
            step(contestant)
        except FailedRunError as error:
            self._fail(contestant, str(error))

    def _fail(self, contestant: Contestant, reason: str) -> None:
        self._say(f"{self._work.key}: {contestant.name}: {reason}")
        self._outcomes[contestant.name].failure = reason

    def _is_active(self, contestant: Contestant) -> bool:
        return not self._outcomes[contestant.name].failure

    def _active(self) -> Iterator[Contestant]:
        return (contestant for contestant in self._work.contestants if self._is_active(contestant))


def _rotated(contestants: tuple[Contestant, ...], by: int) -> tuple[Contestant, ...]:
    start = by % len(contestants)
    return contestants[start:] + contestants[:start]
