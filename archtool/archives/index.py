"""What an archive holds, member by member, and which folder in it is the bag."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archtool.archives import finding_kinds
from archtool.archives.errors import DamagedError, ExpandsTooFarError
from archtool.archives.limits import Limits
from archtool.archives.members import ArchiveFindings, Member, plain_name
from archtool.archives.tar.copies import CopyAllowance, resolve_links
from archtool.files.file_kinds import FileKind
from archtool.files.paths import shown, why_unsafe
from archtool.findings import Finding

_MARK = "bagit.txt"
# what would make one step of a path into several, or lead to another disk, on the system we run on
_NOT_IN_A_PATH = frozenset("\\:") if os.name == "nt" else frozenset()


@dataclass(frozen=True, slots=True)
class ArchiveIndex:
    """The members below the bag's folder, by their paths in the bag."""

    base: str
    """The folder that is the bag; empty where the bag lies at the top."""
    members: dict[str, Member]
    empty_folders: tuple[str, ...]
    findings: tuple[Finding, ...]
    is_whole: bool
    """Whether the archive was read to its end."""
    shared: frozenset[int] = frozenset()
    """Where the data begin of members to which hard links lead."""


def index_members(
    found: Iterable[Member],
    limits: Limits,
    sightings: ArchiveFindings,
    *,
    archive_bytes: int,
    is_sequential: bool = False,
) -> ArchiveIndex:
    """Take down every member until the archive ends, breaks or goes too far."""
    files: dict[str, Member] = {}
    folders: set[str] = set()
    labels: list[str] = []
    room = CopyAllowance(archive_bytes, limits.expansion, is_sequential=is_sequential)
    is_whole = False
    try:
        is_whole = _take_down(_without_labels(room.watch(found), labels), limits, sightings, files, folders)
    except ExpandsTooFarError as error:
        sightings.see(finding_kinds.EXPANDS_TOO_FAR, str(error.strerror))
    except DamagedError as error:
        sightings.see(finding_kinds.DAMAGED, f"{error.strerror}; {len(files):,} members come before it")
    parents = _folders_of((*files, *folders))
    for path in sorted(files.keys() & (folders | parents)):
        sightings.see(finding_kinds.DUPLICATE_MEMBER, "it is a file and a folder at once", path)
        files.pop(path)
    base = _find_base(files, folders | parents, sightings)
    prefix = f"{base}/" if base else ""
    shared: frozenset[int] = frozenset()
    try:
        files, shared = resolve_links(files, prefix, room, sightings)
    except ExpandsTooFarError as error:
        sightings.see(finding_kinds.EXPANDS_TOO_FAR, str(error.strerror))
        is_whole = False
    _see_labels(labels, base, prefix, sightings)
    inside = {path[len(prefix) :]: m for path, m in files.items() if path.startswith(prefix)}
    _see_strays({path: m for path, m in files.items() if not path.startswith(prefix)}, base, sightings)
    empty = sorted(f[len(prefix) :] for f in folders - parents if f.startswith(prefix))
    return ArchiveIndex(base, inside, tuple(f for f in empty if f), sightings.gathered(), is_whole, shared)


def _without_labels(found: Iterable[Member], labels: list[str]) -> Iterator[Member]:
    """Volume labels are no files, whatever some tools make of them."""
    for member in found:
        if member.is_label:
            labels.append(plain_name(member.name))
        else:
            yield member


def _see_labels(labels: list[str], base: str, prefix: str, sightings: ArchiveFindings) -> None:
    for label in labels:
        if label == base or label.startswith(prefix):
            sightings.see(
                finding_kinds.LYING_SIZE, "a volume label that some tools extract as a file of the bag", label
            )
        else:
            sightings.see(
                finding_kinds.VOLUME_LABEL, f"{shown(label)!r} is a volume label and no file", label
            )


def _take_down(
    found: Iterable[Member],
    limits: Limits,
    sightings: ArchiveFindings,
    files: dict[str, Member],
    folders: set[str],
) -> bool:
    for number, member in enumerate(found, start=1):
        if number > limits.members:
            sightings.see(finding_kinds.TOO_MANY_MEMBERS, f"more than {limits.members:,}")
            return False
        path = plain_name(member.name)
        reason = _why_unsafe(path) if path or member.kind is not FileKind.FOLDER else None
        if reason is not None:
            sightings.see(finding_kinds.UNSAFE_MEMBER, f"{shown(member.name)!r} {reason}", member.name)
        elif path.count("/") >= limits.depth:
            sightings.see(
                finding_kinds.TOO_DEEP, f"in {path.count('/'):,} folders (limit {limits.depth:,})", path
            )
            return False
        elif member.kind is FileKind.FOLDER:
            folders.update((path,) if path else ())
        elif path in files:
            sightings.see(finding_kinds.DUPLICATE_MEMBER, "it is there more than once", path)
        else:
            files[path] = member
    return True


def _see_strays(strays: dict[str, Member], base: str, sightings: ArchiveFindings) -> None:
    """What lies beside the bag is not looked at, but a link or a device there is no stray file."""
    if strays:
        lie = "1 member lies" if len(strays) == 1 else f"{len(strays):,} members lie"
        sightings.see(finding_kinds.OUTSIDE_BAG, f"{lie} outside {shown(base)}/", next(iter(strays)))
    for path, member in strays.items():
        if member.kind is not FileKind.FILE:
            sightings.see(finding_kinds.SPECIAL_MEMBER, f"{shown(path)} is a {member.kind.value}", path)


def _why_unsafe(path: str) -> str | None:
    if not _NOT_IN_A_PATH.isdisjoint(path):
        return "holds a character that this system takes for the end of a folder's or disk's name"
    return why_unsafe(path)


def _folders_of(paths: Iterable[str]) -> set[str]:
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def _find_base(files: dict[str, Member], folders: set[str], sightings: ArchiveFindings) -> str:
    """The folder that is the bag: the one that says so, or the only one there is."""
    if _MARK in files:
        sightings.see(finding_kinds.NO_BASE_FOLDER, "bagit.txt lies at the top of the archive")
        return ""
    tops = Counter(path.partition("/")[0] for path in (*files, *folders))
    bags = sorted(top for top in tops if f"{top}/{_MARK}" in files)
    if len(bags) > 1:
        names = ", ".join(shown(bag) for bag in bags[:5])
        sightings.see(finding_kinds.SEVERAL_BAGS, f"{len(bags):,} bags: {names}")
    if bags:
        return bags[0]
    only = next(iter(tops)) if len(tops) == 1 else ""
    return only if only in folders else ""
