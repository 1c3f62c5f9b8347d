"""Checks whether a bag was written to while it was verified: then no verdict is true of any state of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from archtool.bagit.bounded_findings import bounded_by_file
from archtool.bagit.finding_kinds import FILE_CHANGED
from archtool.files.file_kinds import FoundFile
from archtool.files.mounts import has_stable_inodes
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.files.tree import Tree
from archtool.findings import Finding


def check_unchanged(
    source: FileSource, found: Sequence[FoundFile], *, without: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Compare the files that exist now with the files found at the beginning.

    Compares the size, the modification and change times and the number (inode): of each file in a folder,
    or of the archive as one file. The folders `without` were not listed.
    """
    if isinstance(source, Tree):
        now = list(source.walk(excluded=without))
        if now == list(found):  # the usual case
            return ()
        if not has_stable_inodes(source.root):
            return bounded_by_file(_differing(_without_numbers(found), _without_numbers(now)))
        return bounded_by_file(_differing(found, now))
    from archtool.archives.archive import Archive  # lazy: brings tarfile and zipfile, folders need neither

    if isinstance(source, Archive) and source.has_changed():
        name = shown(source.path.name)
        return (FILE_CHANGED.at(f"{name} was written to or replaced while it was verified", name),)
    return ()


def _without_numbers(found: Sequence[FoundFile]) -> list[FoundFile]:
    return [item._replace(inode=0) for item in found]


def _differing(before: Sequence[FoundFile], after: Sequence[FoundFile]) -> Iterator[Finding]:
    old, new = ({item.path: item for item in items} for items in (before, after))
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            change = "appeared" if path not in old else "vanished" if path not in new else "was changed"
            yield FILE_CHANGED.at(f"{shown(path)} {change} while the bag was verified", path)
