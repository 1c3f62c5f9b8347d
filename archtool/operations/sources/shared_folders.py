"""Finds undeclared files in folders that many packages share, in one walk over each folder.

`survey_sources` checks the folder of one package. If packages share a folder, it would read the files of all
packages for each of them, and report them as undeclared.
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
from archtool.operations.describe.sibling_descriptions import files_of_siblings
from archtool.operations.limits import MAX_NAMED, MAX_PATTERNS, MAX_SOURCE_FILES
from archtool.operations.sources.folders import folder_of
from archtool.operations.sources.left_out import LeftOutEntries, has_wildcard
from archtool.operations.sources.omissions import system_file_notes, system_part
from archtool.operations.sources.survey import stray_finding


class SharedFolders:
    """Collects every package of a batch, then finds the shared folders and the undeclared files in them."""

    def __init__(self, own: Iterable[Path]) -> None:
        """Ignore `own`, the files and folders of the batch itself: the table, the output folder."""
        self._own = {_resolved(path) for path in own}
        self._packages: Counter[str] = Counter()
        self._named: dict[str, Path] = {}
        """The folders as they were named, by their resolved paths."""
        self._declared: set[str] = set()
        self._left_out: dict[str, dict[str, bool]] = {}
        """The entries by folder, each with whether it is only a default."""
        self._patterns: Counter[str] = Counter()
        """The number of entries with a wildcard, by folder."""
        self._shared: frozenset[str] | None = None
        self._resolved_paths: dict[Path, str] = {}

    def add(
        self, folder: Path, declared: Iterable[str], left_out: Iterable[str], *, by_default: bool = False
    ) -> None:
        """Add a package: its folder, and the files and folders (`…/`) that it declares, relative to it.

        `by_default`: its `left-out` is a default for all packages, so it need not match in each folder.

        Raises:
            InputError: the folder has too many patterns of `left-out`.
        """
        real = self._resolve(folder)
        self._packages[real] += 1
        self._named.setdefault(real, folder)
        self._declared.update(normal_form(_joined(real, path)) for path in declared)
        for entry in left_out:
            entries = self._left_out.setdefault(real, {})
            self._patterns[real] += entry not in entries and has_wildcard(entry)
            entries[entry] = by_default and entries.get(entry, True)
        if self._patterns[real] > MAX_PATTERNS:
            raise InputError(
                f"more than {MAX_PATTERNS:,} patterns of `left-out` in {shown(str(self._named[real]))}",
                hint="write them once for all packages, in the defaults",
            )

    def _resolve(self, folder: Path) -> str:
        if folder not in self._resolved_paths:
            self._resolved_paths[folder] = _resolved(folder)
        return self._resolved_paths[folder]

    def folders(self) -> Iterator[Path]:
        """Return the folder of every package, each folder once."""
        yield from self._named.values()

    def resolved_folders(self) -> Iterator[tuple[str, Path, int]]:
        """Yield the resolved path of each folder, its path, and the number of its packages."""
        yield from ((real, path, self._packages[real]) for real, path in self._named.items())

    def is_shared(self, folder: Path) -> bool:
        """Return whether other packages have files there too; call it after all packages are added."""
        if self._shared is None:
            self._shared = frozenset(self._find_shared())
        return self._resolve(folder) in self._shared

    def _find_shared(self) -> Iterator[str]:
        outer = {parent for path in (*self._packages, *self._own) for parent in _parents(path)}
        for folder, count in self._packages.items():
            is_inside = any(parent in self._packages for parent in _parents(folder))
            if count > 1 or is_inside or folder in outer or folder in self._own:
                yield folder

    def strays(self, name: str) -> tuple[int, tuple[Finding, ...]]:
        """Find the undeclared files in the shared folders; return their number and the first findings.

        `name` is the table or file that should declare them, for messages.

        Raises:
            InputError: a folder contains too many files.
        """
        count, first = 0, []
        for finding in self._find_strays(name):
            if finding.severity is Severity.ERROR:
                count += 1
                first += [finding] if count <= MAX_NAMED else []
        return count, tuple(first)

    def _find_strays(self, name: str) -> Iterator[Finding]:
        for folder, path in self._named.items():
            if self.is_shared(path) and not any(parent in self._packages for parent in _parents(folder)):
                yield from self._check_folder(folder, path, name)

    def _check_folder(self, folder: str, path: Path, name: str) -> Iterator[Finding]:
        own = {own.removeprefix(f"{folder}/") for own in self._own if own.startswith(f"{folder}/")}
        try:
            with Tree(path) as tree:
                found = list(islice(tree.walk(excluded=own), MAX_SOURCE_FILES + 1))
        except OSError:
            return  # each package of this folder reports it
        if len(found) > MAX_SOURCE_FILES:
            raise InputError(f"{shown(str(path))} contains more than {MAX_SOURCE_FILES:,} files")
        found = [item for item in found if item.path not in own]
        left_out = self._match_left_out(folder, found)
        undeclared = [item for item in found if not self._is_accounted(folder, item, left_out)]
        of_siblings = files_of_siblings(path, [f.path for f in undeclared if f.kind is FileKind.FILE])
        strays = [item for item in undeclared if item.path not in of_siblings]
        folders = frozenset[str]()
        for stray in strays:
            if system_part(stray.path, folders) is None:
                yield stray_finding(stray, (path / stray.path).as_posix(), name)
        yield from system_file_notes(strays, folders)
        yield from self._unused_entries(left_out, name)

    def _match_left_out(self, folder: str, found: Sequence[FoundFile]) -> dict[str, LeftOutEntries]:
        """Match the entries of each package's folder inside this folder with the files there."""
        matched: dict[str, LeftOutEntries] = {}
        for place, entries in self._left_out.items():
            if place == folder or place.startswith(f"{folder}/"):
                prefix = place[len(folder) + 1 :] + "/" if place != folder else ""
                paths = (item.path[len(prefix) :] for item in found if item.path.startswith(prefix))
                matched[place] = LeftOutEntries(list(entries), paths)
        return matched

    def _is_accounted(self, folder: str, item: FoundFile, left_out: Mapping[str, LeftOutEntries]) -> bool:
        path = f"{folder}/{item.path}"
        places = [place for place in _parents(path) if place in left_out]
        is_left_out = [left_out[place].matching_entry(path[len(place) + 1 :]) is not None for place in places]
        if any(is_left_out) or item.kind is FileKind.FOLDER or normal_form(path) in self._declared:
            return True
        return item.kind is FileKind.FILE and folder_of(normal_form(path), self._declared) is not None

    def _unused_entries(self, left_out: Mapping[str, LeftOutEntries], name: str) -> Iterator[Finding]:
        """Report patterns that match nothing in the folder; each row reports its own unmatched names."""
        for place, entries in left_out.items():

            def is_declared(path: str, place: str = place) -> bool:
                return normal_form(f"{place}/{path}") in self._declared

            for entry in entries.unused():
                if has_wildcard(entry) and not self._left_out[place][entry]:
                    similar = entries.find_similar(entry, is_declared)
                    hint = f"did you mean `{shown(similar)}`?" if similar is not None else None
                    message = f"`{shown(entry)}` under `left-out` matches no file"
                    yield finding_kinds.PAYLOAD_LEFT_OUT_NOTHING.at(message, name, hint=hint)


def _resolved(path: Path) -> str:
    return path.resolve().as_posix().rstrip("/")


def _parents(path: str) -> list[str]:
    return [str(parent).rstrip("/") for parent in PurePosixPath(path).parents]


def _joined(folder: str, path: str) -> str:
    return posixpath.normpath(f"{folder}/{path}") + ("/" if path.endswith("/") else "")
