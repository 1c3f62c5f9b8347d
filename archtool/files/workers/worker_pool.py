"""A pool of forked processes that do tasks: they share the parent's memory; only tasks and outcomes are sent.

Threads were measured first: on small files two of them were slower than one, since each file costs the
interpreter more than the hash. `concurrent.futures` is not used: when one of its processes is killed, its
whole pool is broken, and a batch must lose only the job that killed the process.

Each process has a pipe to the parent, and the parent knows which tasks each process has. Forking needs a
process without other threads (`parallel.can_fork`); otherwise callers do the work themselves.

The pool starts the requested number of processes. When they wait for the storage more than they compute, it
starts more, up to a limit: a disk answers many requests at a time faster than one after another. This is
measured on Linux only; elsewhere the number is fixed.
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
_GROWING_SECONDS = 0.03  # between two measurements: enough to read some files from a disk
_GRACE_SECONDS = 10.0  # for a process that removes what it staged
_POLL_SECONDS = 0.005
_TICK_SECONDS = 0.2  # between two drawings of the progress while all processes are at work


@dataclass(frozen=True, slots=True)
class TaskResult(Generic[Task, Outcome]):
    """The result of one task: an outcome, an error, or the loss of its process."""

    task: Task
    outcome: Outcome | None = None
    error: Exception | None = None
    """The exception that the work raised."""
    lost: str | None = None
    """The reason why its process did not finish it."""
    is_timed_out: bool = False
    """Whether the task took longer than the timeout."""


class WorkerPool(Generic[Task, Outcome]):
    """Forked processes that share the tasks of one run."""

    def __init__(
        self,
        work: Callable[[Task], Outcome],
        concurrency: Concurrency,
        *,
        cleans_up: bool = False,
        tasks_per_worker: int = 1,
        timeout_seconds: float | None = None,
    ) -> None:
        """Make a pool that starts its processes when tasks arrive.

        `cleans_up`: processes that are ended get time to remove what they staged.
        `tasks_per_worker`: how many tasks a process can have, one running and the others waiting.
        More than one is only for tasks of a few bytes: the parent must never wait for a full pipe.
        """
        self._work = work
        self._max_workers = concurrency.max_workers
        self._wanted = concurrency.jobs
        self._cleans_up = cleans_up
        self._tasks_per_worker = tasks_per_worker
        self._timeout_seconds = timeout_seconds
        self._meter = concurrency.meter
        self._workers: list[_Worker[Task, Outcome]] = []
        self._selector = selectors.DefaultSelector()
        self._grown_at = time.monotonic()

    def run(
        self, tasks: Iterable[Task], pauses_after: Callable[[Outcome], bool] | None = None
    ) -> Generator[Sequence[TaskResult[Task, Outcome]], None, None]:
        """Do every task; yield lists of results as they are ready, in no order.

        A task is read from the iterator only when a process is free for it, and free processes get the next
        tasks before results are yielded. Where `pauses_after` is true for an outcome, or a process was lost,
        they get the next tasks after the results were yielded, so that the caller can stop.
        """
        load_prctl()
        left = iter(tasks)
        try:
            while True:
                self._assign(left)
                if not any(worker.tasks for worker in self._workers):
                    return
                results = list(self._wait_for_results())
                if pauses_after is None or not any(_pauses(result, pauses_after) for result in results):
                    self._assign(left)
                if results:
                    yield results
        finally:
            for worker in self._workers:
                worker.end()
            self._selector.close()

    def _assign(self, left: Iterator[Task]) -> None:
        """Send tasks to the processes that can take one; start processes as they are needed."""
        while (idlest := self._idlest()) is None or len(idlest.tasks) < self._tasks_per_worker:
            try:
                task = next(left)
            except StopIteration:
                return
            if idlest is None:
                idlest = _Worker(self._work, self._workers, cleans_up=self._cleans_up)
                self._workers.append(idlest)
                self._selector.register(idlest.pipe, selectors.EVENT_READ, idlest)
            idlest.send(task)

    def _idlest(self) -> _Worker[Task, Outcome] | None:
        """Return the process with the fewest tasks; `None` where a new process should get the next task."""
        idlest = min(self._workers, key=lambda worker: len(worker.tasks), default=None)
        can_start = len(self._workers) < self._wanted
        return None if can_start and (idlest is None or idlest.tasks) else idlest

    def _wait_for_results(self) -> Iterator[TaskResult[Task, Outcome]]:
        unreached = [worker for worker in self._workers if worker.unreachable is not None]
        ready = self._selector.select(0.0 if unreached else self._seconds_to_wait())
        if self._meter is not None:
            self._meter.tick()
        reached = [key.data for key, _ in ready if key.data not in unreached]
        for worker in [*unreached, *reached]:
            result = worker.receive()
            if result is None:
                yield from self._lose(worker)
            else:
                yield result
        for worker in [one for one in self._workers if self._is_timed_out(one)]:
            yield from self._lose(worker, f"it took more than {self._timeout_seconds:g} s")
        if len(self._workers) < self._max_workers and time.monotonic() - self._grown_at >= _GROWING_SECONDS:
            self._grow()

    def _lose(
        self, worker: _Worker[Task, Outcome], timeout: str | None = None
    ) -> Iterator[TaskResult[Task, Outcome]]:
        """End a process; yield its tasks, if it has any, as lost."""
        self._selector.unregister(worker.pipe)
        self._workers.remove(worker)
        ended = worker.end()
        lost = timeout or worker.unreachable or f"its process ended before the job did: {ended}"
        for task in worker.tasks:
            yield TaskResult(task, lost=lost, is_timed_out=timeout is not None)

    def _seconds_to_wait(self) -> float | None:
        """Return the longest wait for results: until a timeout, the growth of the pool, or a tick."""
        can_grow = max(len(self._workers), self._wanted) < self._max_workers
        limits = [_GROWING_SECONDS] if can_grow else []
        limits += [_TICK_SECONDS] if self._meter is not None else []
        if self._timeout_seconds is not None:
            first = min(worker.began_at for worker in self._workers if worker.tasks)
            limits.append(max(0.0, first + self._timeout_seconds - time.monotonic()))
        return min(limits, default=None)

    def _is_timed_out(self, worker: _Worker[Task, Outcome]) -> bool:
        seconds = self._timeout_seconds
        return seconds is not None and bool(worker.tasks) and time.monotonic() - worker.began_at >= seconds

    def _grow(self) -> None:
        """Double the wanted number of processes if the running ones wait for the storage."""
        busy = sum(worker.busy_seconds() for worker in self._workers)
        if busy < BUSY_SHARE * sum(worker.seconds() for worker in self._workers):
            self._wanted = min(self._max_workers, 2 * len(self._workers))
        self._grown_at = time.monotonic()


class _Worker(Generic[Task, Outcome]):
    """One process as the parent sees it."""

    def __init__(
        self, work: Callable[[Task], Outcome], others: Iterable[_Worker[Task, Outcome]], *, cleans_up: bool
    ) -> None:
        self.tasks: deque[Task] = deque()
        """The tasks that were sent to it; the first is running."""
        self.unreachable: str | None = None
        """The reason why the last task could not be sent."""
        self.began_at = self._forked_at = time.monotonic()
        """When it began the first of its tasks."""
        self.pipe, child_pipe = Pipe()
        self._cleans_up = cleans_up
        parent = os.getpid()
        self._process = os.fork()
        if self._process == 0:
            for other in others:
                other.pipe.close()  # otherwise their processes would not notice the end of the parent
            self.pipe.close()
            _serve(child_pipe, work, parent, cleans_up=cleans_up)
        child_pipe.close()

    def send(self, task: Task) -> None:
        """Send it a task. If that fails, the pool treats the process as lost."""
        if not self.tasks:
            self.began_at = time.monotonic()
        self.tasks.append(task)
        try:
            self.pipe.send_bytes(pickle.dumps(task))
        except OSError as error:
            self.unreachable = f"the job could not be sent to its process: {error.strerror or error}"

    def receive(self) -> TaskResult[Task, Outcome] | None:
        """Return the result of its first task; `None` where the process has ended or cannot be reached."""
        if self.unreachable is not None:
            return None
        try:
            outcome, error = pickle.loads(self.pipe.recv_bytes())  # noqa: S301 - from a forked child
        except (EOFError, OSError):
            return None
        self.began_at = time.monotonic()
        return TaskResult(self.tasks.popleft(), outcome, error)

    def end(self) -> str:
        """End the process and return how it ended; a process that cleans up gets time for it."""
        self.pipe.close()  # a process without a task ends itself
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
        """Return the age of the process."""
        return time.monotonic() - self._forked_at

    def busy_seconds(self) -> float:
        """Return how long it computed, or waited for a processor; its age where this is unknown.

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
    """Do tasks until there are none; never return into the parent's code."""
    try:
        gc.freeze()  # the parent's objects are not garbage here, and are not searched for any
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent gets it as well, and ends this process
        signal.signal(signal.SIGTERM, _stop if cleans_up else signal.SIG_DFL)
        end_with_parent(parent, signal.SIGTERM if cleans_up else signal.SIGKILL)
        while True:
            pipe.send_bytes(_do(work, pickle.loads(pipe.recv_bytes())))  # noqa: S301 - from the parent
    except (EOFError, OSError, KeyboardInterrupt):
        os._exit(0)
    finally:
        os._exit(1)


def _stop(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second signal must not interrupt the clean-up
    raise KeyboardInterrupt


def _do(work: Callable[[Any], Any], task: Any) -> bytes:
    try:
        return pickle.dumps((work(task), None))
    except Exception as error:  # noqa: BLE001 - the parent raises it
        return pickle.dumps((None, error))
