"""Matches the entries of `left-out` with the names in the folder.

An entry that is the exact name of a file or folder matches only that one, whatever characters it contains;
every other entry is a pattern. An entry that matches nothing is an error: it was meant to withhold a file,
which would be published.
"""

from __future__ import annotations

import fnmatch
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from archtool.files.paths import normal_form
from archtool.nearest_names import nearest_path

_GLOB = frozenset("*?[")


class LeftOutEntries:
    """The entries of one description, and the paths that each of them matches."""

    def __init__(self, entries: Sequence[str], paths: Iterable[str]) -> None:
        """Match entries with `paths`: the files and the empty folders."""
        self.entries = tuple(entries)
        existing = list(paths) if entries else []
        self._by_form = {normal_form(path): path for path in existing}
        self._folders = _folders_of(self._by_form)
        exact = {entry: self._exact_form(entry) for entry in self.entries}
        self._exact_entries = {form: entry for entry, form in exact.items() if form is not None}
        self._patterns = {entry: _pattern(entry) for entry, form in exact.items() if form is None}
        self._used: set[str] = set()

    def _exact_form(self, entry: str) -> str | None:
        form = normal_form(entry)
        name = form.removesuffix("/")
        is_exact = form in self._by_form or name in self._folders or (name in self._by_form and name != form)
        return name if is_exact else None

    def matching_entry(self, path: str) -> str | None:
        """Return the entry that leaves a path out, or `None`; the entry counts as used."""
        if not self.entries:  # the usual case
            return None
        form = normal_form(path)
        for name in (form, *_parents(form)):
            entry = self._exact_entries.get(name)
            if entry is not None:
                return self._mark_used(entry)
        for entry, pattern in self._patterns.items():
            if fnmatch.fnmatchcase(form, pattern) or form.startswith(f"{pattern.rstrip('/')}/"):
                return self._mark_used(entry)
        return None

    def _mark_used(self, entry: str) -> str:
        self._used.add(entry)
        return entry

    def unused(self) -> Iterator[str]:
        """Return the entries that matched nothing; call `matching_entry` for every path first."""
        yield from (entry for entry in dict.fromkeys(self.entries) if entry not in self._used)

    def find_variant(self, entry: str) -> str | None:
        """Return the name that differs from an entry only in case, `./`, `/`, backslashes or blanks."""
        wanted = _folded(entry)
        names = [*self._by_form.values(), *self._folders]
        same = next((name for name in names if _folded(name) == wanted), None)
        if same is not None:
            return same
        pattern = _pattern(wanted)
        if not _GLOB.isdisjoint(pattern):
            matching = (name for name in names if fnmatch.fnmatchcase(_folded(name), pattern))
            return next(matching, None)
        return None

    def find_similar(self, entry: str, is_declared: Callable[[str], bool]) -> str | None:
        """Return the name that is most similar to an entry, for a hint; no declared file."""
        others = [path for path in self._by_form.values() if not is_declared(path)]
        names = sorted({*others, *_folders_of(others)})
        variant = self.find_variant(entry)
        if variant in names:
            return variant
        wanted = entry.strip().replace("\\", "/")
        nearest = nearest_path(wanted, names, cutoff=0.6)
        if nearest is None:  # the entry can be only the last part of a path
            ends = {name.rpartition("/")[2]: name for name in names}
            end = nearest_path(wanted, ends)
            nearest = ends[end] if end is not None else None
        return nearest


def _pattern(entry: str) -> str:
    form = normal_form(entry)
    return f"{form}*" if form.endswith("/") else form


def _folded(name: str) -> str:
    """Return a name without differences that a person does not see, or that depend on the system."""
    text = unicodedata.normalize("NFC", name).strip().replace("\\", "/").casefold()
    while text.startswith(("./", "/")):
        text = text.removeprefix("./").removeprefix("/")
    return text.rstrip("/")


def _folders_of(paths: Iterable[str]) -> set[str]:
    folders: set[str] = set()
    for path in paths:
        for folder in _parents(path):
            if folder in folders:  # then its parents are in it too
                break
            folders.add(folder)
    return folders


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def has_wildcard(entry: str) -> bool:
    """Return whether an entry has a wildcard, so that it can match several names."""
    return not _GLOB.isdisjoint(entry)


def literal_prefix(entry: str) -> str:
    """Return the beginning of a pattern before its first wildcard."""
    end = min((entry.find(char) for char in _GLOB if char in entry), default=len(entry))
    return entry[:end]


def may_lead_into(path: str, folders: Collection[str]) -> bool:
    """Return whether a path, or a longer path that begins with it, is in one of the folders (`…/`)."""
    return any(path.startswith(folder) or folder.startswith(path) for folder in folders)
