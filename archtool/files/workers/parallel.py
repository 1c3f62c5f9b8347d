"""Distributes work over forked processes where this process can fork, otherwise over threads.

The work is split into numbered units (`run_units`), or is a sequence of files (`for_each_file_in_threads`).
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from archtool.files.limits import MAX_UNITS
from archtool.files.source import FileSource
from archtool.files.workers.concurrency import Concurrency
from archtool.files.workers.read_stopper import ReadStopper

if TYPE_CHECKING:
    from concurrent.futures import Future

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
Work = Callable[[FileSource, Item], Outcome]
BATCH_FILES = 64  # enough to make passing them cheap, few enough that large files spread over the threads
_UNITS_PER_WORKER = 2  # so that a process does not wait for the parent between two units
_WINDOW = 4  # pending batches for each thread: memory does not grow with the number of files


def can_fork() -> bool:
    """Return whether this process can be forked: another thread could hold a lock that is never released."""
    return hasattr(os, "fork") and threading.active_count() == 1


def run_units(
    units: int, work: Callable[[int], Outcome], concurrency: Concurrency, *, cleans_up: bool = False
) -> Iterator[Outcome]:
    """Do the work for every number below `units`; yield the outcomes as they are ready, in no order.

    An error of the work is raised here and ends the other processes. They are also ended when the caller
    stops iterating. With `cleans_up` they get time to remove what they staged.

    Raises:
        ChildProcessError: a process ended early, so that some units were not done.
    """
    if concurrency.max_workers <= 1 or units <= 1 or not can_fork():
        yield from map(work, range(units))
        return
    from archtool.files.workers.worker_pool import WorkerPool  # lazy: 25 ms, only large bags need it

    pool = WorkerPool(work, concurrency, cleans_up=cleans_up, tasks_per_worker=_UNITS_PER_WORKER)
    with closing(pool.run(range(units))) as groups:
        for results in groups:
            for result in results:
                if result.lost is not None:  # for instance killed because memory ran out
                    raise ChildProcessError(f"a process that was reading files ended: {result.lost}")
                if result.error is not None:
                    raise result.error
                yield result.outcome  # type: ignore[misc]  # neither lost nor failed: it has an outcome


def run_in_order(
    units: int, work: Callable[[int], Outcome], concurrency: Concurrency, *, cleans_up: bool = False
) -> Iterator[Outcome]:
    """Do the work for every number below `units`; yield the outcomes in the order of the units.

    Raises:
        ChildProcessError: a process ended early, so that some units were not done.
    """

    def numbered(unit: int) -> tuple[int, Outcome]:
        return unit, work(unit)

    early: dict[int, Outcome] = {}
    wanted = 0
    for unit, outcome in run_units(units, numbered, concurrency, cleans_up=cleans_up):
        early[unit] = outcome
        while wanted in early:
            yield early.pop(wanted)
            wanted += 1


def for_each_file_in_threads(
    source: FileSource, items: Iterable[Item], work: Work[Item, Outcome], jobs: int, stop: ReadStopper
) -> Iterator[Outcome]:
    """Do the work on every item in threads; yield the outcomes in the order of the items.

    A sequential source is read by one thread: each further thread would start at its beginning. `stop` is set
    when the iteration ends: work that passes the bytes of its files to it then stops within a block.
    """
    if jobs <= 1 or source.is_sequential:
        with source.reopen() as view:
            for item in items:
                yield work(view, item)
        return
    from concurrent.futures import ThreadPoolExecutor  # lazy: brings `logging`, only several threads need it

    batches = _batched(items)
    with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="fixity") as pool:
        waiting: deque[Future[list[Outcome]]] = deque()
        try:
            for batch in batches:
                waiting.append(pool.submit(_do_batch, source, batch, work))
                if len(waiting) >= jobs * _WINDOW:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            stop.set()
            for future in waiting:
                future.cancel()


def for_each_file_in_processes(
    source: FileSource,
    items: Sequence[Item],
    work: Work[Item, Outcome],
    concurrency: Concurrency,
    prepare: Callable[[FileSource, Sequence[Item]], None],
) -> Iterator[Outcome]:
    """Do the work on every item in processes; yield the outcomes in the order of the items.

    The outcome must be the only effect of the work. `prepare` is called with the next items, some at a time.
    Where this process cannot fork, threads do the work, and `prepare` is not called.

    Raises:
        ChildProcessError: a process ended early.
    """
    if source.is_sequential or not can_fork():
        yield from for_each_file_in_threads(source, items, work, concurrency.jobs, ReadStopper())
        return

    def do_batch(view: FileSource, batch: Sequence[Item]) -> list[Outcome]:
        prepare(view, batch)
        return [work(view, item) for item in batch]

    yield from for_each_batch_in_processes(source, items, do_batch, concurrency)


def for_each_batch_in_processes(
    source: FileSource,
    items: Sequence[Item],
    work: Callable[[FileSource, Sequence[Item]], list[Outcome]],
    concurrency: Concurrency,
) -> Iterator[Outcome]:
    """Do the work on batches of items in processes; yield the outcomes in the order of the items.

    For work that is faster on several files at a time.

    Raises:
        ChildProcessError: a process ended early.
    """
    workers = 1 if source.is_sequential else concurrency.max_workers
    size = min(BATCH_FILES, max(1, len(items) // (workers * _WINDOW)))
    size = max(size, -(-len(items) // MAX_UNITS))

    def do_unit(unit: int) -> list[Outcome]:
        with source.reopen() as view:
            return work(view, items[unit * size : (unit + 1) * size])

    for outcomes in run_in_order(
        -(-len(items) // size), do_unit, concurrency.single() if workers <= 1 else concurrency
    ):
        yield from outcomes


def _batched(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH_FILES)):
        yield batch


def _do_batch(source: FileSource, batch: Sequence[Item], work: Work[Item, Outcome]) -> list[Outcome]:
    with source.reopen() as view:
        return [work(view, item) for item in batch]
