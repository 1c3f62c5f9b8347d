"""A pool of forked processes that do tasks: what is in memory is shared, only tasks and outcomes are sent.

Threads were measured first: on small files two of them were slower than one, since each file costs the
interpreter more than the hash. `concurrent.futures` is not used: when one of its processes is killed its pool
is broken as a whole, and a batch must lose the one job that killed it and nothing else.

Each process has a pipe to the parent, and the parent knows which tasks each has in hand. Forking needs a
process without other threads (`parallel.can_fork`); where there are some, callers do the work themselves.

The pool starts as many processes as were asked for. When they wait for the storage more than they compute, it
starts more, up to a limit: a disk answers many requests at a time faster than one after another. This is
measured on Linux only; elsewhere the number stays.
"""

from __future__ import annotations

import gc
import os
import pickle
import selectors
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from types import FrameType
from typing import Any, Generic, NoReturn, TypeVar

from archtool.files.workers.concurrency import Concurrency
from archtool.files.workers.parent_death import end_with_parent, load_prctl

Task = TypeVar("Task")
Outcome = TypeVar("Outcome")
BUSY_SHARE = 0.7  # of its time: a process that computes less waits for the storage
_GROWING_SECONDS = 0.03  # between two measurements of that: some files of a cold disk
_GRACE_SECONDS = 10.0  # for a process that removes what it staged
_POLL_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class TaskResult(Generic[Task, Outcome]):
    """What became of one task: an outcome, an error, or a process that was lost with it."""

    task: Task
    outcome: Outcome | None = None
    error: Exception | None = None
    """What the work raised."""
    lost: str | None = None
    """Why its process did not finish it."""
    is_late: bool = False
    """Whether it was lost because it took longer than the timeout."""


class WorkerPool(Generic[Task, Outcome]):
    """Forked processes that share the tasks of one run."""

    def __init__(
        self,
        work: Callable[[Task], Outcome],
        concurrency: Concurrency,
        *,
        cleans_up: bool = False,
        tasks_in_hand: int = 1,
        timeout_seconds: float | None = None,
    ) -> None:
        """`cleans_up`: processes that are ended get time to remove what they staged.

        `tasks_in_hand`: how many tasks a process has at most, one to do and the others waiting. More than
        one only for tasks of a few bytes: the parent must never wait for a full pipe.
        """
        self._work = work
        self._most = concurrency.most
        self._wanted = concurrency.jobs
        self._cleans_up = cleans_up
        self._tasks_in_hand = tasks_in_hand
        self._timeout_seconds = timeout_seconds
        self._workers: list[_Worker[Task, Outcome]] = []
        self._selector = selectors.DefaultSelector()
        self._grown_at = time.monotonic()

    def run(
        self, tasks: Iterable[Task], pauses_after: Callable[[Outcome], bool] | None = None
    ) -> Generator[Sequence[TaskResult[Task, Outcome]], None, None]:
        """Do every task; yields results as they are ready, in no order, together where several are.

        A task is taken from the iterator only when a process is free for it, and free processes get the
        next tasks before results are yielded. Where `pauses_after` says so of an outcome, or a process was
        lost, they get them afterwards: the caller can still stop.
        """
        load_prctl()
        left = iter(tasks)
        try:
            while True:
                self._hand_out(left)
                if not any(worker.tasks for worker in self._workers):
                    return
                results = list(self._wait_for_results())
                if pauses_after is None or not any(_pauses(result, pauses_after) for result in results):
                    self._hand_out(left)
                if results:
                    yield results
        finally:
            for worker in self._workers:
                worker.end()
            self._selector.close()

    def _hand_out(self, left: Iterator[Task]) -> None:
        """Give tasks to the processes that have room for one; start processes as they are needed."""
        while (idlest := self._idlest()) is None or len(idlest.tasks) < self._tasks_in_hand:
            try:
                task = next(left)
            except StopIteration:
                return
            if idlest is None:
                idlest = _Worker(self._work, self._workers, cleans_up=self._cleans_up)
                self._workers.append(idlest)
                self._selector.register(idlest.pipe, selectors.EVENT_READ, idlest)
            idlest.give(task)

    def _idlest(self) -> _Worker[Task, Outcome] | None:
        """Return the process with the fewest tasks; `None` where one should be started for the next task."""
        idlest = min(self._workers, key=lambda worker: len(worker.tasks), default=None)
        may_start = len(self._workers) < self._wanted
        return None if may_start and (idlest is None or idlest.tasks) else idlest

    def _wait_for_results(self) -> Iterator[TaskResult[Task, Outcome]]:
        unreached = [worker for worker in self._workers if worker.unreachable is not None]
        ready = self._selector.select(0.0 if unreached else self._seconds_to_wait())
        reached = [key.data for key, _ in ready if key.data not in unreached]
        for worker in [*unreached, *reached]:
            result = worker.take()
            if result is None:
                yield from self._lose(worker)
            else:
                yield result
        for worker in [one for one in self._workers if self._is_late(one)]:
            yield from self._lose(worker, f"it took more than {self._timeout_seconds:g} s")
        if len(self._workers) < self._most and time.monotonic() - self._grown_at >= _GROWING_SECONDS:
            self._grow()

    def _lose(
        self, worker: _Worker[Task, Outcome], late: str | None = None
    ) -> Iterator[TaskResult[Task, Outcome]]:
        """End a process; yields its tasks as lost. There are none where it ended while it had none."""
        self._selector.unregister(worker.pipe)
        self._workers.remove(worker)
        ended = worker.end()
        lost = late or worker.unreachable or f"its process ended before the job did: {ended}"
        for task in worker.tasks:
            yield TaskResult(task, lost=lost, is_late=late is not None)

    def _seconds_to_wait(self) -> float | None:
        """Return how long to wait for results at most: until a task is late, or until the pool may grow."""
        growing = [_GROWING_SECONDS] if len(self._workers) < self._most and self._wanted < self._most else []
        if self._timeout_seconds is not None:
            first = min(worker.began_at for worker in self._workers if worker.tasks)
            growing.append(max(0.0, first + self._timeout_seconds - time.monotonic()))
        return min(growing, default=None)

    def _is_late(self, worker: _Worker[Task, Outcome]) -> bool:
        seconds = self._timeout_seconds
        return seconds is not None and bool(worker.tasks) and time.monotonic() - worker.began_at >= seconds

    def _grow(self) -> None:
        """Want twice as many processes where those that there are wait for the storage."""
        busy = sum(worker.busy_seconds() for worker in self._workers)
        if busy < BUSY_SHARE * sum(worker.seconds() for worker in self._workers):
            self._wanted = min(self._most, 2 * len(self._workers))
        self._grown_at = time.monotonic()


