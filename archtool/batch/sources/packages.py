"""Finds the packages that are there already: folders with a `bagit.txt`, and archives."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.batch.job import Job, Plan
from archtool.batch.journal.journal import JOURNAL_NAME, shards_in
from archtool.batch.journal.state import Memory
from archtool.batch.sources.listing import Listing
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.files.writing.staging import is_staged
from archtool.operations.open_package.package_paths import SIDECAR_SUFFIX

_TAG_FILES = frozenset((DECLARATION_NAME, "bag-info.txt", "package-info.txt"))
ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".zip")


def find_packages(folder: Path, pattern: str | None = None) -> Plan:
    """Every package below a folder, or the folder itself, sorted by path.

    A folder that holds a `bagit.txt`, a `data` folder, or another tag file that only bags have, is a package,
    and what is inside it is its own. An archive is recognised by its name; whether there is a bag in it,
    `verify` will say. `pattern` chooses among the names. Links are not followed.

    Two kinds of jobs are refused: a folder that cannot be listed, since its packages are unknown; and what
    a journal or a sidecar shows to have been a package that is not there any more.

    Raises:
        InputError: no such folder, or there is no package in it.
    """
    if not folder.is_dir():
        raise InputError(
            f"{shown(str(folder))} is no folder", hint="name the folder that the packages lie in"
        )
    name = folder.resolve().name
    if (folder / DECLARATION_NAME).is_file():
        found = [Job(name, folder)]
    else:
        below = list(_below(folder))
        lost = _lost_packages(folder, {job.key for job in below})
        found = sorted((*below, *lost), key=lambda job: job.key)
    jobs = [job for job in found if pattern is None or fnmatchcase(job.place.name, pattern) or job.refusal]
    if not jobs:
        called = f" that is called {pattern}" if pattern is not None else ""
        raise InputError(
            f"there is no package{called} in {shown(str(folder))}",
            hint=f"a package is a folder with a {DECLARATION_NAME}, or an archive ({', '.join(ARCHIVES)})",
        )
    return Plan(len(jobs), jobs)


def _is_mark_of_bag(entry: os.DirEntry[str]) -> bool:
    """Whether something shows that a folder is a package, or was one before it lost its `bagit.txt`."""
    if entry.is_dir(follow_symlinks=False):
        return entry.name == "data"
    return entry.name in _TAG_FILES or read_manifest_name(entry.name) is not None


def _lost_packages(folder: Path, there: Collection[str]) -> Iterator[Job]:
    """What a journal or a sidecar in the folder shows to have been a package, and is not there any more."""
    memory = Memory()
    for path in [folder / JOURNAL_NAME, *shards_in(folder).values()]:
        memory.read(path) if path.name == JOURNAL_NAME else memory.read_share(path)
    made = [key for key, known in memory.known.items() if known.was_made and memory.verb_name == "pack"]
    for key in made:
        if key not in there:
            yield Job(key, folder / key, "the journal says that a package was made here, and there is none")
    for path in sorted(folder.glob(f"*{SIDECAR_SUFFIX}")):
        key = path.name.removesuffix(SIDECAR_SUFFIX)
        if path.is_dir() and key not in there and key not in made and not (path / DECLARATION_NAME).exists():
            what = f"{shown(path.name)} holds the attestations of a package that is not there"
            yield Job(key, folder / key, what)


def _below(folder: Path) -> Iterator[Job]:
    left, listing = [""], Listing(folder)
    while left:
        path = left.pop()
        listed = listing.of(path)
        if isinstance(listed, Job):
            yield listed
            continue
        if path and any(map(_is_mark_of_bag, listed)):
            yield Job(path, folder / path)
            continue
        for entry in listed:
            inner = f"{path}/{entry.name}" if path else entry.name
            if entry.is_dir(follow_symlinks=False) and not is_staged(entry.name):
                left.append(inner)
            elif entry.is_file(follow_symlinks=False) and entry.name.lower().endswith(ARCHIVES):
                yield Job(inner, folder / inner)
