"""Does the same work on many files at once, each thread with its own handles, in a bounded window."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from archtool.fixity.source import FileSource

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
BATCH_FILES = 64  # enough to make handing over cheap, few enough that large files spread over the threads
_WINDOW = 4  # batches waiting per thread: memory does not grow with the number of files


def for_each_file(
    source: FileSource, items: Iterable[Item], work: Callable[[FileSource, Item], Outcome], jobs: int
) -> Iterator[Outcome]:
    """Do the work on every item and give the outcomes in the items' order, as they come.

    A sequential source is read by one thread: each further one would begin at the beginning.
    """
    if jobs <= 1 or source.is_sequential:
        with source.again() as view:
            for item in items:
                yield work(view, item)
        return
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


def _batched(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH_FILES)):
        yield batch


def _do_batch(
    source: FileSource, batch: Sequence[Item], work: Callable[[FileSource, Item], Outcome]
) -> list[Outcome]:
    with source.again() as view:
        return [work(view, item) for item in batch]
