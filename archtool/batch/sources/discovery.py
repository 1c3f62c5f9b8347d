"""Finds the descriptions in a folder, and gives each job a unique key."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from fnmatch import translate
from pathlib import Path

from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.batch.job import Job, Plan
from archtool.batch.sources.keys import path_inside, refusals
from archtool.batch.sources.output_folder import refuse_among_sources
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.files.writing.leftovers import is_staged
from archtool.operations.list_packages.folder_listing import FolderListing, UnlistedFolder
from archtool.report.numbers import counted

NAMES = tuple(
    f"{name}.{ending}" for name in ("description", "*.description") for ending in ("yaml", "yml", "json")
)
_NAMED = 3  # packages named in a note: enough to recognise them
_NAMES_HINT = "rename the descriptions, or the folders that contain them"


def find_descriptions(folder: Path, output: Path, pattern: str | None = None) -> Plan:
    """Find every description below a folder; returns the jobs sorted by key.

    A description is called `description.yaml` (or `.yml`, `.json`), or `NAME.description.yaml`, or it matches
    the pattern, for instance `*.yaml`. The key is the folder of a `description.yaml`, or the path of another
    description without its ending. Jobs with the same key, and jobs whose package would be inside another's,
    are refused one by one: it cannot be known which of them was meant. A folder that cannot be listed is
    refused also. The output folder and other packages are not searched: packages contain descriptions.

    Raises:
        InputError: the folder does not exist, or there is no description in it.
        UsageError: the packages would be written among the sources.
    """
    if output.resolve() == folder.resolve():
        refuse_among_sources(output)
    if not folder.is_dir():
        raise InputError(
            f"{shown(str(folder))} is not a folder", hint="name the folder that contains the descriptions"
        )
    excluded = path_inside(output, folder)
    if excluded is not None and _has_description(pattern, output):
        refuse_among_sources(output)  # its description would not be found: no package is searched for sources
    found, refused, packages = _search(pattern, folder, excluded)
    if not found and not refused:
        raise _nothing_found(folder, pattern, packages)
    paths = sorted(found)
    keys = [_key(path, folder) for path in paths]
    sources = path_inside(folder, output)
    reasons = refusals(keys, "descriptions", () if sources is None else (sources,))
    jobs = [
        Job(
            key,
            folder / path,
            refusal.reason if refusal is not None else None,
            hint=_NAMES_HINT if refusal is not None else None,
        )
        for key, path, refusal in zip(keys, paths, reasons, strict=True)
    ]
    notes = (_packages_note(folder, packages),) if packages else ()
    return Plan(len(jobs) + len(refused), [*jobs, *refused], notes)


def _has_description(pattern: str | None, folder: Path) -> bool:
    is_description = _matcher(pattern)
    try:
        with os.scandir(folder) as entries:
            return any(entry.is_file() and is_description(entry.name) for entry in entries)
    except OSError:
        return False  # it does not exist yet


def _matcher(pattern: str | None) -> Callable[[str], object]:
    patterns = NAMES if pattern is None else (pattern,)
    # one regular expression for all patterns: a folder can hold a million files
    return re.compile("|".join(map(translate, patterns))).match


def _nothing_found(folder: Path, pattern: str | None, packages: list[str]) -> InputError:
    names = pattern or "description.yaml or NAME.description.yaml"
    message = f"there is no description in {shown(str(folder))}: no file is called {names}"
    if packages:
        return InputError(
            f"{message} ({_packages_note(folder, packages)})",
            hint="name the folder of the descriptions; to check packages, run the batch with --verb verify",
        )
    hint = "give the file name pattern of the descriptions with --match, for instance '*.yaml'"
    return InputError(message, hint=hint)


def _packages_note(folder: Path, packages: list[str]) -> str:
    named = ", ".join(shown(str(folder / path)) for path in sorted(packages)[:_NAMED])
    more = " …" if len(packages) > _NAMED else ""
    verb = "was" if len(packages) == 1 else "were"
    return f"{counted(len(packages), 'package')} {verb} not searched for descriptions: {named}{more}"


def _search(
    pattern: str | None, folder: Path, excluded: str | None
) -> tuple[list[str], list[Job], list[str]]:
    """Return the paths of the descriptions, the refused jobs for folders that cannot be listed, and packages.

    A package holds the description that it was made from; it is no source of another one.
    """
    is_description = _matcher(pattern)
    found: list[str] = []
    refused: list[Job] = []
    packages: list[str] = []
    pending, listing = [""], FolderListing(folder)
    while pending:
        path = pending.pop()
        listed = listing.entries_of(path)
        if isinstance(listed, UnlistedFolder):
            refused.append(Job(listed.path, folder / listed.path, listed.reason, hint=listed.hint))
            continue
        if any(entry.name == DECLARATION_NAME for entry in listed):
            packages.append(path)
            continue
        above = f"{path}/" if path else ""
        for entry in listed:
            inner = above + entry.name
            if entry.is_dir(follow_symlinks=False):
                pending += [inner] if inner != excluded and not is_staged(entry.name) else []
            elif is_description(entry.name):
                found.append(inner)
    return found, refused, packages


def _key(path: str, folder: Path) -> str:
    """Return the path of the package below the output folder."""
    # strings, not `Path` objects, which are slower: there can be a million
    above, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    if stem == "description":
        return above or folder.resolve().name
    return f"{above}{slash}{stem.removesuffix('.description') or stem}"
