"""Finds the packages that are there already: folders with a `bagit.txt`, and archives."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from archtool.bag.declaration import FILE_NAME as DECLARATION_NAME
from archtool.batch.job import Job
from archtool.batch.listing import Listing
from archtool.batch.plan import Plan
from archtool.errors import InputError
from archtool.fixity.paths import shown
from archtool.fixity.staging import is_staged

ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".zip")


def find_packages(folder: Path, pattern: str | None = None) -> Plan:
    """Every package below a folder, or the folder itself, sorted by path.

    A folder that holds a `bagit.txt` is a package, and what is inside it is its own. An archive is called
    like one; whether there is a bag in it, whoever verifies it will say. `pattern` chooses among their
    names. Links are not followed. A folder that cannot be listed is a job that is refused: nobody can know
    what would have been found there.

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
        found = sorted(_below(folder), key=lambda job: job.key)
    jobs = [job for job in found if pattern is None or fnmatchcase(job.place.name, pattern) or job.refusal]
    if not jobs:
        called = f" that is called {pattern}" if pattern is not None else ""
        raise InputError(
            f"there is no package{called} in {shown(str(folder))}",
            hint=f"a package is a folder with a {DECLARATION_NAME}, or an archive ({', '.join(ARCHIVES)})",
        )
    return Plan(len(jobs), jobs)


def _below(folder: Path) -> Iterator[Job]:
    left, listing = [""], Listing(folder)
    while left:
        path = left.pop()
        listed = listing.of(path)
        if isinstance(listed, Job):
            yield listed
            continue
        if path and any(entry.name == DECLARATION_NAME for entry in listed):
            yield Job(path, folder / path)
            continue
        for entry in listed:
            inner = f"{path}/{entry.name}" if path else entry.name
            if entry.is_dir(follow_symlinks=False) and not is_staged(entry.name):
                left.append(inner)
            elif entry.is_file(follow_symlinks=False) and entry.name.lower().endswith(ARCHIVES):
                yield Job(inner, folder / inner)
