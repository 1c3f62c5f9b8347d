"""Shows the blocks of an open file to hashers: each block is read once, while the ones before are hashed.

hashlib lets go of the interpreter's lock while it works on a block. So several algorithms of one large file
take as long as the slowest of them alone: each has a thread and a queue, and none waits for another.
"""

from __future__ import annotations

import mmap
import os
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archtool.files.workers.concurrency import Pace

BLOCK_BYTES = 1024 * 1024  # larger blocks were not faster; smaller ones cost a call each
LARGE_BYTES = 8 * BLOCK_BYTES  # threads cost more than they gain on smaller files
_BUFFERS = 4  # so that the slowest taker always finds the next block there
Take = Callable[[memoryview], object]
"""Takes in the next bytes; the memory is used again afterwards."""


def show_blocks(
    file: int,
    takers: Sequence[Take],
    expected_bytes: int,
    pace: Pace | None = None,
    here: Sequence[Take] = (),
) -> int:
    """Show everything from where the file stands to every taker; gives the number of bytes.

    Those `here` are served by the thread that reads: they have nothing to compute.

    It stops after more than `expected_bytes`: a file that grows as fast as it is read has no end. What a
    taker raises is raised here.
    """
    if takers and len(takers) + len(here) > 1 and expected_bytes >= LARGE_BYTES:
        return _show_side_by_side(file, takers, expected_bytes, pace, here)
    return _show_in_turn(file, [*takers, *here], expected_bytes, pace)


def _show_in_turn(file: int, takers: Sequence[Take], expected_bytes: int, pace: Pace | None) -> int:
    # no larger than the file: clearing a whole block cost more than reading a small one
    view = memoryview(bytearray(min(BLOCK_BYTES, expected_bytes + 1)))
    size = 0
    while size <= expected_bytes and (count := _read(file, view, pace)):
        block = view[:count]
        for take in takers:
            take(block)
        size += count
    return size


def _show_side_by_side(
    file: int, takers: Sequence[Take], expected_bytes: int, pace: Pace | None, here: Sequence[Take]
) -> int:
    # whole pages: a disk takes nothing else without the system's help (`past_cache`)
    views = [memoryview(mmap.mmap(-1, BLOCK_BYTES)) for _ in range(_BUFFERS)]
    crew = _HashThreads(takers)
    size = number = 0
    try:
        while size <= expected_bytes:
            crew.wait_until_done(number - _BUFFERS)  # its buffer is read into next
            count = _read(file, views[number % _BUFFERS], pace)
            if not count:
                break
            block = views[number % _BUFFERS][:count]
            crew.give(block)
            for take in here:
                take(block)
            size, number = size + count, number + 1
        crew.wait_until_done(number - 1)
    finally:
        crew.end()
    return size


def _read(file: int, view: memoryview, pace: Pace | None) -> int:
    count = os.readv(file, [view]) if hasattr(os, "readv") else _read_without_readv(file, view)
    if pace is not None:
        pace.spend(count)
    return count


def _read_without_readv(file: int, view: memoryview) -> int:
    data = os.read(file, len(view))  # Windows
    view[: len(data)] = data
    return len(data)


class _HashThreads:
    """A thread for each taker; each goes through the blocks in their order, at its own speed."""

    def __init__(self, takers: Sequence[Take]) -> None:
        self._blocks: list[SimpleQueue[memoryview | None]] = [SimpleQueue() for _ in takers]
        self._told: SimpleQueue[tuple[int, BaseException | None]] = SimpleQueue()
        self._done = [0] * len(takers)
        self._threads = [
            threading.Thread(target=self._work, args=(number, take), name="hashing", daemon=True)
            for number, take in enumerate(takers)
        ]
        for thread in self._threads:
            thread.start()

    def give(self, block: memoryview) -> None:
        for queue in self._blocks:
            queue.put(block)

    def wait_until_done(self, number: int) -> None:
        """Until every taker has taken in the block of that number, counted from 0; raises what one raised."""
        while min(self._done) <= number:
            taker, error = self._told.get()
            if error is not None:
                raise error
            self._done[taker] += 1

    def end(self) -> None:
        for queue in self._blocks:
            queue.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self, number: int, take: Take) -> None:
        while (block := self._blocks[number].get()) is not None:
            try:
                take(block)
            except BaseException as error:  # noqa: BLE001 - raised where the blocks come from
                self._told.put((number, error))
                return
            self._told.put((number, None))
