"""Finds the files of the sources that do not go into the package; each omission is a finding."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.files.file_kinds import FileKind, FoundFile
from archtool.files.paths import shown
from archtool.files.system_files import system_item
from archtool.files.tree import Tree
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.sources.folders import folder_of
from archtool.operations.sources.left_out import LeftOutEntries, has_wildcard, literal_prefix, may_lead_into
from archtool.report.numbers import counted


@dataclass(frozen=True, slots=True)
class Omissions:
    """The found files, divided by `left-out`."""

    kept: tuple[FoundFile, ...]
    """The files that `left-out` does not match, and the empty folders."""
    left_out: tuple[str, ...]
    """The files that `left-out` matches."""
    findings: tuple[Finding, ...]


def find_omissions(
    described: DescribedDocument, found: Sequence[FoundFile], own: frozenset[str], shared: Tree | None = None
) -> Omissions:
    """Divide the found files by `left-out`; `own` are the description and its library, which are skipped.

    `shared` is the folder if other packages share it; then `found` has only the files that this package
    declares.
    """
    description = described.description
    declared = frozenset(description.named_files())
    entries = LeftOutEntries(description.left_out, [item.path for item in found] + sorted(declared))
    kept: list[FoundFile] = []
    left_out: list[str] = []
    contradictions: list[str] = []
    for item in found:
        if item.path in declared:
            contradictions += [item.path] if item.path in description.left_out else []
            kept.append(item)
        elif entries.matching_entry(item.path) is None:
            kept += [item] if item.path not in own else []
        elif item.path not in own:
            left_out.append(item.path)
    findings = [
        *_left_out_notes(left_out),
        *_contradictions(described, contradictions),
        *_unused_entries(described, entries, contradictions, declared | own, shared),
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
    described: DescribedDocument, entries: LeftOutEntries, contradictions: Sequence[str],
    declared: frozenset[str], shared: Tree | None,
) -> Iterator[Finding]:  # fmt: skip
    folders = described.description.payload_folders()
    for entry in filter(None, entries.unused()):  # an entry with a fault is empty
        if entry in contradictions or (shared is not None and _matches_undeclared(entry, shared, folders)):
            continue
        place = ("left-out", entries.entries.index(entry))
        message = f"`{shown(entry)}` under `left-out` matches no file"
        similar = entries.find_similar(entry, declared.__contains__)
        hint = f"did you mean `{shown(similar)}`?" if similar is not None else None
        finding = described.loaded.placed(
            place, finding_kinds.PAYLOAD_LEFT_OUT_NOTHING.at(message, described.path.name, hint=hint)
        )
        # defaults apply to many packages: not every package has such a file
        if not _is_default(described, finding) or entries.find_variant(entry) is not None:
            yield finding


def _matches_undeclared(entry: str, shared: Tree, folders: Sequence[str]) -> bool:
    """Return whether an entry can match files that no package declares; `shared_folders` checks those."""
    if has_wildcard(entry):
        return not may_lead_into(literal_prefix(entry), folders)
    try:
        shared.stat(entry.rstrip("/"))
    except OSError:
        return False
    return True


def _is_default(described: DescribedDocument, finding: Finding) -> bool:
    """Return whether an entry is a default for all rows of a table."""
    is_row = described.loaded.places.at((), None).row is not None
    return is_row and finding.place is not None and finding.place.row is None


def system_part(path: str, folders: frozenset[str]) -> tuple[str, str] | None:
    """Return the file or folder on a path that an operating system created, with its description.

    A declared folder itself never counts as one.
    """
    folder = folder_of(path, folders) or ""
    item = system_item(path[len(folder) :])
    return None if item is None else (folder + item[0], item[1])


def system_file_notes(items: Sequence[FoundFile], folders: frozenset[str]) -> Iterator[Finding]:
    """Report files and folders that operating systems created; a folder once, with its number of files."""
    counts: dict[tuple[str, str], int] = {}
    for item in items:
        part = system_part(item.path, folders)
        if part is not None:
            counts[part] = counts.get(part, 0) + (item.path != part[0])
    for (path, what), count in sorted(counts.items()):
        name = f"{shown(path)}/ ({counted(count, 'file')})" if count else shown(path)
        yield finding_kinds.PAYLOAD_SYSTEM_FILE.at(f"{name} was left out: {what}", path)


def bag_warnings(kept: Sequence[FoundFile]) -> Iterator[Finding]:
    """Report bags among the sources: their manifests would become payload."""
    for item in kept:
        if posixpath.basename(item.path) == DECLARATION_NAME and item.kind is FileKind.FILE:
            folder = posixpath.dirname(item.path)
            where = f"{shown(folder)}/" if folder else "the folder of the sources"
            yield finding_kinds.PAYLOAD_IS_A_BAG.at(f"{where} is a bag: it has {shown(item.path)}", item.path)
