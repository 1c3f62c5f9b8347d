"""Spreads numbered units of work over forked processes: what is in memory is shared, nothing is copied.

Threads were measured first: on small files two of them were slower than one, since each file costs the
interpreter more than the hash. A fork needs a process without other threads; where there are some, or no
fork at all, the units are done here one after another.

As many processes as were asked for begin. If they are seen to wait for the storage more than they
compute, others join them: a disk answers many questions at a time faster than one after another. That is
seen on Linux only; elsewhere their number stays.
"""

from __future__ import annotations

import gc
import os
import signal
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any, TypeVar

from archtool.fixity.effort import Effort
from archtool.fixity.parent_death import end_with_parent, load_prctl

Outcome = TypeVar("Outcome")
BUSY_SHARE = 0.7  # of the time that a process has: one that is less busy waits for the storage
_GROWING_SECONDS = 0.03  # between one look at that and the next: some files of a cold disk
_NUMBER = struct.Struct("<i")
_LENGTH = struct.Struct("<I")
_GRACE_SECONDS = 10.0  # for one that removes what it staged
_LOOK_SECONDS = 0.005
_READ_BYTES = 256 * 1024


def can_fork() -> bool:
    """Whether this process may be forked: no other thread could hold a lock that nobody lets go of."""
    return hasattr(os, "fork") and threading.active_count() == 1


def run_units(
    units: int, work: Callable[[int], Outcome], effort: Effort, *, cleans_up: bool = False
) -> Iterator[Outcome]:
    """Do the work for every number below `units`; outcomes come as they are ready, in no order.

    What the work raises is raised here; the other processes are ended then, as when nobody waits for the
    outcomes any more. With `cleans_up` they get time to remove what they staged, for work that writes.

    Raises:
        ChildProcessError: a process ended before its time, so that some units were not done.
    """
    if effort.most <= 1 or units <= 1 or not can_fork():
        yield from map(work, range(units))
        return
    with ExitStack() as held:
        crew = _Crew(units, work, effort, held, cleans_up=cleans_up)
        crew.grow(effort.jobs)
        done = 0
        for outcome in crew.outcomes():
            done += 1
            yield outcome
        if done != units:  # killed for want of memory, say: what it had in hand was not looked at
            raise ChildProcessError(f"a process that was hashing ended: {units - done:,} units were not done")


def run_in_order(
    units: int, work: Callable[[int], Outcome], effort: Effort, *, cleans_up: bool = False
) -> Iterator[Outcome]:
    """Do what `run_units` does, with the outcomes in the order of the units."""

    def numbered(unit: int) -> tuple[int, Outcome]:
        return unit, work(unit)

    early: dict[int, Outcome] = {}
    wanted = 0
    for unit, outcome in run_units(units, numbered, effort, cleans_up=cleans_up):
        early[unit] = outcome
        while wanted in early:
            yield early.pop(wanted)
            wanted += 1


class _Worker:
    """What the parent knows of one process."""

    def __init__(self, process: int) -> None:
        self.buffer = bytearray()
        self._process = process
        self._began_at = time.monotonic()

    def seconds(self) -> float:
        """How long it has been at work."""
        return time.monotonic() - self._began_at

    def busy_seconds(self) -> float:
        """How long it has computed, or was ready to and found no free processor; all, where nobody knows.

        Source: Documentation/scheduler/sched-stats in the Linux kernel (`/proc/PID/schedstat`).
        """
        try:
            with open(f"/proc/{self._process}/schedstat", "rb") as file:  # noqa: PTH123 - done often
                computed_ns, queued_ns, _ = file.read().split()
        except (OSError, ValueError):
            return self.seconds()
        return (int(computed_ns) + int(queued_ns)) / 1e9


