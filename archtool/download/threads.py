"""Runs a function on many items in a few threads, with a short queue and a stop signal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from typing import TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
_QUEUED_PER_THREAD = 2  # memory does not grow with the number of items


def for_each(
    items: Iterable[Item], work: Callable[[Item], Outcome], jobs: int, stop: Event
) -> Iterator[Outcome]:
    """Yield the outcomes as they are ready, in any order; an exception of `work` ends the iteration.

    `stop` is set when the iteration ends: work that is still running should check it and stop.
    """
    with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="fetch") as pool:
        running: set[Future[Outcome]] = set()
        try:
            for item in items:
                running.add(pool.submit(work, item))
                if len(running) >= jobs * _QUEUED_PER_THREAD:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
