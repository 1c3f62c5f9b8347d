"""Compares many files with their expected digests, with as little Python for each file as possible.

Each file is opened, read once and compared. The result for a group of files is their sizes and the few files
that differ or could not be read: the caller reads these again one by one, to report what is wrong.

The caller must just have listed the files as regular files; no link is followed even so. If something else
was put there since, the bytes that it returns without waiting are read, and they differ.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import NamedTuple

from archtool.files.hashing.block_reader import read_blocks
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.readahead import WINDOW_FILES, StorageWait, close_all, open_ahead
from archtool.files.limits import MAX_UNITS
from archtool.files.tree import Tree
from archtool.files.workers.concurrency import FEW_FILES, Concurrency, Pace
from archtool.files.workers.parallel import run_units

UNREAD = -1
"""Stands for the size of a file that could not be read."""
_FIRST_READ_BYTES = 64 * 1024  # most files are not larger; the rest of larger files is read in blocks
_UNIT_FILES = 512  # in one unit of work, so that passing it to a process costs little
_UNITS_PER_JOB = 8  # so that no process waits long for the last one


@dataclass(frozen=True, slots=True)
class ExpectedFiles:
    """Files and their expected digests, in columns."""

    paths: Sequence[str]
    digests: Sequence[tuple[Algorithm, bytes | bytearray]]
    """For each algorithm the digests of all files, concatenated."""


class CheckedFiles(NamedTuple):
    """The result for some consecutive files."""

    begin: int
    """The number of the first of them."""
    sizes: array[int]
    """The size of each file in bytes; `UNREAD` for some of the failing ones."""
    failing: tuple[int, ...] = ()
    """The numbers of the files that differ from a digest or could not be read."""


def check_in_bulk(tree: Tree, expected: ExpectedFiles, concurrency: Concurrency) -> Iterator[CheckedFiles]:
    """Read and compare every file; yield results as they are ready, in no order.

    Raises:
        ChildProcessError: a worker process ended early.
    """
    files = len(expected.paths)
    if concurrency.max_workers > 1:
        concurrency = concurrency.sized_for(files, _total_size_of_few(tree, expected.paths))
    workers = concurrency.max_workers
    storage_wait, pace = StorageWait(), concurrency.pace(workers)
    size = _unit_size(files, workers)
    if workers <= 1:
        for begin in range(0, files, size):
            yield _check_some(tree, expected, begin, begin + size, storage_wait, pace)
        return
    with ExitStack() as stack:
        own: list[Tree] = []  # one in each process: forked processes share the position of a handle

        def check_unit(unit: int) -> CheckedFiles:
            if not own:
                own.append(stack.enter_context(tree.reopen()))
            return _check_some(own[0], expected, unit * size, (unit + 1) * size, storage_wait, pace)

        yield from run_units(-(-files // size), check_unit, concurrency)


def _unit_size(files: int, workers: int) -> int:
    size = min(_UNIT_FILES, max(1, files // (workers * _UNITS_PER_JOB))) if workers > 1 else _UNIT_FILES
    return max(size, -(-files // MAX_UNITS))


def _total_size_of_few(tree: Tree, paths: Sequence[str]) -> int:
    if len(paths) > FEW_FILES:
        return 0  # too many for one process, and a `stat` of each costs time
    try:
        return sum([tree.stat(path).st_size for path in paths])
    except OSError:
        return 0  # reading the file reports the error


def _check_some(
    tree: Tree, expected: ExpectedFiles, begin: int, end: int, storage_wait: StorageWait, pace: Pace | None
) -> CheckedFiles:
    paths = expected.paths[begin:end]
    sizes, failing = array("q"), list[int]()
    group_size = _group_size(len(paths))
    for first in range(0, len(paths), group_size):
        files = open_ahead(tree, paths[first : first + group_size], storage_wait)
        try:
            sizes.extend(_read_open(files, begin + first, expected, pace, failing))
        finally:
            close_all(files)
    return CheckedFiles(begin, sizes, tuple(failing))


def _group_size(files: int) -> int:
    """Return how many files to open at a time; in equal groups, since a small last one waits for the disk."""
    return max(1, files if files <= WINDOW_FILES else -(-files // -(-files // WINDOW_FILES)))


def _read_open(
    files: Sequence[int], begin: int, expected: ExpectedFiles, pace: Pace | None, failing: list[int]
) -> Iterator[int]:
    """Read open files and compare each; yield their sizes."""
    # the one loop where every microsecond counts: it makes no call that can be avoided
    read = os.read if pace is None else pace.paced(os.read)
    columns = [(a.hash_at_once, a.hasher_size_bytes, digests) for a, digests in expected.digests]
    algorithms = [algorithm for algorithm, _ in expected.digests]
    for number, file in enumerate(files, begin):
        try:
            data = read(file, _FIRST_READ_BYTES) if file >= 0 else None
            if data is None:
                size, found = UNREAD, None
            elif len(data) < _FIRST_READ_BYTES:
                size, found = len(data), [make(data).digest() for make, _, _ in columns]
            else:
                size, found = _hash_large(file, data, algorithms, pace)
        except OSError:
            size, found = UNREAD, None
        wanted = [digests[number * width : (number + 1) * width] for _, width, digests in columns]
        if found != wanted:  # None, for an unread file, differs as well
            failing.append(number)
        yield size


def _hash_large(
    file: int, first: bytes, algorithms: Sequence[Algorithm], pace: Pace | None
) -> tuple[int, list[bytes]]:
    """Return the size and the digests of a file whose first bytes were read."""
    hashers = [algorithm.hash_at_once(first) for algorithm in algorithms]
    left = os.fstat(file).st_size - len(first)
    size = len(first) + read_blocks(file, [hasher.update for hasher in hashers], max(left, 0), pace)
    return size, [hasher.digest() for hasher in hashers]
