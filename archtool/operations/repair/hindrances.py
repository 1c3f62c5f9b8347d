"""Finds what hinders a repair and must be put right by hand, before anything is written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations.repair import finding_kinds
from archtool.operations.repair.model import BadFile
from archtool.operations.repair.vouching.reference import Reference

_INCOMPLETE = "the package is gone, and no copy is whole: a part is in none, or nothing vouches for it"


def mark_links_in_the_way(root: Path, bad: Sequence[BadFile]) -> None:
    """Say of each file why it has no place: a folder of its path is a link, or a file, in the package."""
    known: dict[str, str | None] = {}
    for file in bad:
        folder = file.disk_path.rpartition("/")[0]
        if folder not in known:
            known[folder] = _in_the_way(root, folder)
        _mark(file, known[folder])


def mark_incomplete(root: Path, bad: Sequence[BadFile], reference: Reference) -> None:
    """Say of each file of a package that is gone as a whole that it cannot be made as a whole.

    A tag file for which nothing vouches is a part of it too: without bagit.txt it would be no package.
    """
    if not root.exists() and any(one.code == finding_kinds.NOT_VOUCHED.code for one in reference.findings):
        for file in bad:
            _mark(file, _INCOMPLETE)


def mark_rest_of_incomplete(root: Path, bad: Sequence[BadFile]) -> None:
    """Say the same of the files that copies have, if they do not have all of them."""
    if not root.exists() and any(file.source is None for file in bad):
        for file in bad:
            _mark(file, _INCOMPLETE if file.source is not None else None)


def hindrances(bad: Sequence[BadFile]) -> Iterator[Finding]:
    """Yield each thing that somebody must put right, once."""
    for problem in dict.fromkeys(file.problem for file in bad if file.is_by_hand and file.problem):
        yield finding_kinds.BY_HAND.at(problem, hint="put that right, then run the same command again")


def _mark(file: BadFile, problem: str | None) -> None:
    if problem is not None and file.problem is None:
        file.problem, file.is_by_hand = problem, True


def _in_the_way(root: Path, folder: str) -> str | None:
    path = ""
    for name in folder.split("/") if folder else ():
        path = f"{path}/{name}" if path else name
        try:
            mode = os.lstat(root / path).st_mode
        except OSError:
            return None
        if not stat.S_ISDIR(mode):
            what = "a symbolic link" if stat.S_ISLNK(mode) else "a file"
            return f"{shown(path)} is {what}, not a folder; remove it by hand"
    return None
