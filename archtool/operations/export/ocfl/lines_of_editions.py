"""Orders packages into lines of editions: each line becomes an object, each edition one of its versions.

A package names the one that it replaces by the digests of its payload manifests; file names only decide
between packages with equal payloads. A replaced package that lies beside its successor, under the name that
the successor states, belongs to the line without being named.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.errors import InputError, UsageError
from archtool.files.paths import shown
from archtool.operations.export.ocfl.edition import Edition, Manifests, read_edition
from archtool.operations.history.replacement import ReplacedPackage

Line = tuple[Edition, ...]
"""Editions of one document, the oldest first."""


def find_lines(roots: Sequence[Path], at: datetime, limits: Limits | None = None) -> list[Line]:
    """Read packages and the predecessors beside them, and order them; `at` is the current time, aware.

    Raises:
        InputError: a package does not exist, or cannot be read.
        UsageError: the order of two packages, or the object that they belong to, is not certain.
    """
    by_path: dict[Path, Edition] = {}
    for root in roots:
        by_path.setdefault(root.resolve(), read_edition(root, at, limits))
    waiting = [*by_path.values()]
    while waiting:
        beside = predecessor_beside(waiting.pop(), at, limits)
        if beside is not None and beside.root.resolve() not in by_path:
            by_path[beside.root.resolve()] = beside
            waiting.append(beside)
    lines = order_editions([*by_path.values()])
    _refuse_equal_identifiers(lines)
    return lines


def predecessor_beside(edition: Edition, at: datetime, limits: Limits | None = None) -> Edition | None:
    """Return the replaced package if it lies beside its successor, under the name that it states.

    Something else under this name is not taken for it: the digests of the payload manifests must agree.

    Raises:
        ReadFailedError: the storage failed.
    """
    replaced = edition.replaces
    if replaced is None or replaced.name in ("", ".", "..") or "/" in replaced.name or "\\" in replaced.name:
        return None
    # the name is what the package states: it can be one that no system has
    path = f"{edition.root.resolve().parent}/{replaced.name}"
    if not os.path.exists(path):  # noqa: PTH110 - `Path.exists` raises for a name that is too long
        return None
    try:
        beside = read_edition(Path(path), at, limits)
    except InputError:  # something else is there now, or nobody may read it
        return None
    return beside if _manifests_of(replaced) == beside.manifests else None


def order_editions(editions: Sequence[Edition]) -> list[Line]:
    """Order editions into lines, in the order of their last editions.

    Raises:
        UsageError: a package replaces one of several, or is replaced by several.
    """
    earlier: dict[Path, Edition] = {}
    later: dict[Path, Edition] = {}
    for edition in editions:
        found = _find_replaced(edition, editions)
        if found is None:
            continue
        if found.root in later:
            raise UsageError(
                f"both {_name(later[found.root])} and {_name(edition)} replace {_name(found)}",
                hint="an object has one line of versions: export one of the two into another storage root",
            )
        earlier[edition.root], later[found.root] = found, edition
    lines = [_line(edition, earlier) for edition in editions if edition.root not in later]
    if sum(map(len, lines)) < len(editions):
        placed = {edition.root for line in lines for edition in line}
        circular = next(edition for edition in editions if edition.root not in placed)
        raise UsageError(
            f"{_name(circular)} replaces a package that replaces it",
            hint="the statements about replaced packages contradict each other: export them one by one",
        )
    return lines


def _line(last: Edition, earlier: dict[Path, Edition]) -> Line:
    line = [last]
    while line[-1].root in earlier:
        line.append(earlier[line[-1].root])
    return tuple(reversed(line))


def _find_replaced(edition: Edition, editions: Sequence[Edition]) -> Edition | None:
    replaced = edition.replaces
    if replaced is None:
        return None
    wanted = _manifests_of(replaced)
    found = [one for one in editions if one.root != edition.root and one.manifests == wanted]
    for narrower in (
        [one for one in found if one.head == replaced.head],
        [one for one in found if one.root.name == replaced.name],
    ):
        found = narrower if len(found) > 1 and narrower else found
    if len(found) > 1:
        names = " and ".join(_name(one) for one in found)
        raise UsageError(
            f"{names} have the same payload, and it is not certain which of them {_name(edition)} replaces",
            hint="name only the one that it replaces",
        )
    return found[0] if found else None


def _manifests_of(replaced: ReplacedPackage) -> Manifests:
    return frozenset(replaced.manifests)


def _refuse_equal_identifiers(lines: Sequence[Line]) -> None:
    known: dict[str, Edition] = {}
    for line in lines:
        other = known.setdefault(line[-1].identifier, line[-1])
        if other is not line[-1]:
            raise UsageError(
                f"{_name(other)} and {_name(line[-1])} would be the same object, {line[-1].identifier}, and"
                " neither says that it replaces the other",
                hint="export them into different storage roots",
            )


def _name(edition: Edition) -> str:
    return shown(str(edition.root))
