"""The quick way through the payload of a plain bag: every file is read and compared, and nothing else said.

Below `data/` must lie just the regular files that the manifests list, by the names that the folders
themselves give: where case does not count, one file can be opened under several listed names. This way
reports no finding: it only says that there is nothing to report, or which files differ.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import NamedTuple

from archtool.bag.plain import PlainPayload, Stretch
from archtool.fixity.ahead import Waiting
from archtool.fixity.digests import Algorithm
from archtool.fixity.effort import FEW_FILES, Effort, Pace
from archtool.fixity.listed import Held, hold_lines
from archtool.fixity.paths import normal_form, shown
from archtool.fixity.tree import Tree
from archtool.progress import Progress

_COUNTING = 0  # the first unit: it walks while the others read


class Proof(NamedTuple):
    """What the quick way found; sizes are in bytes."""

    manifests: tuple[tuple[str, Algorithm], ...]
    files: int
    size_bytes: int
    failing: frozenset[str]
    """The files that differ from a digest; all others are what every manifest says."""


def prove(
    tree: Tree, payload: PlainPayload, effort: Effort, progress: Progress, expected_bytes: int | None = None
) -> Proof | None:
    """Read every file and compare; `None` where one could not be read, which the slow way will tell of.

    `expected_bytes` is what the bag says of itself, for whoever wants to know how long it will take.
    """
    crew = effort if effort.most <= 1 else effort.fitting(payload.files, _bytes_of_few(tree, payload))
    files = total = 0
    failing: list[bytes] = []
    progress.start("verifying", expected_bytes)
    for held in _go_through(tree, payload, crew):
        if held.trouble is not None:
            progress.finish()
            return None
        files += held.files
        total += held.size_bytes
        failing += held.failing
        progress.advance(held.size_bytes)
        if held.failing:
            _tell(held.failing, payload, progress)
    progress.finish()
    used = tuple([(manifest.name, manifest.algorithm) for manifest in payload.manifests])
    return Proof(used, files, total, frozenset([path.decode() for path in failing]))


def _go_through(tree: Tree, payload: PlainPayload, crew: Effort) -> Iterator[Held]:
    """What comes of each stretch and of the count, in no order."""
    most, waiting = crew.most, Waiting()
    pace = crew.pace(most)

    def do_unit(view: Tree, unit: int) -> Held:
        if unit == _COUNTING:
            return _compare_names(view, payload)
        return _hold(view, payload, payload.stretches[unit - 1], waiting, pace)

    units = 1 + len(payload.stretches)
    if most <= 1:
        yield from (do_unit(tree, unit) for unit in range(units))
        return
    from archtool.fixity.forked import run_units

    with ExitStack() as held:
        own: list[Tree] = []  # of each process: where a handle stands would be shared with the others

        def do_unit_apart(unit: int) -> Held:
            if not own:
                own.append(held.enter_context(tree.again()))
            return do_unit(own[0], unit)

        yield from run_units(units, do_unit_apart, crew)


def _tell(failing: Sequence[bytes], payload: PlainPayload, progress: Progress) -> None:
    """Say at once what differs; what is reported in the end rests on a second reading."""
    from archtool.bag import kinds

    names = ", ".join(manifest.name for manifest in payload.manifests)
    for path in failing:
        name = path.decode()
        progress.tell(
            kinds.DIGEST_MISMATCH.at(f"digest differs: {shown(name)} ({names}); it is read again", name)
        )


def _compare_names(tree: Tree, payload: PlainPayload) -> Held:
    """Whether the folders list the files that the manifests list, by the same names."""
    is_same = _sum_of_names(tree) == (payload.files, _sum_of_listed(payload))
    return Held(0, 0, trouble=None if is_same else "other files are there than the manifests list")


def _sum_of_listed(payload: PlainPayload) -> int:
    """The hashes of all listed paths, added up: it takes no memory, and no order has to be the same.

    The hashes are keyed by a secret of this process, so names cannot be chosen to make two sums agree.
    """
    first = payload.manifests[0]
    begin = first.algorithm.hex_length + payload.blanks
    total = 0
    for stretch in payload.stretches:
        lines = os.fsdecode(first.data[stretch.begin : stretch.end - 1]).split("\n")
        total += sum([hash(line[begin:]) for line in lines])
    return total


def _sum_of_names(tree: Tree) -> tuple[int, int] | None:
    """How many regular files lie below `data/`, and the hashes of their paths, added up.

    `None` where anything there has to be thought about. The names are those that each folder gives: where
    case does not count, a file can be opened by names that no folder gives.
    """
    count, total, pending = 0, 0, ["data"]
    try:
        while pending:
            folder = pending.pop()
            found = tree.names_in(folder)
            if found is None:
                return None
            files, folders = found
            names = files + folders if folders else files
            if not names or _has_twins(names):
                return None  # an empty folder, or names that some system takes for one
            count += len(files)
            total += sum([hash(f"{folder}/{name}") for name in files])
            pending += [f"{folder}/{name}" for name in folders]
    except OSError:
        return None
    return count, total


def _has_twins(names: Sequence[str]) -> bool:
    """Whether two names in one folder are one where case or the Unicode form does not count."""
    if len(names) < 2:
        return False
    fold = str.lower if "".join(names).isascii() else _folded
    return len(set(map(fold, names))) != len(names)


def _folded(name: str) -> str:
    return name.lower() if name.isascii() else normal_form(normal_form(name).casefold())


def _bytes_of_few(tree: Tree, payload: PlainPayload) -> int:
    if payload.files > FEW_FILES:
        return 0  # too many to be asked for their sizes, and to be done alone
    first = payload.manifests[0]
    begin = first.algorithm.hex_length + payload.blanks
    paths = (os.fsdecode(line[begin:]) for line in first.data[:-1].split(b"\n"))
    try:
        return sum(tree.stat(path).st_size for path in paths)
    except OSError:
        return 0  # whoever reads it will say so


def _hold(tree: Tree, payload: PlainPayload, stretch: Stretch, waiting: Waiting, pace: Pace | None) -> Held:
    first = payload.manifests[0]
    rows = first.data[stretch.begin : stretch.end - 1].split(b"\n")
    lists = [(first.algorithm, rows)]
    for other in payload.manifests[1:]:
        wider = other.algorithm.hex_length - first.algorithm.hex_length
        begin = stretch.begin + wider * stretch.first_line
        end = stretch.end + wider * (stretch.first_line + stretch.lines)
        more = other.data[begin : end - 1].split(b"\n")
        if not _same_paths(rows, first.algorithm, more, other.algorithm):
            return Held(0, 0, trouble="the manifests name other files, or in another order")
        lists.append((other.algorithm, more))
    begin = first.algorithm.hex_length + payload.blanks
    return hold_lines(tree, [row[begin:] for row in rows], lists, waiting, pace)


def _same_paths(
    one: Sequence[bytes], one_algorithm: Algorithm, other: Sequence[bytes], other_algorithm: Algorithm
) -> bool:
    width, other_width = one_algorithm.hex_length, other_algorithm.hex_length
    return [row[width:] for row in one] == [row[other_width:] for row in other]
