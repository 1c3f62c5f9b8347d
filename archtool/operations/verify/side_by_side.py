"""Many bags: small ones side by side, each verified by one process; large ones by all processes together.

Which bags go side by side decides nothing but the time: what is found is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from archtool.files.workers.concurrency import MAX_UNITS, Concurrency
from archtool.files.workers.parallel import run_in_order

_MOST_IN_UNIT = 16  # bags: handing over costs little then
_UNITS_PER_JOB = 8  # so that no process waits long for the last one

Bag = TypeVar("Bag")
Outcome = TypeVar("Outcome")


def for_each_bag(
    bags: Sequence[Bag],
    is_small: Callable[[Bag], bool],
    work: Callable[[Bag, Concurrency], Outcome],
    concurrency: Concurrency,
    *,
    cleans_up: bool = False,
) -> Iterator[tuple[Bag, Outcome | None]]:
    """Do the work on all small bags; yields every bag in order, as it is ready.

    The outcome is `None` for a bag that is not small, or the only one: all processes together do it faster.
    With `cleans_up` processes that are ended remove what they staged.
    """
    if len(bags) == 1:
        yield bags[0], None
        return
    size = max(1, min(_MOST_IN_UNIT, len(bags) // (concurrency.max_workers * _UNITS_PER_JOB)))
    size = max(size, -(-len(bags) // MAX_UNITS))
    share = concurrency.per_process()

    def work_on_some(unit: int) -> list[Outcome | None]:
        some = bags[unit * size : (unit + 1) * size]
        return [work(bag, share) if is_small(bag) else None for bag in some]

    units = -(-len(bags) // size)
    for unit, outcomes in enumerate(run_in_order(units, work_on_some, concurrency, cleans_up=cleans_up)):
        yield from zip(bags[unit * size : (unit + 1) * size], outcomes, strict=True)
