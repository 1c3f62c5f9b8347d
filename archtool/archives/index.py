"""Builds the index of an archive: its members, and the folder in it that is the bag."""

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
# characters that split one step of a path into several, or lead to another disk, on this system
_NOT_IN_A_PATH = frozenset("\\:") if os.name == "nt" else frozenset()


@dataclass(frozen=True, slots=True)
class ArchiveIndex:
    """The members below the bag's folder, by their paths in the bag."""

    base: str
    """The folder that is the bag; empty where the bag is at the top."""
    members: dict[str, Member]
    empty_folders: tuple[str, ...]
    findings: tuple[Finding, ...]
    is_whole: bool
    """Whether the archive was read to its end."""
    shared: frozenset[int] = frozenset()
    """The offsets of members that are the target of hard links."""


def index_members(
    members: Iterable[Member],
    limits: Limits,
    findings: ArchiveFindings,
    *,
    archive_bytes: int,
    is_sequential: bool = False,
) -> ArchiveIndex:
    """Index every member until the archive ends, is broken or exceeds a limit."""
    files: dict[str, Member] = {}
    folders: set[str] = set()
    labels: list[str] = []
    allowance = CopyAllowance(archive_bytes, limits.expansion, is_sequential=is_sequential)
    is_whole = False
    try:
        counted = _without_labels(allowance.count_sparse(members), labels)
        is_whole = _collect(counted, limits, findings, files, folders)
    except ExpandsTooFarError as error:
        findings.add(finding_kinds.EXPANDS_TOO_FAR, str(error.strerror))
    except DamagedError as error:
        findings.add(finding_kinds.DAMAGED, f"{error.strerror}; {len(files):,} members come before it")
    parents = _folders_of((*files, *folders))
    for path in sorted(files.keys() & (folders | parents)):
        findings.add(finding_kinds.DUPLICATE_MEMBER, "it is both a file and a folder", path)
        files.pop(path)
    base = _find_base(files, folders | parents, findings)
    prefix = f"{base}/" if base else ""
    shared: frozenset[int] = frozenset()
    try:
        files, shared = resolve_links(files, prefix, allowance, findings)
    except ExpandsTooFarError as error:
        findings.add(finding_kinds.EXPANDS_TOO_FAR, str(error.strerror))
        is_whole = False
    _report_labels(labels, base, prefix, findings)
    inside = {path[len(prefix) :]: m for path, m in files.items() if path.startswith(prefix)}
    _report_strays({path: m for path, m in files.items() if not path.startswith(prefix)}, base, findings)
    empty = sorted(f[len(prefix) :] for f in folders - parents if f.startswith(prefix))
    return ArchiveIndex(base, inside, tuple(f for f in empty if f), findings.as_tuple(), is_whole, shared)


def _without_labels(members: Iterable[Member], labels: list[str]) -> Iterator[Member]:
    """Pass on members except volume labels, which are no files; add these to `labels`."""
    for member in members:
        if member.is_label:
            labels.append(plain_name(member.name))
        else:
            yield member


def _report_labels(labels: list[str], base: str, prefix: str, findings: ArchiveFindings) -> None:
    for label in labels:
        if label == base or label.startswith(prefix):
            findings.add(
                finding_kinds.LYING_SIZE, "a volume label that some tools extract as a file of the bag", label
            )
        else:
            findings.add(finding_kinds.VOLUME_LABEL, f"{shown(label)!r} is a volume label and no file", label)


def _collect(
    members: Iterable[Member],
    limits: Limits,
    findings: ArchiveFindings,
    files: dict[str, Member],
    folders: set[str],
) -> bool:
    """Add the members to `files` and `folders`; return False where a limit stops this."""
    for number, member in enumerate(members, start=1):
        if number > limits.members:
            findings.add(finding_kinds.TOO_MANY_MEMBERS, f"more than {limits.members:,}")
            return False
        path = plain_name(member.name)
        reason = _why_unsafe(path) if path or member.kind is not FileKind.FOLDER else None
        if reason is not None:
            findings.add(finding_kinds.UNSAFE_MEMBER, f"{shown(member.name)!r} {reason}", member.name)
        elif path.count("/") >= limits.depth:
            findings.add(
                finding_kinds.TOO_DEEP, f"in {path.count('/'):,} folders (limit {limits.depth:,})", path
            )
            return False
        elif member.kind is FileKind.FOLDER:
            folders.update((path,) if path else ())
        elif path in files:
            findings.add(finding_kinds.DUPLICATE_MEMBER, "the name occurs more than once", path)
        else:
            files[path] = member
    return True


def _report_strays(strays: dict[str, Member], base: str, findings: ArchiveFindings) -> None:
    """Report the members outside the bag; a link or a device among them is an error."""
    if strays:
        count = "1 member is" if len(strays) == 1 else f"{len(strays):,} members are"
        findings.add(finding_kinds.OUTSIDE_BAG, f"{count} outside {shown(base)}/", next(iter(strays)))
    for path, member in strays.items():
        if member.kind is not FileKind.FILE:
            findings.add(finding_kinds.SPECIAL_MEMBER, f"{shown(path)} is a {member.kind.value}", path)


def _why_unsafe(path: str) -> str | None:
    if not _NOT_IN_A_PATH.isdisjoint(path):
        return "contains a character that ends the name of a folder or a disk on this system"
    return why_unsafe(path)


def _folders_of(paths: Iterable[str]) -> set[str]:
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def _find_base(files: dict[str, Member], folders: set[str], findings: ArchiveFindings) -> str:
    """Return the folder that is the bag: the first one with a bagit.txt, or the only folder."""
    if _MARK in files:
        findings.add(finding_kinds.NO_BASE_FOLDER, "bagit.txt is at the top of the archive")
        return ""
    tops = Counter(path.partition("/")[0] for path in (*files, *folders))
    bags = sorted(top for top in tops if f"{top}/{_MARK}" in files)
    if len(bags) > 1:
        names = ", ".join(shown(bag) for bag in bags[:5])
        findings.add(finding_kinds.SEVERAL_BAGS, f"{len(bags):,} bags: {names}")
    if bags:
        return bags[0]
    only = next(iter(tops)) if len(tops) == 1 else ""
    return only if only in folders else ""
