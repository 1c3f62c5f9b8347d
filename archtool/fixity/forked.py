"""Spreads numbered units of work over forked processes: what is in memory is shared, nothing is copied.

Threads were measured first: on small files two of them were slower than one, since each file costs the
interpreter more than the hash. A fork needs a process without other threads; where there are some, or no
fork at all, the units are done here one after another.
"""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any, TypeVar

Outcome = TypeVar("Outcome")
MAX_UNITS = 8_000  # their numbers must fit into a pipe at once, four bytes each, in 64 KiB
_NUMBER = struct.Struct("<i")
_LENGTH = struct.Struct("<I")
_READ_BYTES = 256 * 1024


def can_fork() -> bool:
    """Whether this process may be forked: no other thread could hold a lock that nobody lets go of."""
    return hasattr(os, "fork") and threading.active_count() == 1


def run_units(units: int, work: Callable[[int], Outcome], jobs: int) -> Iterator[Outcome]:
    """Do the work for every number below `units`; outcomes come as they are ready, in no order.

    What the work raises is raised here; the other processes are ended then, as when nobody waits for the
    outcomes any more.
    """
    if jobs <= 1 or units <= 1 or not can_fork():
        yield from map(work, range(units))
        return
    with ExitStack() as held:
        numbers = _preloaded(units, held)
        workers = [_fork_worker(numbers, work, held) for _ in range(min(jobs, units))]
        done = 0
        for outcome in _gather(workers):
            done += 1
            yield outcome
        if done != units:  # killed for want of memory, say: what it had in hand was not looked at
            raise ChildProcessError(f"a process that was hashing ended: {units - done:,} units were not done")


def _preloaded(units: int, held: ExitStack) -> int:
    """A pipe that holds the numbers of all units: whoever is free reads the next one."""
    reading, writing = os.pipe()
    held.callback(os.close, reading)
    try:
        os.write(writing, b"".join(map(_NUMBER.pack, range(units))))
    finally:
        os.close(writing)
    return reading


def _fork_worker(numbers: int, work: Callable[[int], Any], held: ExitStack) -> int:
    reading, writing = os.pipe()
    held.callback(os.close, reading)
    process = os.fork()
    if process == 0:
        _be_a_worker(numbers, writing, work)
    os.close(writing)
    held.callback(_end, process)
    return reading


def _end(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)  # it has said all that it had to say, or nobody listens
    os.waitpid(process, 0)


def _be_a_worker(numbers: int, writing: int, work: Callable[[int], Any]) -> None:
    """Do units until there are none; never returns into the code that the parent goes on with."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told of it, and ends us
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        while number := os.read(numbers, _NUMBER.size):
            _say(writing, _outcome(work, _NUMBER.unpack(number)[0]))
    finally:
        os._exit(0)


def _outcome(work: Callable[[int], Any], unit: int) -> bytes:
    try:
        return pickle.dumps((work(unit), None))
    except Exception as error:  # noqa: BLE001 - the parent raises it
        return pickle.dumps((None, error))


def _say(writing: int, data: bytes) -> None:
    view = memoryview(_LENGTH.pack(len(data)) + data)
    while view:
        view = view[os.write(writing, view) :]


def _gather(workers: list[int]) -> Iterator[Any]:
    with selectors.DefaultSelector() as selector:
        for reading in workers:
            selector.register(reading, selectors.EVENT_READ, bytearray())
        while selector.get_map():
            for key, _ in selector.select():
                data = os.read(key.fd, _READ_BYTES)
                if not data:
                    selector.unregister(key.fd)
                key.data.extend(data)
                yield from _whole_messages(key.data)


def _whole_messages(buffer: bytearray) -> Iterator[Any]:
    while len(buffer) >= _LENGTH.size:
        end = _LENGTH.size + _LENGTH.unpack_from(buffer)[0]
        if len(buffer) < end:
            return
        outcome, error = pickle.loads(bytes(buffer[_LENGTH.size : end]))  # noqa: S301 - our own fork
        del buffer[:end]
        if error is not None:
            raise error
        yield outcome
