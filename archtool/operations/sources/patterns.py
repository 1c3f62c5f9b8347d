"""Finds the files that a pattern such as `scans/0001_*.jpg` declares, in natural order.

`*`, `?` and `[…]` stand for characters of one name, never for `/`. A name that exists as it is written is no
pattern, whatever characters it has. Names with a full stop at their beginning match only patterns that have
one too; files that systems create match no pattern.
"""

from __future__ import annotations

import bisect
import difflib
import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from archtool.files.paths import normal_form, shown, why_unsafe
from archtool.files.system_files import system_item
from archtool.operations.limits import MAX_PATTERN_MATCHES, MAX_SIMILAR_NAMES
from archtool.operations.sources.left_out import has_wildcard, literal_prefix
from archtool.report.numbers import counted

_DIGITS = re.compile("([0-9]+)")
_NAMED = 3  # of the names that are in a folder, in a hint


@dataclass(frozen=True, slots=True)
class FolderListing:
    """The names in one folder, each with the form in which it is compared, sorted by that form."""

    files: Sequence[tuple[str, str]]
    """Everything that is not a folder."""
    folders: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, files: Iterable[str], folders: Iterable[str]) -> FolderListing:
        """Return the listing of these names."""
        return cls(*(sorted((normal_form(name), name) for name in names) for names in (files, folders)))


EMPTY = FolderListing((), ())
Lister = Callable[[str], FolderListing]
"""Lists a folder by its path; a folder that cannot be listed is empty."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What a pattern matches."""

    paths: tuple[str, ...] = ()
    """In natural order: `page 2` before `page 10`. A pattern that ends in `/` matches folders."""
    fault: str | None = None
    """Why the pattern cannot be used, if it cannot."""
    hint: str | None = field(default=None)


def matching_paths(pattern: str, lister: Lister) -> Matches:
    """Return the paths that a pattern matches."""
    reason = why_unsafe(pattern.removesuffix("/"))
    if reason is not None:
        return Matches(fault=f"{shown(pattern)} {reason}")
    *parents, last = pattern.removesuffix("/").split("/")
    folders = [""]
    for parent in parents:
        folders = [inner for folder in folders for inner in _inner_folders(folder, parent, lister)]
        if len(folders) > MAX_PATTERN_MATCHES:
            return _too_many(pattern)
    wants_folders = pattern.endswith("/")
    paths: list[str] = []
    for folder in folders:
        listing = lister(folder)
        names = listing.folders if wants_folders else listing.files
        paths += [f"{folder}{name}" for name in _matching(names, last)]
        if len(paths) > MAX_PATTERN_MATCHES:
            return _too_many(pattern)
    if not paths:
        return Matches(fault=f"{shown(pattern)} matches no file", hint=_nearby(pattern, folders, lister))
    ending = "/" if wants_folders else ""
    return Matches(tuple(f"{path}{ending}" for path in sorted(paths, key=natural_key)))


def natural_key(path: str) -> tuple[tuple[int, str, str], ...]:
    """Return a key that sorts numbers in names by their value."""
    parts = _DIGITS.split(normal_form(path))
    return tuple(
        (len(part.lstrip("0")), part.lstrip("0"), part) if number % 2 else (0, part, part)
        for number, part in enumerate(parts)
    )


def _inner_folders(folder: str, part: str, lister: Lister) -> Iterator[str]:
    if not has_wildcard(part) and part.isascii():
        yield f"{folder}{part}/"
        return
    yield from (f"{folder}{name}/" for name in _matching(lister(folder).folders, part))


def _matching(names: Sequence[tuple[str, str]], part: str) -> Iterator[str]:
    """Yield the names that one part of a pattern matches; its exact name matches only itself."""
    form = normal_form(part)
    start = bisect.bisect_left(names, (form, ""))
    if start < len(names) and names[start][0] == form:
        yield names[start][1]
        return
    prefix = literal_prefix(form)
    matches = re.compile(fnmatch.translate(form)).match
    for number in range(bisect.bisect_left(names, (prefix, "")), len(names)):
        other, name = names[number]
        if not other.startswith(prefix):
            return
        is_hidden = other.startswith(".") and not form.startswith(".")
        is_hidden |= system_item(name) is not None
        if not is_hidden and matches(other) is not None:
            yield name


def _too_many(pattern: str) -> Matches:
    fault = f"{shown(pattern)} matches more than {MAX_PATTERN_MATCHES:,} files"
    return Matches(fault=fault, hint="declare the whole folder: write its path with `/` at the end")


def _nearby(pattern: str, folders: Sequence[str], lister: Lister) -> str | None:
    """Return a hint about what there is where a pattern looks for files."""
    *parents, last = pattern.removesuffix("/").split("/")
    if not folders:
        return f"no folder matches {shown('/'.join(parents))}/"
    names = [(f"{folder}{name}") for folder in folders[:_NAMED] for _, name in lister(folder).files]
    if not names:
        missing = [parent for parent in _parents(folders[0]) if not _is_listed(parent, lister)]
        where = f"{shown(folders[0])} contains no file" if folders[0] else "there is no file"
        return f"there is no folder {shown(missing[-1])}" if missing else where
    same = [
        name for name in names if fnmatch.fnmatchcase(name.rpartition("/")[2].casefold(), last.casefold())
    ]
    if same:
        return f"there is {shown(same[0])}: upper and lower case count"
    wanted = f"{folders[0]}{last}"
    close = difflib.get_close_matches(wanted, names[:MAX_SIMILAR_NAMES], n=_NAMED, cutoff=0.5)
    some = ", ".join(shown(name) for name in sorted(close or names[:_NAMED], key=natural_key))
    return f"there {'is' if len(names) == 1 else 'are'} {counted(len(names), 'file')}: {some}" + (
        " …" if len(names) > _NAMED else ""
    )


def _parents(folder: str) -> Iterator[str]:
    """Yield a folder (`…/`) and those above it, the nearest first."""
    while folder:
        yield folder
        folder = folder.rstrip("/").rpartition("/")[0]
        folder += "/" if folder else ""


def _is_listed(folder: str, lister: Lister) -> bool:
    above, _, name = folder.rstrip("/").rpartition("/")
    names = lister(f"{above}/" if above else "").folders
    return any(name in pair for pair in names)
