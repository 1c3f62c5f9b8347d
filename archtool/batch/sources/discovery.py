"""Finds the descriptions in a folder, and gives each job a unique key."""

from __future__ import annotations

import re
from fnmatch import translate
from pathlib import Path

from archtool.batch.job import Job, Plan
from archtool.batch.sources.keys import path_inside, refusals
from archtool.batch.sources.listing import Listing
from archtool.errors import InputError, UsageError
from archtool.files.paths import shown

NAMES = tuple(
    f"{name}.{ending}" for name in ("description", "*.description") for ending in ("yaml", "yml", "json")
)


def find_descriptions(folder: Path, output: Path, pattern: str | None = None) -> Plan:
    """Find every description below a folder; returns the jobs sorted by key.

    A description is called `description.yaml` (or `.yml`, `.json`), or `NAME.description.yaml`, or it matches
    the pattern, for instance `*.yaml`. The key is the folder of a `description.yaml`, or the path of another
    description without its ending. Jobs with the same key, and jobs whose package would be inside another's,
    are refused one by one: it cannot be known which of them was meant. A folder that cannot be listed is
    refused also. The output folder is not searched: the packages in it contain descriptions.

    Raises:
        InputError: the folder does not exist, or there is no description in it.
        UsageError: the packages would be written among the sources.
    """
    if output.resolve() == folder.resolve():
        raise UsageError(
            f"the packages would be written among their sources: {shown(str(output))}",
            hint="choose another folder for them with -o",
        )
    if not folder.is_dir():
        raise InputError(
            f"{shown(str(folder))} is not a folder", hint="name the folder that contains the descriptions"
        )
    found, refused = _search(pattern, folder, path_inside(output, folder))
    if not found and not refused:
        names = pattern or "description.yaml or NAME.description.yaml"
        raise InputError(
            f"there is no description in {shown(str(folder))}: no file is called {names}",
            hint="give the file name pattern of the descriptions with --match, for instance '*.yaml'",
        )
    paths = sorted(found)
    keys = [_key(path, folder) for path in paths]
    sources = path_inside(folder, output)
    reasons = refusals(keys, "descriptions", () if sources is None else (sources,))
    jobs = [Job(key, folder / path, reason) for key, path, reason in zip(keys, paths, reasons, strict=True)]
    return Plan(len(jobs) + len(refused), [*jobs, *refused])


def _search(pattern: str | None, folder: Path, excluded: str | None) -> tuple[list[str], list[Job]]:
    """Return the paths of the descriptions, and the refused jobs for folders that cannot be listed."""
    patterns = NAMES if pattern is None else (pattern,)
    # one regular expression for all patterns: a folder can hold a million files
    is_description = re.compile("|".join(map(translate, patterns))).match
    found: list[str] = []
    refused: list[Job] = []
    pending, listing = [""], Listing(folder)
    while pending:
        path = pending.pop()
        listed = listing.entries_of(path)
        if isinstance(listed, Job):
            refused.append(listed)
            continue
        above = f"{path}/" if path else ""
        for entry in listed:
            inner = above + entry.name
            if entry.is_dir(follow_symlinks=False):
                pending += [inner] if inner != excluded else []
            elif is_description(entry.name):
                found.append(inner)
    return found, refused


def _key(path: str, folder: Path) -> str:
    """Return the path of the package below the output folder."""
    # strings, not `Path` objects, which are slower: there can be a million
    above, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    if stem == "description":
        return above or folder.resolve().name
    return f"{above}{slash}{stem.removesuffix('.description') or stem}"
