"""Does the same work on many files at once: by forked processes where that can be, else by threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from archtool.fixity.effort import MAX_UNITS, Effort
from archtool.fixity.forked import can_fork, run_in_order
from archtool.fixity.source import FileSource

if TYPE_CHECKING:
    from concurrent.futures import Future

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
Work = Callable[[FileSource, Item], Outcome]
BATCH_FILES = 64  # enough to make handing over cheap, few enough that large files spread over the threads
_WINDOW = 4  # batches waiting per thread: memory does not grow with the number of files


def for_each_file(
    source: FileSource, items: Iterable[Item], work: Work[Item, Outcome], jobs: int
) -> Iterator[Outcome]:
    """Do the work on every item, by threads, and give the outcomes in the items' order, as they come.

    A sequential source is read by one thread: each further one would begin at the beginning.
    """
    if jobs <= 1 or source.is_sequential:
        with source.again() as view:
            for item in items:
                yield work(view, item)
        return
    from concurrent.futures import ThreadPoolExecutor

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
            for future in waiting:
                future.cancel()


def for_each_file_apart(
    source: FileSource,
    items: Sequence[Item],
    work: Work[Item, Outcome],
    effort: Effort,
    before: Callable[[FileSource, Sequence[Item]], None],
) -> Iterator[Outcome]:
    """The same, by processes: for work that leaves nothing behind but its outcome.

    `before` is shown the next files, some at a time; where there are threads it is not asked.

    Raises:
        ChildProcessError: a process ended before its time.
    """
    if source.is_sequential or not can_fork():
        yield from for_each_file(source, items, work, effort.jobs)
        return

    def do_batch(view: FileSource, batch: Sequence[Item]) -> list[Outcome]:
        before(view, batch)
        return [work(view, item) for item in batch]

    yield from for_each_batch_apart(source, items, do_batch, effort)


def for_each_batch_apart(
    source: FileSource,
    items: Sequence[Item],
    work: Callable[[FileSource, Sequence[Item]], list[Outcome]],
    effort: Effort,
) -> Iterator[Outcome]:
    """The same for work that gains from neighbours: it is given some files at a time, in their order.

    Raises:
        ChildProcessError: a process ended before its time.
    """
    most = 1 if source.is_sequential else effort.most
    size = min(BATCH_FILES, max(1, len(items) // (most * _WINDOW)))
    size = max(size, -(-len(items) // MAX_UNITS))

    def do_unit(unit: int) -> list[Outcome]:
        with source.again() as view:
            return work(view, items[unit * size : (unit + 1) * size])

    for outcomes in run_in_order(-(-len(items) // size), do_unit, effort.alone() if most <= 1 else effort):
        yield from outcomes


def _batched(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH_FILES)):
        yield batch


def _do_batch(source: FileSource, batch: Sequence[Item], work: Work[Item, Outcome]) -> list[Outcome]:
    with source.again() as view:
        return [work(view, item) for item in batch]
