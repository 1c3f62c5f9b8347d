"""Holds listed files against their digests with as little Python for each file as can be."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archtool.fixity.ahead import WINDOW_FILES, Waiting, open_ahead
from archtool.fixity.digests import Algorithm
from archtool.fixity.effort import Pace
from archtool.fixity.tree import Tree

_FIRST_READ_BYTES = 64 * 1024  # most files are whole with it; of larger ones the rest is read in blocks
Lines = Sequence[bytes]
"""Each begins with the digest of one file, in lower-case hexadecimal."""


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
    reader = _Reader(tuple(algorithm for algorithm, _ in lists), pace)
    hold = reader.hold_one if len(lists) == 1 else reader.hold_several
    size_bytes, failing = 0, list[bytes]()
    try:
        for some, *rows in zip(_windows(paths), *(_windows(lines) for _, lines in lists), strict=True):
            with open_ahead(tree, some, waiting) as files:
                size_bytes += hold(files, some, rows, failing)
    except OSError as error:
        return Held(0, 0, trouble=error.strerror or str(error))
    return Held(len(paths), size_bytes, tuple(failing))


def _windows(lines: Lines) -> Iterator[Lines]:
    """The lines in as few portions as can be, of one size: a last small one would wait for the disk alone."""
    size = -(-len(lines) // -(-len(lines) // WINDOW_FILES))
    return (lines[begin : begin + size] for begin in range(0, len(lines), size))


@dataclass(frozen=True, slots=True)
class _Reader:
    algorithms: tuple[Algorithm, ...]
    pace: Pace | None

    def hold_one(
        self, files: Sequence[int], paths: Sequence[bytes], rows: Sequence[Lines], failing: list[bytes]
    ) -> int:
        """Read open files and compare each with its line; gives the size of all in bytes."""
        # the one loop where every microsecond counts: nothing is called that need not be
        read = os.read if self.pace is None else self.pace.reading(os.read)
        hash_at_once, width = self.algorithms[0].hash_at_once, self.algorithms[0].hex_length
        total = 0
        for file, path, line in zip(files, paths, rows[0], strict=True):
            data = read(file, _FIRST_READ_BYTES)
            size = len(data)
            if size < _FIRST_READ_BYTES:
                digest = hash_at_once(data).hexdigest()
            else:
                size, (digest,) = self._read_on(file, data)
            total += size
            if digest.encode() != line[:width]:
                failing.append(path)
        return total

    def hold_several(
        self, files: Sequence[int], paths: Sequence[bytes], rows: Sequence[Lines], failing: list[bytes]
    ) -> int:
        """The same, each with its line in every list."""
        read = os.read if self.pace is None else self.pace.reading(os.read)
        widths = [algorithm.hex_length for algorithm in self.algorithms]
        hashers = [algorithm.hash_at_once for algorithm in self.algorithms]
        total = 0
        for file, path, *lines in zip(files, paths, *rows, strict=True):
            data = read(file, _FIRST_READ_BYTES)
            if len(data) < _FIRST_READ_BYTES:
                size, digests = len(data), [make(data).hexdigest() for make in hashers]
            else:
                size, digests = self._read_on(file, data)
            total += size
            said = [line[:width] for line, width in zip(lines, widths, strict=True)]
            if said != [digest.encode() for digest in digests]:
                failing.append(path)
        return total

    def _read_on(self, file: int, first: bytes) -> tuple[int, list[str]]:
        """The size and the digests of a file of which the first bytes were read."""
        from archtool.fixity.blocks import show_blocks

        begun = [algorithm.hash_at_once(first) for algorithm in self.algorithms]
        left = os.fstat(file).st_size - len(first)
        takers = [hasher.update for hasher in begun]
        size = len(first) + show_blocks(file, takers, max(left, 0), self.pace)
        return size, [hasher.hexdigest() for hasher in begun]
