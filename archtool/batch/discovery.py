"""Finds the descriptions in a folder, and gives each job a key that is its alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate
from pathlib import Path

from archtool.batch.job import Job
from archtool.batch.keys import path_inside, refusals
from archtool.batch.plan import Plan
from archtool.errors import InputError, UsageError
from archtool.fixity.paths import shown
from archtool.fixity.tree import Tree

MAX_FILES = 10_000_000  # a folder named by mistake must not start a day's walk
NAMES = tuple(
    f"{name}.{ending}" for name in ("description", "*.description") for ending in ("yaml", "yml", "json")
)


def find_descriptions(folder: Path, output: Path, pattern: str | None = None) -> Plan:
    """Every description below a folder, sorted by its job's key.

    A description is called `description.yaml` (or `.yml`, `.json`), or `NAME.description.yaml`; or as the
    pattern says, for instance `*.yaml`. The key is the folder that it lies in, or for the others their path
    without the ending. Jobs with one key, and jobs whose package would lie inside another's, are refused one
    by one: which of them was meant, nobody can know. What lies below the output folder is not looked at: the
    packages hold descriptions themselves.

    Raises:
        InputError: no such folder, or there is no description in it.
        UsageError: the packages would lie among the sources.
    """
    if output.resolve() == folder.resolve():
        raise UsageError(
            f"the packages would lie among their sources: {shown(str(output))}",
            hint="name another folder for them with -o",
        )
    try:
        tree = Tree(folder)
    except OSError as error:
        raise InputError(
            f"{shown(str(folder))}: the folder cannot be opened: {error.strerror}", hint="check the path"
        ) from error
    with tree:
        passed_over = path_inside(output, folder)
        paths = sorted(path for path in _descriptions(tree, pattern) if not _is_below(path, passed_over))
    if not paths:
        wanted = pattern or "description.yaml or NAME.description.yaml"
        raise InputError(
            f"there is no description in {shown(str(folder))}: nothing is called {wanted}",
            hint="say with --match PATTERN how the descriptions are called, for instance '*.yaml'",
        )
    keys = [_key(path, folder) for path in paths]
    sources = path_inside(folder, output)
    whys = refusals(keys, "descriptions", () if sources is None else (sources,))
    jobs = [Job(key, folder / path, why) for key, path, why in zip(keys, paths, whys, strict=True)]
    return Plan(len(jobs), jobs)


def _descriptions(tree: Tree, pattern: str | None) -> Iterator[str]:
    wanted = NAMES if pattern is None else (pattern,)
    # one look for all of them: a folder can hold a million files
    is_wanted = re.compile("|".join(map(translate, wanted))).match
    for count, found in enumerate(tree.walk()):
        if count >= MAX_FILES:
            raise InputError(f"more than {MAX_FILES:,} files in {shown(str(tree.root))}")
        name = found.path.rpartition("/")[2]
        if is_wanted(name):
            yield found.path


def _is_below(path: str, above: str | None) -> bool:
    return above is not None and path.startswith(f"{above}/")


def _key(path: str, folder: Path) -> str:
    """The path of the package below the output folder."""
    # texts, and not paths that are taken apart and put together: there may be a million
    above, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    if stem == "description":
        return above or folder.resolve().name
    return f"{above}{slash}{stem.removesuffix('.description') or stem}"
