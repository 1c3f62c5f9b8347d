"""Folders that hold the files of many packages: what none of them declares is found in one walk.

`survey_sources` answers for one package whose folder is its own. Where packages share a folder, each of them
would complain of the files of all others, and look at them all.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath

from archtool.errors import InputError
from archtool.files.paths import normal_form, shown
from archtool.files.tree import FileKind, FoundFile, Tree
from archtool.findings import Finding, Severity
from archtool.operations import finding_kinds
from archtool.operations.describe.sibling_descriptions import files_of_neighbours
from archtool.operations.sources.folders import folder_of
from archtool.operations.sources.left_out import LeftOut, has_pattern
from archtool.operations.sources.omissions import system_file_notes, system_part
from archtool.operations.sources.survey import MAX_SOURCE_FILES, stray_finding

MAX_PATTERNS = 1_000  # of `left-out` in one folder: each is held against each file that nobody declares
MAX_TOLD = 1_000  # files that nobody declares, by their names; all of them are counted


class SharedFolders:
    """Is told of every package, then says which folders are shared and what nobody declares in them."""

    def __init__(self, own: Iterable[Path]) -> None:
        self._own = {_resolved(path) for path in own}
        """What belongs to the batch itself: the table, the output folder."""
        self._packages: Counter[str] = Counter()
        self._given: dict[str, Path] = {}
        self._declared: set[str] = set()
        self._left_out: dict[str, dict[str, bool]] = {}
        """The entries by folder, each with whether it was said by default only."""
        self._patterns: Counter[str] = Counter()
        """How many of these entries have a wildcard, by folder."""
        self._shared: frozenset[str] | None = None
        self._reals: dict[Path, str] = {}

    def add(
        self, folder: Path, declared: Iterable[str], left_out: Iterable[str], *, by_default: bool = False
    ) -> None:
        """One package: its folder, and the files and folders (`…/`) that it declares from there.

        `by_default`: what it leaves out was said once for all packages, and need not be in each folder.
        """
        real = self._real(folder)
        self._packages[real] += 1
        self._given.setdefault(real, folder)
        self._declared.update(normal_form(_joined(real, path)) for path in declared)
        for entry in left_out:
            entries = self._left_out.setdefault(real, {})
            self._patterns[real] += entry not in entries and has_pattern(entry)
            entries[entry] = by_default and entries.get(entry, True)
        if self._patterns[real] > MAX_PATTERNS:
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
        """The undeclared files in the shared folders: how many, and the first of them.

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
                yield from self._look_through(folder, given, name)

    def _look_through(self, folder: str, given: Path, name: str) -> Iterator[Finding]:
        own = {path.removeprefix(f"{folder}/") for path in self._own if path.startswith(f"{folder}/")}
        try:
            with Tree(given) as tree:
                found = list(islice(tree.walk(without=own), MAX_SOURCE_FILES + 1))
        except OSError:
            return  # each package whose folder it is says so
        if len(found) > MAX_SOURCE_FILES:
            raise InputError(f"{shown(str(given))} holds more than {MAX_SOURCE_FILES:,} files")
        found = [item for item in found if item.path not in own]
        left_out = self._left_out_in(folder, found)
        left = [item for item in found if not self._is_accounted(folder, item, left_out)]
        theirs = files_of_neighbours(given, [item.path for item in left if item.kind is FileKind.FILE])
        folders = frozenset[str]()
        for stray in left:
            if stray.path not in theirs and system_part(stray.path, folders) is None:
                yield stray_finding(stray, (given / stray.path).as_posix(), name)
        yield from system_file_notes([item for item in left if item.path not in theirs], folders)
        yield from self._unused_entries(left_out, name)

    def _left_out_in(self, folder: str, found: Sequence[FoundFile]) -> dict[str, LeftOut]:
        """The entries of each package's folder below this one, against what lies there."""
        known: dict[str, LeftOut] = {}
        for place, entries in self._left_out.items():
            if place == folder or place.startswith(f"{folder}/"):
                above = place[len(folder) + 1 :] + "/" if place != folder else ""
                paths = (item.path[len(above) :] for item in found if item.path.startswith(above))
                known[place] = LeftOut(list(entries), paths)
        return known

    def _is_accounted(self, folder: str, item: FoundFile, left_out: Mapping[str, LeftOut]) -> bool:
        path = f"{folder}/{item.path}"
        places = [place for place in _above(path) if place in left_out]
        is_left_out = [left_out[place].entry_for(path[len(place) + 1 :]) is not None for place in places]
        if any(is_left_out) or item.kind is FileKind.FOLDER or normal_form(path) in self._declared:
            return True
        return item.kind is FileKind.FILE and folder_of(normal_form(path), self._declared) is not None

    def _unused_entries(self, left_out: Mapping[str, LeftOut], name: str) -> Iterator[Finding]:
        """Patterns that mean nothing in the whole folder; names that are not there each row says itself."""
        for place, entries in left_out.items():
            for entry in entries.unused():
                if has_pattern(entry) and not self._left_out[place][entry]:
                    near = entries.nearest(entry)
                    hint = f"did you mean `{shown(near)}`?" if near is not None else None
                    message = f"`{shown(entry)}` under `left-out` leaves nothing out"
                    yield finding_kinds.PAYLOAD_LEFT_OUT_NOTHING.at(message, name, hint=hint)


def _resolved(path: Path) -> str:
    return path.resolve().as_posix().rstrip("/")


def _above(path: str) -> list[str]:
    return [str(parent).rstrip("/") for parent in PurePosixPath(path).parents]


def _joined(folder: str, path: str) -> str:
    return posixpath.normpath(f"{folder}/{path}") + ("/" if path.endswith("/") else "")
