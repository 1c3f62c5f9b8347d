"""Finds the descriptions in a folder, and gives each job a key that is its alone."""

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
    """Every description below a folder, sorted by its job's key.

    A description is called `description.yaml` (or `.yml`, `.json`), or `NAME.description.yaml`; or as the
    pattern says, for instance `*.yaml`. The key is the folder that it lies in, or for the others their path
    without the ending. Jobs with one key, and jobs whose package would lie inside another's, are refused one
    by one: which of them was meant, nobody can know. So is a folder that cannot be listed. What lies in the
    output folder is not looked at: the packages hold descriptions themselves.

    Raises:
        InputError: no such folder, or there is no description in it.
        UsageError: the packages would lie among the sources.
    """
    if output.resolve() == folder.resolve():
        raise UsageError(
            f"the packages would lie among their sources: {shown(str(output))}",
            hint="name another folder for them with -o",
        )
    if not folder.is_dir():
        raise InputError(
            f"{shown(str(folder))} is no folder", hint="name the folder that the descriptions lie in"
        )
    found, refused = _look_for(pattern, folder, path_inside(output, folder))
    if not found and not refused:
        wanted = pattern or "description.yaml or NAME.description.yaml"
        raise InputError(
            f"there is no description in {shown(str(folder))}: nothing is called {wanted}",
            hint="say with --match PATTERN how the descriptions are called, for instance '*.yaml'",
        )
    paths = sorted(found)
    keys = [_key(path, folder) for path in paths]
    sources = path_inside(folder, output)
    whys = refusals(keys, "descriptions", () if sources is None else (sources,))
    jobs = [Job(key, folder / path, why) for key, path, why in zip(keys, paths, whys, strict=True)]
    return Plan(len(jobs) + len(refused), [*jobs, *refused])


def _look_for(pattern: str | None, folder: Path, without: str | None) -> tuple[list[str], list[Job]]:
    """The paths of all that is called so and is no folder, and the folders that cannot be listed."""
    wanted = NAMES if pattern is None else (pattern,)
    # one look for all of them: a folder can hold a million files
    is_wanted = re.compile("|".join(map(translate, wanted))).match
    found: list[str] = []
    refused: list[Job] = []
    left, listing = [""], Listing(folder)
    while left:
        path = left.pop()
        listed = listing.of(path)
        if isinstance(listed, Job):
            refused.append(listed)
            continue
        above = f"{path}/" if path else ""
        for entry in listed:
            inner = above + entry.name
            if entry.is_dir(follow_symlinks=False):
                left += [inner] if inner != without else []
            elif is_wanted(entry.name):
                found.append(inner)
    return found, refused


def _key(path: str, folder: Path) -> str:
    """The path of the package below the output folder."""
    # texts, and not paths that are taken apart and put together: there may be a million
    above, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    if stem == "description":
        return above or folder.resolve().name
    return f"{above}{slash}{stem.removesuffix('.description') or stem}"
