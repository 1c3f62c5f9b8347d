"""Reads many packages side by side, in the order in which they were found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar

from archtool.files.workers.concurrency import Concurrency
from archtool.files.workers.parallel import run_in_order

_CHUNK = 16_384  # packages that are searched for before they are read: memory does not grow with their number
_UNIT = 64  # packages that a process reads at a time
_FEW = 256  # packages that are read in a shorter time than processes are started
Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


def read_side_by_side(
    found: Iterator[Item], read: Callable[[Item], Outcome], concurrency: Concurrency
) -> Iterator[Outcome]:
    """Yield what `read` returns for each item, in the order of the items; it is called in other processes.

    Raises:
        ChildProcessError: a process ended early.
    """
    while chunk := list(islice(found, _CHUNK)):

        def read_unit(unit: int, chunk: Sequence[Item] = chunk) -> list[Outcome]:
            return [read(item) for item in chunk[unit * _UNIT : (unit + 1) * _UNIT]]

        units = range(-(-len(chunk) // _UNIT))
        if len(chunk) <= _FEW:
            yield from chain.from_iterable(map(read_unit, units))
        else:
            yield from chain.from_iterable(run_in_order(len(units), read_unit, concurrency))
