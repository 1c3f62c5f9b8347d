"""Reads an open file in blocks and passes each block to hashers, while earlier blocks are still hashed.

hashlib releases the interpreter's lock while it hashes a block, so several threads can hash at the same time.
For a large file, each algorithm runs in its own thread, so the total time is that of the slowest algorithm.
"""

from __future__ import annotations

import mmap
import os
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue

from archtool.files.workers.concurrency import Pace

BLOCK_BYTES = 1024 * 1024  # larger blocks were not faster; smaller ones cost a call each
LARGE_BYTES = 8 * BLOCK_BYTES  # threads cost more than they gain on smaller files
_BUFFERS = 4  # so that the next block is always ready for the slowest consumer
BlockConsumer = Callable[[memoryview], object]
"""Processes the next bytes; their memory is reused afterwards."""


def read_blocks(
    file: int,
    consumers: Sequence[BlockConsumer],
    expected_bytes: int,
    pace: Pace | None = None,
    inline: Sequence[BlockConsumer] = (),
) -> int:
    """Pass all bytes from the current position to every consumer; return the number of bytes.

    The `inline` consumers are called by the reading thread: they compute nothing.

    Reading stops after more than `expected_bytes`: a file that grows as fast as it is read has no end. An
    error that a consumer raises is raised here.
    """
    if consumers and len(consumers) + len(inline) > 1 and expected_bytes >= LARGE_BYTES:
        return _read_with_threads(file, consumers, expected_bytes, pace, inline)
    return _read_in_turn(file, [*consumers, *inline], expected_bytes, pace)


def _read_in_turn(
    file: int, consumers: Sequence[BlockConsumer], expected_bytes: int, pace: Pace | None
) -> int:
    # no larger than the file: clearing a whole block costs more than reading a small file
    view = memoryview(bytearray(min(BLOCK_BYTES, expected_bytes + 1)))
    size = 0
    while size <= expected_bytes and (count := _read(file, view, pace)):
        block = view[:count]
        for consume in consumers:
            consume(block)
        size += count
    return size


def _read_with_threads(
    file: int,
    consumers: Sequence[BlockConsumer],
    expected_bytes: int,
    pace: Pace | None,
    inline: Sequence[BlockConsumer],
) -> int:
    # whole pages: direct writes need aligned memory (`direct_io`)
    views = [memoryview(mmap.mmap(-1, BLOCK_BYTES)) for _ in range(_BUFFERS)]
    threads = _HashThreads(consumers)
    size = number = 0
    try:
        while size <= expected_bytes:
            threads.wait_until_done(number - _BUFFERS)  # its buffer is read into next
            count = _read(file, views[number % _BUFFERS], pace)
            if not count:
                break
            block = views[number % _BUFFERS][:count]
            threads.put(block)
            for consume in inline:
                consume(block)
            size, number = size + count, number + 1
        threads.wait_until_done(number - 1)
    finally:
        threads.end()
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
    """A thread for each consumer; each processes the blocks in their order, at its own speed."""

    def __init__(self, consumers: Sequence[BlockConsumer]) -> None:
        self._blocks: list[SimpleQueue[memoryview | None]] = [SimpleQueue() for _ in consumers]
        self._results: SimpleQueue[tuple[int, BaseException | None]] = SimpleQueue()
        self._done = [0] * len(consumers)
        self._threads = [
            threading.Thread(target=self._work, args=(number, consume), name="hashing", daemon=True)
            for number, consume in enumerate(consumers)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, block: memoryview) -> None:
        for queue in self._blocks:
            queue.put(block)

    def wait_until_done(self, number: int) -> None:
        """Wait until every consumer has processed the block with this number, from 0; raise its error."""
        while min(self._done) <= number:
            consumer, error = self._results.get()
            if error is not None:
                raise error
            self._done[consumer] += 1

    def end(self) -> None:
        for queue in self._blocks:
            queue.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self, number: int, consume: BlockConsumer) -> None:
        while (block := self._blocks[number].get()) is not None:
            try:
                consume(block)
            except BaseException as error:  # noqa: BLE001 - raised again by the reading thread
                self._results.put((number, error))
                return
            self._results.put((number, None))
