"""Many bags: small ones side by side, each by one process; large ones are left for all processes together.

Which bags go side by side is a matter of time only: what is said of them is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from archtool.fixity.effort import MAX_UNITS, Effort
from archtool.operations.alone import SizeLimit, TooLargeError

SMALL = SizeLimit(files=500, size_bytes=64 * 1024 * 1024, manifests_bytes=64 * 1024)
"""What one process goes through while others go through other bags."""
_MOST_IN_UNIT = 16  # bags: handing over costs little then
_UNITS_PER_JOB = 8  # so that no process waits long for the last one

Bag = TypeVar("Bag")
Looked = TypeVar("Looked")


def look_side_by_side(
    bags: Sequence[Bag],
    look: Callable[[Bag, Effort, SizeLimit], Looked],
    effort: Effort,
    *,
    cleans_up: bool = False,
) -> Iterator[tuple[Sequence[Bag], Sequence[Looked | None]]]:
    """What small bags are like, some at a time and in their order, as they are ready.

    `None` stands for each that is better looked at alone, by all processes: for which `look` raises
    `TooLargeError`, or the only one. With `cleans_up` processes that are ended remove what they staged.
    """
    if len(bags) == 1:
        yield bags, [None]
        return
    from archtool.fixity.forked import run_in_order

    size = max(1, min(_MOST_IN_UNIT, len(bags) // (effort.most * _UNITS_PER_JOB)))
    size = max(size, -(-len(bags) // MAX_UNITS))
    share = effort.share()

    def look_alone(bag: Bag) -> Looked | None:
        try:
            return look(bag, share, SMALL)
        except TooLargeError:
            return None

    def look_at_some(unit: int) -> list[Looked | None]:
        return [look_alone(bag) for bag in bags[unit * size : (unit + 1) * size]]

    units = -(-len(bags) // size)
    for unit, looked in enumerate(run_in_order(units, look_at_some, effort, cleans_up=cleans_up)):
        yield bags[unit * size : (unit + 1) * size], looked
