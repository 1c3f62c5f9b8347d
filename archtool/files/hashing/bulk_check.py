"""Compares many files with their expected digests, with as little Python for each file as can be.

Each file is opened, read once and compared. What comes back for a portion of files is their sizes and the few
that differ or could not be read: these are read again one by one, where it can be said what is wrong.

The files must have been seen as regular files just before. No link is followed even so. If another thing was
put there meanwhile, what it yields without waiting is read, and it differs.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import NamedTuple

from archtool.files.hashing.block_reader import show_blocks
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.readahead import WINDOW_FILES, StorageWait, close_all, open_ahead
from archtool.files.tree import Tree
from archtool.files.workers.concurrency import FEW_FILES, MAX_UNITS, Concurrency, Pace
from archtool.files.workers.parallel import run_units

UNREAD = -1
"""Stands for the size of a file that could not be read."""
_FIRST_READ_BYTES = 64 * 1024  # most files are whole with it; of larger ones the rest is read in blocks
_UNIT_FILES = 512  # one unit of work: handing it over costs little then
_UNITS_PER_JOB = 8  # so that no process waits long for the last one


@dataclass(frozen=True, slots=True)
class ExpectedFiles:
    """Files and what they must be, in columns."""

    paths: Sequence[str]
    digests: Sequence[tuple[Algorithm, bytes | bytearray]]
    """For each algorithm the digests of all files, one after another."""


class CheckedFiles(NamedTuple):
    """What came of some files in a row."""

    begin: int
    """The number of the first of them."""
    sizes: array[int]
    """In bytes, of every file; `UNREAD` for some of the failing ones."""
    failing: tuple[int, ...] = ()
    """The numbers of those that differ from a digest or could not be read."""


def check_in_bulk(tree: Tree, expected: ExpectedFiles, concurrency: Concurrency) -> Iterator[CheckedFiles]:
    """Read every file and compare; the results come as they are ready, in no order.

    Raises:
        ChildProcessError: a process ended before its time.
    """
    files = len(expected.paths)
    crew = (
        concurrency
        if concurrency.most <= 1
        else concurrency.fitting(files, _bytes_of_few(tree, expected.paths))
    )
    waiting, pace = StorageWait(), crew.pace(crew.most)
    size = _unit_size(files, crew.most)
    if crew.most <= 1:
        for begin in range(0, files, size):
            yield _check_some(tree, expected, begin, begin + size, waiting, pace)
        return
    with ExitStack() as held:
        own: list[Tree] = []  # of each process: where a handle stands would be shared with the others

        def check_unit(unit: int) -> CheckedFiles:
            if not own:
                own.append(held.enter_context(tree.again()))
            return _check_some(own[0], expected, unit * size, (unit + 1) * size, waiting, pace)

        yield from run_units(-(-files // size), check_unit, crew)


def _unit_size(files: int, workers: int) -> int:
    size = min(_UNIT_FILES, max(1, files // (workers * _UNITS_PER_JOB))) if workers > 1 else _UNIT_FILES
    return max(size, -(-files // MAX_UNITS))


def _bytes_of_few(tree: Tree, paths: Sequence[str]) -> int:
    if len(paths) > FEW_FILES:
        return 0  # too many to be asked for their sizes, and to be done by one process
    try:
        return sum([tree.stat(path).st_size for path in paths])
    except OSError:
        return 0  # who reads it reports it


def _check_some(
    tree: Tree, expected: ExpectedFiles, begin: int, end: int, waiting: StorageWait, pace: Pace | None
) -> CheckedFiles:
    paths = expected.paths[begin:end]
    sizes, failing = array("q"), list[int]()
    portion = _portion(len(paths))
    for first in range(0, len(paths), portion):
        some = paths[first : first + portion]
        files = open_ahead(tree, some, waiting)
        try:
            sizes.extend(_read_open(files, begin + first, expected, pace, failing))
        finally:
            close_all(files)
    return CheckedFiles(begin, sizes, tuple(failing))


def _portion(files: int) -> int:
    """How many at a time: portions of one size, for a last small one would wait for the disk alone."""
    return max(1, files if files <= WINDOW_FILES else -(-files // -(-files // WINDOW_FILES)))


def _read_open(
    files: Sequence[int], begin: int, expected: ExpectedFiles, pace: Pace | None, failing: list[int]
) -> Iterator[int]:
    """Read open files and compare each; yields their sizes."""
    # the one loop where every microsecond counts: nothing is called that need not be
    read = os.read if pace is None else pace.reading(os.read)
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
                size, found = _read_on(file, data, algorithms, pace)
        except OSError:
            size, found = UNREAD, None
        wanted = [digests[number * width : (number + 1) * width] for _, width, digests in columns]
        if found != wanted:
            failing.append(number)
        yield size


def _read_on(
    file: int, first: bytes, algorithms: Sequence[Algorithm], pace: Pace | None
) -> tuple[int, list[bytes]]:
    """The size and the digests of a file of which the first bytes were read."""
    begun = [algorithm.hash_at_once(first) for algorithm in algorithms]
    left = os.fstat(file).st_size - len(first)
    takers = [hasher.update for hasher in begun]
    size = len(first) + show_blocks(file, takers, max(left, 0), pace)
    return size, [hasher.digest() for hasher in begun]