class _Worker(Generic[Task, Outcome]):
    """What the parent knows of one process."""

    def __init__(
        self, work: Callable[[Task], Outcome], others: Iterable[_Worker[Task, Outcome]], *, cleans_up: bool
    ) -> None:
        self.tasks: deque[Task] = deque()
        """Those that it has in hand, the one that it does first."""
        self.unreachable: str | None = None
        """Why it never got the last of them."""
        self.began_at = self._forked_at = time.monotonic()
        """Since when it does the first of its tasks."""
        self.pipe, theirs = Pipe()
        self._cleans_up = cleans_up
        parent = os.getpid()
        self._process = os.fork()
        if self._process == 0:
            for other in others:
                other.pipe.close()  # otherwise their processes would not see that the parent is gone
            self.pipe.close()
            _serve(theirs, work, parent, cleans_up=cleans_up)
        theirs.close()

    def give(self, task: Task) -> None:
        """Send it a task. If that fails the pool takes it as lost at once."""
        if not self.tasks:
            self.began_at = time.monotonic()
        self.tasks.append(task)
        try:
            self.pipe.send_bytes(pickle.dumps(task))
        except OSError as error:
            self.unreachable = f"the job could not be handed over: {error.strerror or error}"

    def take(self) -> TaskResult[Task, Outcome] | None:
        """Return the result of its first task; `None` where the process has ended or cannot be reached."""
        if self.unreachable is not None:
            return None
        try:
            outcome, error = pickle.loads(self.pipe.recv_bytes())  # noqa: S301 - from our own fork
        except (EOFError, OSError):
            return None
        self.began_at = time.monotonic()
        return TaskResult(self.tasks.popleft(), outcome, error)

    def end(self) -> str:
        """End the process and return how it ended; where it cleans up, it gets time for that."""
        self.pipe.close()  # a process without a task sees that none will come
        if not self._cleans_up:
            self._signal(signal.SIGKILL)
        elif self.tasks:
            self._signal(signal.SIGTERM)
        until = time.monotonic() + _GRACE_SECONDS
        while not (ended := os.waitpid(self._process, os.WNOHANG if self._cleans_up else 0))[0]:
            if time.monotonic() > until:
                self._signal(signal.SIGKILL)
                ended = os.waitpid(self._process, 0)
                break
            time.sleep(_POLL_SECONDS)
        code = os.waitstatus_to_exitcode(ended[1])
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def seconds(self) -> float:
        """Return how long it has been there."""
        return time.monotonic() - self._forked_at

    def busy_seconds(self) -> float:
        """Return how long it computed, or waited for a processor; where unknown, all of its time.

        Source: Documentation/scheduler/sched-stats in the Linux kernel (`/proc/PID/schedstat`).
        """
        try:
            with open(f"/proc/{self._process}/schedstat", "rb") as file:  # noqa: PTH123 - done often
                computed_ns, queued_ns, _ = file.read().split()
        except (OSError, ValueError):
            return self.seconds()
        return (int(computed_ns) + int(queued_ns)) / 1e9

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._process, number)


def _pauses(result: TaskResult[Any, Outcome], pauses_after: Callable[[Outcome], bool]) -> bool:
    return result.outcome is None or pauses_after(result.outcome)


def _serve(pipe: Connection, work: Callable[[Any], Any], parent: int, *, cleans_up: bool) -> NoReturn:
    """Do tasks until there are none; never returns into the code that the parent goes on with."""
    try:
        gc.freeze()  # what the parent made is not garbage here, and is not searched for any
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent gets it too, and ends this process
        signal.signal(signal.SIGTERM, _stop if cleans_up else signal.SIG_DFL)
        end_with_parent(parent, signal.SIGTERM if cleans_up else signal.SIGKILL)
        while True:
            pipe.send_bytes(_do(work, pickle.loads(pipe.recv_bytes())))  # noqa: S301 - from our parent
    except (EOFError, OSError, KeyboardInterrupt):
        os._exit(0)
    finally:
        os._exit(1)


def _stop(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
    raise KeyboardInterrupt


def _do(work: Callable[[Any], Any], task: Any) -> bytes:
    try:
        return pickle.dumps((work(task), None))
    except Exception as error:  # noqa: BLE001 - the parent raises it
        return pickle.dumps((None, error))
