"""Holds listed files against their digests with as little Python for each file as can be."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from archtool.fixity.ahead import WINDOW_FILES, Waiting, close_all, open_ahead
from archtool.fixity.digests import Algorithm
from archtool.fixity.effort import Pace
from archtool.fixity.tree import Tree

_FIRST_READ_BYTES = 64 * 1024  # most files are whole with it; of larger ones the rest is read in blocks
Lines = Sequence[bytes]
"""Each begins with the digest of one file, in lower-case hexadecimal."""


class Held(NamedTuple):
    """What came of some lines; sizes are in bytes."""

    files: int
    """All that were read, the failing ones too."""
    size_bytes: int
    failing: tuple[bytes, ...] = ()
    """The paths of files that differ from a digest."""
    trouble: str | None = None
    """Why one could not be read: then the whole says nothing of the bag."""


def hold_lines(
    tree: Tree,
    paths: Sequence[bytes],
    lists: Sequence[tuple[Algorithm, Lines]],
    waiting: Waiting,
    pace: Pace | None = None,
) -> Held:
    """Read each file once and compare.

    Every list has a line for each path, in their order. They are plain paths of regular files: the caller
    made sure of it. No link is followed even so, and a file that was swapped meanwhile is a failing one.
    """
    algorithms = [algorithm for algorithm, _ in lists]
    size_bytes, failing = 0, list[bytes]()
    portion = _portion(len(paths))
    try:
        for begin in range(0, len(paths), portion):
            some = paths[begin : begin + portion]
            rows = [lines[begin : begin + portion] for _, lines in lists]
            files = open_ahead(tree, some, waiting)
            try:
                if len(rows) == 1:
                    size_bytes += _hold_one(files, some, rows[0], algorithms[0], pace, failing)
                else:
                    size_bytes += _hold_several(files, some, rows, algorithms, pace, failing)
            finally:
                close_all(files)
    except OSError as error:
        return Held(0, 0, trouble=error.strerror or str(error))
    return Held(len(paths), size_bytes, tuple(failing))


def _portion(files: int) -> int:
    """How many at a time: portions of one size, for a last small one would wait for the disk alone."""
    return files if files <= WINDOW_FILES else -(-files // -(-files // WINDOW_FILES))


def _hold_one(
    files: Sequence[int],
    paths: Sequence[bytes],
    lines: Lines,
    algorithm: Algorithm,
    pace: Pace | None,
    failing: list[bytes],
) -> int:
    """Read open files and compare each with its line; gives the size of all in bytes."""
    # the one loop where every microsecond counts: nothing is called that need not be
    read = os.read if pace is None else pace.reading(os.read)
    hash_at_once, width = algorithm.hash_at_once, algorithm.hex_length
    total = 0
    for file, path, line in zip(files, paths, lines, strict=True):
        data = read(file, _FIRST_READ_BYTES)
        size = len(data)
        if size < _FIRST_READ_BYTES:
            digest = hash_at_once(data).hexdigest()
        else:
            size, (digest,) = _read_on(file, data, (algorithm,), pace)
        total += size
        if digest.encode() != line[:width]:
            failing.append(path)
    return total


def _hold_several(
    files: Sequence[int],
    paths: Sequence[bytes],
    rows: Sequence[Lines],
    algorithms: Sequence[Algorithm],
    pace: Pace | None,
    failing: list[bytes],
) -> int:
    """The same, each with its line in every list."""
    read = os.read if pace is None else pace.reading(os.read)
    widths = [algorithm.hex_length for algorithm in algorithms]
    hashers = [algorithm.hash_at_once for algorithm in algorithms]
    total = 0
    for file, path, *lines in zip(files, paths, *rows, strict=True):
        data = read(file, _FIRST_READ_BYTES)
        if len(data) < _FIRST_READ_BYTES:
            size, digests = len(data), [make(data).hexdigest() for make in hashers]
        else:
            size, digests = _read_on(file, data, algorithms, pace)
        total += size
        said = [line[:width] for line, width in zip(lines, widths, strict=True)]
        if said != [digest.encode() for digest in digests]:
            failing.append(path)
    return total


def _read_on(
    file: int, first: bytes, algorithms: Sequence[Algorithm], pace: Pace | None
) -> tuple[int, list[str]]:
    """The size and the digests of a file of which the first bytes were read."""
    from archtool.fixity.blocks import show_blocks

    begun = [algorithm.hash_at_once(first) for algorithm in algorithms]
    left = os.fstat(file).st_size - len(first)
    takers = [hasher.update for hasher in begun]
    size = len(first) + show_blocks(file, takers, max(left, 0), pace)
    return size, [hasher.hexdigest() for hasher in begun]
