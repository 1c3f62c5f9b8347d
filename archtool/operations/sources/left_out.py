"""What `left-out` means: its entries against the names that are really there.

An entry that is the exact name of a file or folder means that one and nothing else, whatever characters it
holds; every other entry is a pattern. One that leaves nothing out is an error: it was meant to withhold a
file, and it would be published.
"""

from __future__ import annotations

import difflib
import fnmatch
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence

from archtool.files.paths import normal_form

_GLOB = frozenset("*?[")
_MAX_COMPARED = 10_000  # names that an entry is compared with: each takes its time


class LeftOut:
    """The entries of one description, and which of the paths that are there each of them means."""

    def __init__(self, entries: Sequence[str], paths: Iterable[str]) -> None:
        """`paths` are the files, and the empty folders, that the entries are held against."""
        self.entries = tuple(entries)
        there = list(paths) if entries else []
        self._forms = {normal_form(path): path for path in there}
        self._folders = _folders_of(self._forms)
        exact = {entry: self._exact(entry) for entry in self.entries}
        self._exact_entries = {form: entry for entry, form in exact.items() if form is not None}
        self._patterns = {entry: _pattern(entry) for entry, form in exact.items() if form is None}
        self._used: set[str] = set()

    def _exact(self, entry: str) -> str | None:
        form = normal_form(entry)
        name = form.removesuffix("/")
        is_there = form in self._forms or name in self._folders or (name in self._forms and name != form)
        return name if is_there else None

    def entry_for(self, path: str) -> str | None:
        """The entry that leaves a path out; `None` where none does."""
        if not self.entries:  # nearly always
            return None
        form = normal_form(path)
        for name in (form, *_above(form)):
            entry = self._exact_entries.get(name)
            if entry is not None:
                return self._use(entry)
        for entry, pattern in self._patterns.items():
            if fnmatch.fnmatchcase(form, pattern) or form.startswith(f"{pattern.rstrip('/')}/"):
                return self._use(entry)
        return None

    def _use(self, entry: str) -> str:
        self._used.add(entry)
        return entry

    def unused(self) -> Iterator[str]:
        """The entries that left nothing out, after `entry_for` was asked about every path."""
        yield from (entry for entry in dict.fromkeys(self.entries) if entry not in self._used)

    def likely_meant(self, entry: str) -> str | None:
        """The name that an entry seems to mean: other case, `./`, `/`, a backslash, a blank too many."""
        wanted = _folded(entry)
        names = [*self._forms.values(), *self._folders]
        same = next((name for name in names if _folded(name) == wanted), None)
        if same is not None:
            return same
        pattern = _pattern(wanted)
        if not _GLOB.isdisjoint(pattern):
            matching = (name for name in names if fnmatch.fnmatchcase(_folded(name), pattern))
            return next(matching, None)
        return None

    def nearest(self, entry: str) -> str | None:
        """The name that is most like an entry, for a hint."""
        meant = self.likely_meant(entry)
        if meant is not None:
            return meant
        names = sorted([*self._forms.values(), *self._folders])[:_MAX_COMPARED]
        wanted = entry.strip().replace("\\", "/")
        close = difflib.get_close_matches(wanted, names, n=1, cutoff=0.6)
        if not close:  # perhaps only the last part was given, of a file in some folder
            ends = {name.rpartition("/")[2]: name for name in names}
            close = [ends[end] for end in difflib.get_close_matches(wanted, list(ends), n=1, cutoff=0.7)]
        return close[0] if close else None


def _pattern(entry: str) -> str:
    form = normal_form(entry)
    return f"{form}*" if form.endswith("/") else form


def _folded(name: str) -> str:
    """A name without what a person does not see, or another system would write otherwise."""
    text = unicodedata.normalize("NFC", name).strip().replace("\\", "/").casefold()
    while text.startswith(("./", "/")):
        text = text.removeprefix("./").removeprefix("/")
    return text.rstrip("/")


def _folders_of(paths: Iterable[str]) -> set[str]:
    folders: set[str] = set()
    for path in paths:
        for folder in _above(path):
            if folder in folders:  # and so are all above it
                break
            folders.add(folder)
    return folders


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def has_pattern(entry: str) -> bool:
    """Whether an entry may mean several names."""
    return not _GLOB.isdisjoint(entry)


def fixed_part(entry: str) -> str:
    """What a pattern begins with before its first wildcard."""
    end = min((entry.find(char) for char in _GLOB if char in entry), default=len(entry))
    return entry[:end]


def lies_in_one_of(path: str, folders: Collection[str]) -> bool:
    """Whether a path, or the beginning of one, leads into one of these folders (`…/`)."""
    return any(path.startswith(folder) or folder.startswith(path) for folder in folders)
