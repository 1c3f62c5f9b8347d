"""What lies among the sources and does not go into the package: every omission is told to the person."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.description.table.cells import CellPlaces
from archtool.files.file_kinds import FileKind, FoundFile
from archtool.files.paths import shown
from archtool.files.system_files import system_item
from archtool.files.tree import Tree
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.sources.folders import folder_of
from archtool.operations.sources.left_out import LeftOut, fixed_part, has_pattern, lies_in_one_of
from archtool.report.numbers import counted

_ARE_NOTHING = frozenset((FileKind.FOLDER,))


@dataclass(frozen=True, slots=True)
class Omissions:
    """What was found, without what is left out of the package."""

    kept: tuple[FoundFile, ...]
    """Everything else, empty folders too."""
    left_out: tuple[str, ...]
    """The files that `left-out` leaves out."""
    findings: tuple[Finding, ...]


def find_omissions(
    described: DescribedDocument, found: Sequence[FoundFile], own: frozenset[str], shared: Tree | None = None
) -> Omissions:
    """Divide what was found by `left-out`; `own` are the description and its library.

    `shared` is given where the folder is shared with other packages: only what this one declares was found
    then.
    """
    description = described.description
    declared = frozenset(description.payload_files())
    entries = LeftOut(description.left_out, [item.path for item in found] + sorted(declared))
    kept: list[FoundFile] = []
    left_out: list[str] = []
    contradictions: list[str] = []
    for item in found:
        if item.path in declared:
            contradictions += [item.path] if item.path in description.left_out else []
            kept.append(item)
        elif entries.entry_for(item.path) is None:
            kept += [item] if item.path not in own else []
        elif item.path not in own:
            left_out.append(item.path)
    findings = [
        *_left_out_notes(left_out),
        *_contradictions(described, contradictions),
        *_unused_entries(described, entries, contradictions, shared),
    ]
    return Omissions(tuple(kept), tuple(sorted(left_out)), tuple(findings))


def _left_out_notes(left_out: Sequence[str]) -> Iterator[Finding]:
    for path in sorted(left_out):
        yield finding_kinds.PAYLOAD_LEFT_OUT.at(f"{shown(path)} was left out", path)


def _contradictions(described: DescribedDocument, paths: Sequence[str]) -> Iterator[Finding]:
    for path in paths:
        place = ("left-out", described.description.left_out.index(path))
        finding = finding_kinds.PAYLOAD_LEFT_OUT_DECLARED.at(f"{shown(path)} is declared and left out", path)
        yield described.loaded.placed(place, finding)


def _unused_entries(
    described: DescribedDocument, entries: LeftOut, contradictions: Sequence[str], shared: Tree | None
) -> Iterator[Finding]:
    folders = described.description.payload_folders()
    for entry in entries.unused():
        if entry in contradictions or (shared is not None and _means_others(entry, shared, folders)):
            continue
        place = ("left-out", entries.entries.index(entry))
        message = f"`{shown(entry)}` under `left-out` leaves nothing out"
        near = entries.nearest(entry)
        hint = f"did you mean `{shown(near)}`?" if near is not None else None
        finding = described.loaded.placed(
            place, finding_kinds.PAYLOAD_LEFT_OUT_NOTHING.at(message, described.path.name, hint=hint)
        )
        # defaults hold for many packages: one of them need not have such a file
        if not _is_default(described, finding) or entries.likely_meant(entry) is not None:
            yield finding


def _means_others(entry: str, shared: Tree, folders: Sequence[str]) -> bool:
    """Whether an entry means something that no package need declare; `shared_folders` looks at all of it."""
    if has_pattern(entry):
        return not lies_in_one_of(fixed_part(entry), folders)
    try:
        shared.stat(entry.rstrip("/"))
    except OSError:
        return False
    return True


def _is_default(described: DescribedDocument, finding: Finding) -> bool:
    """Whether an entry was said once for all rows of a table."""
    is_row = isinstance(described.loaded.places, CellPlaces)
    return is_row and finding.place is not None and finding.place.row is None


def system_part(path: str, folders: frozenset[str]) -> tuple[str, str] | None:
    """The file, or whole folder, that a system put there; a declared folder itself is never one."""
    folder = folder_of(path, folders) or ""
    item = system_item(path[len(folder) :])
    return None if item is None else (folder + item[0], item[1])


def system_file_notes(items: Sequence[FoundFile], folders: frozenset[str]) -> Iterator[Finding]:
    """Name what systems put among the sources: a file by itself, a folder with the number of its files."""
    counts: dict[tuple[str, str], int] = {}
    for item in items:
        part = system_part(item.path, folders)
        if part is not None:
            counts[part] = counts.get(part, 0) + (item.path != part[0])
    for (path, what), inside in sorted(counts.items()):
        name = f"{shown(path)}/ ({counted(inside, 'file')})" if inside else shown(path)
        yield finding_kinds.PAYLOAD_SYSTEM_FILE.at(f"{name} was left out: {what}", path)


def empty_folder_warnings(
    kept: Sequence[FoundFile], packed: Sequence[str], declared: Collection[str], folders: frozenset[str]
) -> Iterator[Finding]:
    """Folders that are lost because nothing in them goes into the package: a bag holds files only.

    Source: RFC 8493 §2.1.3 (a manifest lists files).
    """
    filled = {above for path in packed for above in _above(path)}
    lost = set()
    for item in kept:
        part = system_part(item.path, folders)
        if item.kind is FileKind.FOLDER and part is None:
            lost.add(item.path)
        elif part is not None and "/" in part[0]:  # a folder with nothing but such a file in it
            lost.add(posixpath.dirname(part[0]))
    occupied = filled | {above for item in kept if _is_own(item, folders) for above in _above(item.path)}
    for path in sorted(lost - occupied - set(declared)):
        yield finding_kinds.PAYLOAD_EMPTY_FOLDER.at(f"{shown(path)}/ holds no file that is packed", path)


def _is_own(item: FoundFile, folders: frozenset[str]) -> bool:
    return item.kind not in _ARE_NOTHING and system_part(item.path, folders) is None


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def bag_warnings(kept: Sequence[FoundFile]) -> Iterator[Finding]:
    """Bags among the sources: packed as they are, their manifests become payload."""
    for item in kept:
        if posixpath.basename(item.path) == DECLARATION_NAME and item.kind is FileKind.FILE:
            folder = posixpath.dirname(item.path)
            where = f"{shown(folder)}/" if folder else "the folder of the sources"
            yield finding_kinds.PAYLOAD_IS_A_BAG.at(f"{where} is a bag itself: {shown(item.path)}", item.path)
