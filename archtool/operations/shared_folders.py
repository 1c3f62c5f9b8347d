"""Folders that hold the files of many packages: what none of them declares is found in one walk.

`survey_sources` answers for one package whose folder is its own. Where packages share a folder, each of them
would complain of the files of all others, and look at them all.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

from archtool.errors import InputError
from archtool.findings import Finding, Severity
from archtool.fixity.paths import shown
from archtool.fixity.tree import FileKind, FoundFile, Tree
from archtool.operations.folders import folder_of
from archtool.operations.neighbours import files_of_neighbours
from archtool.operations.sources import MAX_SOURCE_FILES, matches, stray_finding

MAX_PATTERNS = 1_000  # of `left-out` in one folder: each is held against each file that nobody declares
MAX_TOLD = 1_000  # files that nobody declares, by their names; all of them are counted
_GLOB = frozenset("*?[")


class SharedFolders:
    """Is told of every package, then says which folders are shared and what nobody declares in them."""

    def __init__(self, own: Iterable[Path]) -> None:
        self._own = {_resolved(path) for path in own}
        """What belongs to the batch itself: the table, the output folder."""
        self._packages: Counter[str] = Counter()
        self._given: dict[str, Path] = {}
        self._declared: set[str] = set()
        self._patterns: dict[str, set[str]] = {}
        self._shared: frozenset[str] | None = None
        self._reals: dict[Path, str] = {}

    def add(self, folder: Path, declared: Iterable[str], left_out: Iterable[str]) -> None:
        """One package: its folder, and the files and folders (`…/`) that it declares from there."""
        real = self._real(folder)
        self._packages[real] += 1
        self._given.setdefault(real, folder)
        self._declared.update(_joined(real, path) for path in declared)
        for pattern in left_out:
            if _GLOB.isdisjoint(pattern):
                self._declared.update((_joined(real, pattern), _joined(real, f"{pattern.rstrip('/')}/")))
            else:
                self._add_pattern(real, pattern)

    def _add_pattern(self, real: str, pattern: str) -> None:
        patterns = self._patterns.setdefault(real, set())
        patterns.add(pattern)
        if len(patterns) > MAX_PATTERNS:
            raise InputError(
                f"more than {MAX_PATTERNS:,} patterns of `left-out` in {shown(str(self._given[real]))}",
                hint="say them once for all packages, in the defaults",
            )

    def _real(self, folder: Path) -> str:
        if folder not in self._reals:
            self._reals[folder] = _resolved(folder)
        return self._reals[folder]

    def folders(self) -> Iterator[Path]:
        """Every folder that a package has, once."""
        yield from self._given.values()

    def is_shared(self, folder: Path) -> bool:
        """Whether others have files there too; to be asked once all packages were added."""
        if self._shared is None:
            self._shared = frozenset(self._find_shared())
        return self._real(folder) in self._shared

    def _find_shared(self) -> Iterator[str]:
        leading = {above for path in (*self._packages, *self._own) for above in _above(path)}
        for folder, count in self._packages.items():
            is_inside = any(above in self._packages for above in _above(folder))
            if count > 1 or is_inside or folder in leading or folder in self._own:
                yield folder

    def strays(self, name: str) -> tuple[int, tuple[Finding, ...]]:
        """What lies in the shared folders and belongs to nobody: how many, and the first of them.

        `name` is what should declare it, for messages.

        Raises:
            InputError: a folder holds too many files.
        """
        count, told = 0, []
        for finding in self._find_strays(name):
            if finding.severity is Severity.ERROR:
                count += 1
                told += [finding] if count <= MAX_TOLD else []
        return count, tuple(told)

    def _find_strays(self, name: str) -> Iterator[Finding]:
        for folder, given in self._given.items():
            if self.is_shared(given) and not any(above in self._packages for above in _above(folder)):
                for stray in self._strays_of(folder, given):
                    yield stray_finding(stray, (given / stray.path).as_posix(), name)

    def _strays_of(self, folder: str, given: Path) -> Iterator[FoundFile]:
        own = {path.removeprefix(f"{folder}/") for path in self._own if path.startswith(f"{folder}/")}
        try:
            with Tree(given) as tree:
                found = list(islice(tree.walk(without=own), MAX_SOURCE_FILES + 1))
        except OSError:
            return  # each package whose folder it is says so
        if len(found) > MAX_SOURCE_FILES:
            raise InputError(f"{shown(str(given))} holds more than {MAX_SOURCE_FILES:,} files")
        left = [item for item in found if item.path not in own and not self._is_accounted(folder, item)]
        theirs = files_of_neighbours(given, [item.path for item in left if item.kind is FileKind.FILE])
        yield from (item for item in left if item.path not in theirs)

    def _is_accounted(self, folder: str, item: FoundFile) -> bool:
        path = f"{folder}/{item.path}"
        if item.kind is FileKind.FOLDER or path in self._declared:
            return True
        if item.kind is FileKind.FILE and folder_of(path, self._declared) is not None:
            return True
        places = [place for place in _above(path) if place in self._patterns]
        return any(matches(path[len(place) + 1 :], one) for place in places for one in self._patterns[place])


def _resolved(path: Path) -> str:
    return path.resolve().as_posix().rstrip("/")


def _above(path: str) -> list[str]:
    return [str(parent).rstrip("/") for parent in PurePosixPath(path).parents]


def _joined(folder: str, path: str) -> str:
    return posixpath.normpath(f"{folder}/{path}") + ("/" if path.endswith("/") else "")