class _Crew:
    """The processes that share the units."""

    def __init__(
        self, units: int, work: Callable[[int], Any], effort: Effort, held: ExitStack, *, cleans_up: bool
    ) -> None:
        # here, or every process would have to import it for itself
        import pickle  # noqa: F401
        import selectors

        load_prctl()
        self._most = min(effort.most, units)
        self._work = work
        self._held = held
        self._cleans_up = cleans_up
        self._numbers = _preloaded(units, held)
        self._selector = held.enter_context(selectors.DefaultSelector())
        self._workers: list[_Worker] = []
        self._grown_at = time.monotonic()

    def grow(self, more: int) -> None:
        """Begin so many more, as far as there may be."""
        import selectors

        for _ in range(min(more, self._most - len(self._workers))):
            process, reading = _fork_worker(self._numbers, self._work, self._held, cleans_up=self._cleans_up)
            self._workers.append(_Worker(process))
            self._selector.register(reading, selectors.EVENT_READ, self._workers[-1])
        self._grown_at = time.monotonic()

    def outcomes(self) -> Iterator[Any]:
        """What the processes say, until all have ended."""
        while self._selector.get_map():
            may_grow = len(self._workers) < self._most
            for key, _ in self._selector.select(_GROWING_SECONDS if may_grow else None):
                data = os.read(key.fd, _READ_BYTES)
                if not data:
                    self._selector.unregister(key.fd)
                    continue
                key.data.buffer += data
                yield from _complete(key.data)
            if may_grow and time.monotonic() - self._grown_at >= _GROWING_SECONDS:
                self._help_those_that_wait()

    def _help_those_that_wait(self) -> None:
        busy = sum(worker.busy_seconds() for worker in self._workers)
        if busy < BUSY_SHARE * sum(worker.seconds() for worker in self._workers):
            self.grow(len(self._workers))
        else:
            self._grown_at = time.monotonic()


def _preloaded(units: int, held: ExitStack) -> int:
    """A pipe that holds the numbers of all units: whoever is free reads the next one."""
    reading, writing = os.pipe()
    held.callback(os.close, reading)
    try:
        os.write(writing, b"".join(map(_NUMBER.pack, range(units))))
    finally:
        os.close(writing)
    return reading


def _fork_worker(
    numbers: int, work: Callable[[int], Any], held: ExitStack, *, cleans_up: bool
) -> tuple[int, int]:
    """The process, and the end of a pipe by which it tells its outcomes."""
    reading, writing = os.pipe()
    held.callback(os.close, reading)
    parent = os.getpid()
    process = os.fork()
    if process == 0:
        _be_a_worker(parent, numbers, writing, work, cleans_up=cleans_up)
    os.close(writing)
    held.callback(_end_gently if cleans_up else _end, process)
    return process, reading


def _end(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)  # it has said all that it had to say, or nobody listens
    os.waitpid(process, 0)


def _end_gently(process: int) -> None:
    """Ask a process to end, and end it if it does not in time."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGTERM)
    until = time.monotonic() + _GRACE_SECONDS
    while time.monotonic() < until:
        if os.waitpid(process, os.WNOHANG)[0]:
            return
        time.sleep(_LOOK_SECONDS)
    _end(process)


def _be_a_worker(
    parent: int, numbers: int, writing: int, work: Callable[[int], Any], *, cleans_up: bool
) -> None:
    """Do units until there are none; never returns into the code that the parent goes on with."""
    try:
        gc.freeze()  # what the parent made is no garbage here: it is not searched for any
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told of it, and ends us
        signal.signal(signal.SIGTERM, _stop if cleans_up else signal.SIG_DFL)
        end_with_parent(parent, signal.SIGTERM if cleans_up else signal.SIGKILL)
        while number := os.read(numbers, _NUMBER.size):
            _say(writing, _outcome(work, _NUMBER.unpack(number)[0]))
    finally:
        os._exit(0)


def _stop(_number: int, _frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # asked once is enough
    raise KeyboardInterrupt


def _outcome(work: Callable[[int], Any], unit: int) -> bytes:
    import pickle

    try:
        return pickle.dumps((work(unit), None))
    except Exception as error:  # noqa: BLE001 - the parent raises it
        return pickle.dumps((None, error))


def _say(writing: int, data: bytes) -> None:
    view = memoryview(_LENGTH.pack(len(data)) + data)
    while view:
        view = view[os.write(writing, view) :]


def _complete(worker: _Worker) -> Iterator[Any]:
    """The outcomes that have arrived whole."""
    import pickle

    buffer = worker.buffer
    while len(buffer) >= _LENGTH.size:
        end = _LENGTH.size + _LENGTH.unpack_from(buffer)[0]
        if len(buffer) < end:
            return
        outcome, error = pickle.loads(bytes(buffer[_LENGTH.size : end]))  # noqa: S301 - our own fork
        del buffer[:end]
        if error is not None:
            raise error
        yield outcome
