"""Shows the blocks of an open file to hashers: each block is read once, while the one before is hashed.

hashlib lets go of the interpreter's lock while it works on a block. So several algorithms of one file
take as long as the slowest of them alone, and reading costs nothing besides.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from archtool.fixity.effort import Pace

BLOCK_BYTES = 1024 * 1024  # larger blocks were not faster; smaller ones cost a call each
Take = Callable[[memoryview], object]
"""Takes in the next bytes; the memory is used again afterwards."""


class BlockReader:
    """Two buffers, and threads where there is more than one taker. For use by one thread."""

    def __init__(self, pace: Pace | None = None) -> None:
        self._views = [memoryview(bytearray(BLOCK_BYTES)) for _ in range(2)]
        self._pace = pace
        self._pool: ThreadPoolExecutor | None = None

    def show(self, file: int, takers: Sequence[Take], enough_bytes: int | None = None) -> int:
        """Show everything from where the file stands; gives the number of bytes.

        It stops after more than `enough_bytes`: a file that grows as fast as it is read has no end.
        """
        limit = sys.maxsize if enough_bytes is None else enough_bytes
        if len(takers) == 1:
            return self._show_one(file, takers[0], limit)
        return self._show_several(file, takers, limit)

    def _show_one(self, file: int, take: Take, limit_bytes: int) -> int:
        view, size = self._views[0], 0
        while size <= limit_bytes and (count := self._read(file, view)):
            take(view[:count])
            size += count
        return size

    def _show_several(self, file: int, takers: Sequence[Take], limit_bytes: int) -> int:
        pool = self._threads(len(takers))
        size = turn = 0
        waiting: list[Future[object]] = []
        try:
            while size <= limit_bytes and (count := self._read(file, self._views[turn])):
                _wait_for(waiting)  # they still look at the other buffer, which is read into next
                waiting = [pool.submit(take, self._views[turn][:count]) for take in takers]
                size, turn = size + count, 1 - turn
        finally:
            _wait_for(waiting)
        return size

    def _read(self, file: int, view: memoryview) -> int:
        count = os.readv(file, [view])
        if self._pace is not None:
            self._pace.spend(count)
        return count

    def _threads(self, number: int) -> ThreadPoolExecutor:
        from concurrent.futures import ThreadPoolExecutor

        if self._pool is None:  # the takers of one reader are always as many
            self._pool = ThreadPoolExecutor(number, thread_name_prefix="hashing")
        return self._pool

    def close(self) -> None:
        """End the threads."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None


def _wait_for(futures: Sequence[Future[object]]) -> None:
    for future in futures:
        future.result()
