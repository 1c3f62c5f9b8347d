"""Does the same work on many things at once: a few threads, a short queue, and an end when one is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from typing import TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
_WAITING_PER_THREAD = 2  # memory does not grow with the number of things


def for_each(
    items: Iterable[Item], work: Callable[[Item], Outcome], jobs: int, stop: Event
) -> Iterator[Outcome]:
    """Give the outcomes as they come, in no order; what the work raises ends it all.

    `stop` is set when nobody waits for more: whoever is still at work should heed it.
    """
    with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="fetch") as pool:
        running: set[Future[Outcome]] = set()
        try:
            for item in items:
                running.add(pool.submit(work, item))
                if len(running) >= jobs * _WAITING_PER_THREAD:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
