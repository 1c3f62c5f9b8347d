r"""Reads the paths in the cells of a table as people write them: `.\001`, `scans\`, `scans/{package}_*.jpg`.

A path that exists as it is written is always meant literally, whatever characters it has.
"""

from __future__ import annotations

import glob
import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from archtool.files.paths import shown, why_unsafe
from archtool.files.tree import Tree
from archtool.operations.sources.left_out import has_wildcard
from archtool.operations.sources.patterns import EMPTY, FolderListing, matching_paths

PACKAGE_NAME = "{package}"
_SPECIAL = re.compile(r"[\\*?\[]|\{package\}|^[A-Za-z]:")
_ABSOLUTE = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_SLASHES = re.compile(r"[\\/]+")
_MAX_LISTINGS = 16  # of folders that are kept: rows next to each other often share one


@dataclass(frozen=True, slots=True)
class PathsOfCell:
    """The paths that a text in a cell stands for."""

    paths: tuple[str, ...]
    fault: str | None = None
    """Why the text cannot be used, if it cannot."""
    hint: str | None = None
    had_backslashes: bool = False
    """Whether backslashes were read as `/`."""
    is_pattern: bool = False


@dataclass(slots=True)
class FileNames:
    """Reads the paths of one batch; keeps the listings of the folders that patterns were compared with."""

    own: frozenset[Path]
    """The files of the batch itself, resolved: no pattern matches them."""
    _listings: dict[tuple[Path, str], tuple[int, FolderListing]] = field(default_factory=dict)

    def folder(self, base: Path, text: str) -> PathsOfCell:
        """Return the folder of a row."""
        if "\\" not in text and _ABSOLUTE.match(text) is None:  # the usual case
            return PathsOfCell((text,))
        return _literal(base, text) or PathsOfCell((text,))

    def files(self, folder: Path, text: str, package: str, *, allows_pattern: bool = True) -> PathsOfCell:
        """Return the files in the folder of a row that a text declares."""
        if not needs_reading(text):
            return PathsOfCell((text,))
        found = _literal(folder, text)
        if found is not None:
            return found
        named = text.replace(PACKAGE_NAME, package) if package else text
        found = _literal(folder, named) if named != text else None
        if found is not None or not allows_pattern or not has_wildcard(text.replace(PACKAGE_NAME, "")):
            return found or PathsOfCell((named,))
        # characters in the name of the package stand for themselves
        pattern = text.replace(PACKAGE_NAME, glob.escape(package)) if package else text
        if why_unsafe(pattern.removesuffix("/")) is not None:
            return PathsOfCell((named,))
        return self._matching(folder, text, pattern)

    def _matching(self, folder: Path, text: str, pattern: str) -> PathsOfCell:
        slashed = _slashed(pattern)
        matches = matching_paths(pattern, lambda inner: self._list(folder, inner))
        if matches.fault is not None and slashed != pattern:
            matches = matching_paths(slashed, lambda inner: self._list(folder, inner))
            pattern = slashed
        if matches.fault is not None:
            return PathsOfCell((text,), matches.fault, matches.hint, is_pattern=True)
        had_backslashes = pattern == slashed and "\\" in text
        return PathsOfCell(matches.paths, had_backslashes=had_backslashes, is_pattern=True)

    def _list(self, folder: Path, inner: str) -> FolderListing:
        path = folder / inner
        try:
            changed_ns = path.stat().st_mtime_ns
            known = self._listings.get((folder, inner))
            if known is None or known[0] != changed_ns:
                with Tree(folder) as tree:
                    names = tree.list_names(inner.rstrip("/"))
                others = [other.path.rpartition("/")[2] for other in names.others]
                files = (name for name in (*names.files, *others) if not self._is_own(path / name))
                known = (changed_ns, FolderListing.of(files, names.folders))
                if len(self._listings) >= _MAX_LISTINGS:
                    del self._listings[next(iter(self._listings))]
                self._listings[folder, inner] = known
        except (OSError, ValueError):
            return EMPTY
        return known[1]

    def _is_own(self, path: Path) -> bool:
        return path.name in {own.name for own in self.own} and path.resolve() in self.own


def needs_reading(text: str) -> bool:
    """Whether a path can mean anything else than what is written: the quick test before all others."""
    return _SPECIAL.search(text) is not None


def _literal(folder: Path, text: str) -> PathsOfCell | None:
    """Return a path that exists as it is written, or with `/` for its backslashes; otherwise `None`."""
    slashed = _slashed(text)
    is_there = _exists(folder, text)
    if slashed != text and _exists(folder, slashed):
        if not is_there:
            return PathsOfCell((slashed,), had_backslashes=True)
        fault = f"{text[:100]!r} exists, and {shown(slashed)} too: it is not clear which one is meant"
        return PathsOfCell((text,), fault, f"rename {text[:100]!r}, or write the other one with `/`")
    if is_there:
        return PathsOfCell((text,))
    if _ABSOLUTE.match(text) is not None:
        fault = f"{text[:100]!r} is an absolute path of Windows"
        hint = (
            "write the path relative to the folder of the table; if the files are elsewhere, name that folder"
        )
        return PathsOfCell((text,), fault, f"{hint} with --files DIR")
    return None


def _slashed(text: str) -> str:
    r"""Return a path of Windows with `/`: `.\scans\` gives `scans/`."""
    if "\\" not in text or _ABSOLUTE.match(text) is not None:
        return text
    return _SLASHES.sub("/", text).removeprefix("./") or "."


def _exists(folder: Path, path: str) -> bool:
    """Whether a path exists in a folder, in any Unicode form; with a final `/` it must be a folder."""
    name = path.removesuffix("/")
    if name == ".":
        return True
    if why_unsafe(name) is not None:
        return False
    return any(_is_there(folder, form, is_folder=path != name) for form in _forms(name))


def _forms(name: str) -> Iterable[str]:
    if name.isascii():
        return (name,)
    return dict.fromkeys((name, *(unicodedata.normalize(form, name) for form in ("NFC", "NFD"))))


def _is_there(folder: Path, name: str, *, is_folder: bool) -> bool:
    path = folder / name
    try:
        return path.is_dir() if is_folder else os.path.lexists(path)
    except (OSError, ValueError):
        return False
