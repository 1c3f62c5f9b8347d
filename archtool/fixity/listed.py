"""Holds listed files against their digests with as little Python for each file as can be."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archtool.fixity.digests import Algorithm, Hasher
from archtool.fixity.effort import Pace
from archtool.fixity.tree import READ_FLAGS, Tree

_FIRST_READ_BYTES = 64 * 1024  # most files are whole with it; of larger ones the rest is read in blocks
Lines = Sequence[bytes]
"""Each `hex, two spaces, path`, without the line end."""


@dataclass(frozen=True, slots=True)
class Held:
    """What came of some lines; sizes are in bytes."""

    files: int
    """All that were read, the failing ones too."""
    size_bytes: int
    failing: tuple[bytes, ...] = ()
    """The paths of files that differ from a digest."""
    trouble: str | None = None
    """Why one could not be read: then the whole says nothing of the bag."""


def hold_lines(tree: Tree, lists: Sequence[tuple[Algorithm, Lines]], pace: Pace | None = None) -> Held:
    """Read each file once and compare.

    Every list has the same paths in the same order. They are plain paths of regular files: the caller made
    sure of it. No link is followed even so, and a file that was swapped meanwhile is a failing one.
    """
    read = os.read if pace is None else pace.reading(os.read)
    large = _Large([algorithm.hash_at_once for algorithm, _ in lists], pace)
    try:
        if len(lists) == 1:
            return _hold_one(tree, *lists[0], read, large)
        return _hold_several(tree, lists, read, large)
    except OSError as error:
        return Held(0, 0, trouble=error.strerror or str(error))


def _hold_one(
    tree: Tree, algorithm: Algorithm, lines: Lines, read: Callable[[int, int], bytes], large: _Large
) -> Held:
    # the one loop where every microsecond counts: nothing is called that need not be
    open_file, close, hash_at_once = os.open, os.close, algorithm.hash_at_once
    width = algorithm.hex_length
    begin, total, folder, handle = width + 2, 0, b"\0", -1
    failing: list[bytes] = []
    for line in lines:
        above, _, name = line[begin:].rpartition(b"/")
        if above != folder:
            folder, handle = above, tree.folder_handle(os.fsdecode(above))
        file = open_file(name, READ_FLAGS, dir_fd=handle)
        try:
            data = read(file, _FIRST_READ_BYTES)
            size = len(data)
            if size < _FIRST_READ_BYTES:
                digest = hash_at_once(data).hexdigest()
            else:
                size, (digest,) = large.read_on(file, data)
        finally:
            close(file)
        total += size
        if digest.encode() != line[:width]:
            failing.append(line[begin:])
    return Held(len(lines), total, tuple(failing))


def _hold_several(
    tree: Tree,
    lists: Sequence[tuple[Algorithm, Lines]],
    read: Callable[[int, int], bytes],
    large: _Large,
) -> Held:
    widths = [algorithm.hex_length for algorithm, _ in lists]
    hashers = [algorithm.hash_at_once for algorithm, _ in lists]
    total, failing = 0, []
    for row in zip(*(lines for _, lines in lists), strict=True):
        path = row[0][widths[0] + 2 :]
        folder, _, name = path.rpartition(b"/")
        file = os.open(name, READ_FLAGS, dir_fd=tree.folder_handle(os.fsdecode(folder)))
        try:
            data = read(file, _FIRST_READ_BYTES)
            if len(data) < _FIRST_READ_BYTES:
                size, digests = len(data), [make(data).hexdigest() for make in hashers]
            else:
                size, digests = large.read_on(file, data)
        finally:
            os.close(file)
        total += size
        if any(d.encode() != line[:width] for d, line, width in zip(digests, row, widths, strict=True)):
            failing.append(path)
    return Held(len(lists[0][1]), total, tuple(failing))


@dataclass(frozen=True, slots=True)
class _Large:
    """Reads what is larger than the first read."""

    hashers: Sequence[Callable[[bytes], Hasher]]
    pace: Pace | None

    def read_on(self, file: int, first: bytes) -> tuple[int, list[str]]:
        """The size and the digests of a file of which the first bytes were read."""
        from archtool.fixity.blocks import show_blocks

        begun = [make(first) for make in self.hashers]
        left = os.fstat(file).st_size - len(first)
        size = len(first) + show_blocks(file, [hasher.update for hasher in begun], max(left, 0), self.pace)
        return size, [hasher.hexdigest() for hasher in begun]
