"""Finds existing packages: folders with a `bagit.txt`, and archives."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.batch.job import Job, Plan
from archtool.batch.journal.journal import JOURNAL_NAME, shards_in
from archtool.batch.journal.state import JournalState
from archtool.batch.sources.listing import Listing
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.files.writing.leftovers import is_staged
from archtool.operations.open_package.package_paths import SIDECAR_SUFFIX

_TAG_FILES = frozenset((DECLARATION_NAME, "bag-info.txt", "package-info.txt"))
_LOST_HINT = "restore the package from another copy, then run the same command again"
ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".zip")


def find_packages(folder: Path, pattern: str | None = None) -> Plan:
    """Find every package below a folder, or the folder itself; returns the jobs sorted by path.

    A folder that contains a `bagit.txt`, a `data` folder or another tag file that only bags have is a
    package; its subfolders are not searched. An archive is recognised by its name; `verify` reports whether
    there is a bag in it. `pattern` filters by name. Links are not followed.

    Two kinds of jobs are refused: folders that cannot be listed, since their packages are unknown; and
    missing packages that a journal or a sidecar mentions.

    Raises:
        InputError: the folder does not exist, or there is no package in it.
    """
    if not folder.is_dir():
        raise InputError(
            f"{shown(str(folder))} is not a folder", hint="name the folder that contains the packages"
        )
    name = folder.resolve().name
    if (folder / DECLARATION_NAME).is_file():
        found = [Job(name, folder)]
    else:
        existing = list(_search(folder))
        lost = _lost_packages(folder, {job.key for job in existing})
        found = sorted((*existing, *lost), key=lambda job: job.key)
    jobs = [job for job in found if pattern is None or fnmatchcase(job.path.name, pattern) or job.refusal]
    if not jobs:
        named = f" that matches {pattern}" if pattern is not None else ""
        raise InputError(
            f"there is no package{named} in {shown(str(folder))}",
            hint=f"a package is a folder with a {DECLARATION_NAME}, or an archive ({', '.join(ARCHIVES)})",
        )
    return Plan(len(jobs), jobs)


def _is_sign_of_bag(entry: os.DirEntry[str]) -> bool:
    """Whether an entry shows that its folder is a package, or was one before it lost its `bagit.txt`."""
    if entry.is_dir(follow_symlinks=False):
        return entry.name == "data"
    return entry.name in _TAG_FILES or read_manifest_name(entry.name) is not None


def _lost_packages(folder: Path, existing: Collection[str]) -> Iterator[Job]:
    """Yield a refused job for each missing package that a journal or a sidecar in the folder mentions."""
    state = JournalState()
    for path in [folder / JOURNAL_NAME, *shards_in(folder).values()]:
        state.read(path) if path.name == JOURNAL_NAME else state.read_share(path)
    made = [key for key, known in state.known.items() if known.was_made and state.verb_name == "pack"]
    for key in made:
        if key not in existing:
            reason = "the journal records that a package was made here, but there is none"
            yield Job(key, folder / key, reason, hint=_LOST_HINT)
    for path in sorted(folder.glob(f"*{SIDECAR_SUFFIX}")):
        key = path.name.removesuffix(SIDECAR_SUFFIX)
        if (
            path.is_dir()
            and key not in existing
            and key not in made
            and not (path / DECLARATION_NAME).exists()
        ):
            message = f"{shown(path.name)} holds the attestations of a package that is missing"
            yield Job(key, folder / key, message, hint=_LOST_HINT)


def _search(folder: Path) -> Iterator[Job]:
    pending, listing = [""], Listing(folder)
    while pending:
        path = pending.pop()
        listed = listing.entries_of(path)
        if isinstance(listed, Job):
            yield listed
            continue
        if path and any(map(_is_sign_of_bag, listed)):
            yield Job(path, folder / path)
            continue
        for entry in listed:
            inner = f"{path}/{entry.name}" if path else entry.name
            if entry.is_dir(follow_symlinks=False) and not is_staged(entry.name):
                pending.append(inner)
            elif entry.is_file(follow_symlinks=False) and entry.name.lower().endswith(ARCHIVES):
                yield Job(inner, folder / inner)
