"""Does jobs in processes of this machine. One that crashes, hangs or is killed costs one job, not the batch.

Each process has one job in hand and a pipe to us; we know at any time which job died with it. The processes
are forked, so that what signs is in their memory and nowhere on the way. Where nothing can be forked the
jobs are done here.
"""

from __future__ import annotations

import os
import pickle
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe, wait
from types import FrameType

from archtool.batch.job import Outcome, crash
from archtool.batch.runners import InProcess, Item, Outcomes, Work, do
from archtool.batch.verbs import Verb
from archtool.errors import ExitCode
from archtool.fixity.forked import can_fork
from archtool.fixity.parent_death import end_with_parent, load_prctl

_GRACE_SECONDS = 10.0  # for one that is ended with a job in hand
_LOOK_SECONDS = 0.005


class _Worker:
    """One process, and the job that it has in hand."""

    def __init__(self, work: Work, others: Iterable[_Worker]) -> None:
        self.item: Item | None = None
        self.lost: str | None = None
        """Why it never got the job that it has in hand."""
        self.began_at = 0.0
        self.pipe, theirs = Pipe()
        parent = os.getpid()
        self.process = os.fork()
        if self.process == 0:
            for other in others:
                other.pipe.close()  # or they would never see that we are gone
            self.pipe.close()
            _serve(theirs, work, parent)
        theirs.close()

    def give(self, item: Item) -> None:
        """Hand it a job. One that did not get it whole has its pipe closed: its end is read at once."""
        self.item, self.began_at = item, time.monotonic()
        try:
            self.pipe.send_bytes(pickle.dumps(item))
        except OSError as error:
            self.lost = f"the job could not be handed over: {error.strerror or error}"

    def take(self) -> Outcome:
        """The outcome of its job, or that it died of it."""
        assert self.item is not None  # noqa: S101 - only who has a job is waited for
        key = self.item[0].key
        if self.lost is not None:
            self.end()
            return crash(key, self.lost, ExitCode.SURROUNDINGS)
        try:
            outcome: Outcome = pickle.loads(self.pipe.recv_bytes())  # noqa: S301 - our own fork
        except (EOFError, OSError):
            return crash(key, f"its process ended before the job did: {self.end()}", ExitCode.SURROUNDINGS)
        self.item = None
        return outcome

    def end(self) -> str:
        """End the process and say how it went: with a job in hand it may first clear away what it staged."""
        self.pipe.close()  # who has no job sees that there is none to come
        if self.item is not None:
            self._signal(signal.SIGTERM)
        until = time.monotonic() + _GRACE_SECONDS
        while not (ended := os.waitpid(self.process, os.WNOHANG))[0]:
            if time.monotonic() > until:
                self._signal(signal.SIGKILL)
                ended = os.waitpid(self.process, 0)
                break
            time.sleep(_LOOK_SECONDS)
        code = os.waitstatus_to_exitcode(ended[1])
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.process, number)


class Pool:
    """So many processes, each with one job at a time."""

    def __init__(self, jobs: int, timeout_seconds: float | None = None) -> None:
        self._most = jobs
        self._timeout_seconds = timeout_seconds

    def run(self, items: Iterable[Item], verb: Verb) -> Outcomes:
        """See `Runner`."""
        if not can_fork():
            yield from InProcess().run(items, verb)
            return
        verb.prepare()
        load_prctl()
        left = iter(items)
        workers: list[_Worker] = []
        try:
            while True:
                self._hand_out(left, workers, verb)
                busy = [worker for worker in workers if worker.item is not None]
                if not busy:
                    return
                outcomes = list(self._outcomes(busy, workers))
                if not any(outcome.is_failure for outcome in outcomes):
                    # nobody waits while we write down what became of them; after a failure who listens
                    # says first whether there shall be more
                    self._hand_out(left, workers, verb)
                yield outcomes
        finally:
            for worker in workers:
                worker.end()

    def _hand_out(self, left: Iterator[Item], workers: list[_Worker], work: Work) -> None:
        """Give every process that has no job the next one; begin processes as they are needed."""
        idle = [worker for worker in workers if worker.item is None]
        while len(idle) + self._most - len(workers) > 0 and (item := next(left, None)) is not None:
            if not idle:
                workers.append(_Worker(work, workers))
                idle = workers[-1:]
            idle.pop().give(item)

    def _outcomes(self, busy: list[_Worker], workers: list[_Worker]) -> Iterator[Outcome]:
        """Those that are ready, or that waited too long; a process that died is replaced when needed."""
        lost = [worker for worker in busy if worker.lost is not None]
        listening = [worker for worker in busy if worker.lost is None]
        ready = wait([worker.pipe for worker in listening], 0.0 if lost else self._seconds_left(busy))
        for worker in (*lost, *(worker for worker in listening if worker.pipe in ready)):
            outcome = worker.take()
            if worker.item is not None:
                workers.remove(worker)
            yield outcome
        for worker in busy:
            if worker.item is not None and worker in workers and self._is_late(worker):
                workers.remove(worker)
                key = worker.item[0].key
                worker.end()
                what = f"it took more than {self._timeout_seconds:g} s and was ended (--job-timeout)"
                yield crash(key, what, ExitCode.SURROUNDINGS)

    def _seconds_left(self, busy: list[_Worker]) -> float | None:
        if self._timeout_seconds is None:
            return None
        first = min(worker.began_at for worker in busy)
        return max(0.0, first + self._timeout_seconds - time.monotonic())

    def _is_late(self, worker: _Worker) -> bool:
        return self._timeout_seconds is not None and (
            time.monotonic() - worker.began_at >= self._timeout_seconds
        )


def _serve(pipe: Connection, work: Work, parent: int) -> None:
    """Do jobs until there are none; never returns into the code that the parent goes on with."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told of it, and ends us
        signal.signal(signal.SIGTERM, _stop)
        end_with_parent(parent, signal.SIGTERM)  # what it has staged is cleared away first
        while True:
            pipe.send_bytes(pickle.dumps(do(work, pickle.loads(pipe.recv_bytes()))))  # noqa: S301 - ours
    except (EOFError, OSError, KeyboardInterrupt):
        os._exit(0)
    finally:
        os._exit(1)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
