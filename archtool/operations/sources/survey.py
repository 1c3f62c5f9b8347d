"""Checks the folder of the sources: every declared file exists, and every file is declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from archtool.bagit.unreadable import unreadable
from archtool.errors import InputError
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.files.source_views import RenamedSource
from archtool.files.tree import FileKind, FoundFile, Tree
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.describe.inputs import suggest_slashes
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.describe.sibling_descriptions import files_of_siblings
from archtool.operations.limits import MAX_OWN_TAG_BYTES, MAX_SOURCE_FILES
from archtool.operations.sources.declared_files import (
    check_declared_files,
    check_declared_folders,
    empty_finding,
)
from archtool.operations.sources.empty_folders import (
    empty_folder_findings,
    empty_folders,
    placeholders_in,
)
from archtool.operations.sources.folders import folder_of
from archtool.operations.sources.forgotten_bag import forgotten_bag
from archtool.operations.sources.names import check_names, names_on_disk, with_declared_names
from archtool.operations.sources.omissions import (
    bag_warnings,
    find_omissions,
    system_file_notes,
    system_part,
)
from archtool.operations.sources.shared_sources import walk_declared
from archtool.text.repairing.change_log_file import SUFFIX as CHANGE_LOG

_REPAIR_HINT = (
    "it is the change log of a repaired text: declare it as `changes` under `repair` of this text, "
    "as in docs/damaged-text.md, or list it under `left-out`"
)


@dataclass(frozen=True, slots=True)
class Survey:
    """The sources of one package: listed and checked, but not read."""

    sizes_bytes: Mapping[str, int]
    """The size of each declared file that exists: files declared by name in the order of the description,
    then the files of declared folders, sorted by name."""
    findings: tuple[Finding, ...]
    left_out: tuple[str, ...] = ()
    """The files that the description leaves out."""
    names_on_disk: Mapping[str, str] = field(default_factory=dict)
    """The name on the disk of each file whose declared name has another Unicode form."""
    tag_sizes_bytes: Mapping[str, int] = field(default_factory=dict)
    """The size of each file that becomes a tag file, in the order of the description."""
    placeholders: tuple[str, ...] = ()
    """The files that keep empty folders; they exist in the package only."""

    def view(self, source: FileSource) -> FileSource:
        """Return the source with the names that the description uses."""
        return RenamedSource(source, self.names_on_disk) if self.names_on_disk else source

    def name_on_disk(self, path: str) -> str:
        """Return a declared file's name on the disk."""
        return self.names_on_disk.get(path, path)


@contextmanager
def open_sources(described: DescribedDocument, root: Path | None = None) -> Iterator[Tree]:
    """Open the folder of the sources: by default the folder of the description.

    Raises:
        InputError: the folder cannot be opened.
    """
    folder = root if root is not None else described.folder
    try:
        tree = Tree(folder)
    except OSError as error:
        place = "" if described.embedded is None else f"{shown(described.embedded.folder_name)}: "
        raise cannot_read(
            f"{place}the folder of the sources cannot be opened: {shown(str(folder))}: {error.strerror}",
            error,
            hint=suggest_slashes(folder) or "name the folder of the declared files with --files",
        ) from error
    with tree:
        yield tree


def sources_unusable(error: InputError) -> Finding:
    """Return the finding about a folder that cannot be opened, for a list with those about a description."""
    return finding_kinds.SOURCES_UNUSABLE.at(error.message, hint=error.hint)


def survey_sources(
    described: DescribedDocument,
    source: FileSource,
    folder: Path | None = None,
    tag_source: FileSource | None = None,
) -> Survey:
    """List the sources and check them against the description; every problem is a finding.

    `folder` is the folder of the sources if the description can be in it too. `tag_source` has the files that
    become tag files, if they are not in the same folder.
    """
    # (1) list the files; in a shared folder only the declared ones
    shared = source if described.is_shared and isinstance(source, Tree) else None
    walk = source.walk() if shared is None else walk_declared(described.description, shared)
    on_disk = list(islice(walk, MAX_SOURCE_FILES + 1))
    if len(on_disk) > MAX_SOURCE_FILES:
        message = f"the sources are more than {MAX_SOURCE_FILES:,} files"
        return Survey({}, (finding_kinds.PAYLOAD_TOO_MANY.at(message, str(folder) if folder else None),))
    # (2) use the names of the description: macOS returns decomposed names
    disk_names = names_on_disk(described.description, on_disk, shared)
    found = with_declared_names(on_disk, disk_names)
    bag = forgotten_bag(described, folder, found) if tag_source is None and shared is None else None
    if bag is not None:
        return Survey({}, (bag,))
    view = RenamedSource(source, disk_names) if disk_names else source
    # (3) check the files that are declared by name
    candidates = found if shared is None else shared
    by_name = check_declared_files(described, described.description.payload_files(), view, candidates)
    tag_candidates: Sequence[FoundFile] | Tree = candidates
    if tag_source is not None:
        tag_candidates = tag_source if isinstance(tag_source, Tree) else ()
    tag_names = described.description.tag_file_sources()
    tag_files = check_declared_files(described, tag_names, tag_source or view, tag_candidates)
    sizes, tag_sizes = by_name.sizes_bytes, tag_files.sizes_bytes
    findings = [*by_name.findings, *tag_files.findings, *_check_tag_total(tag_sizes)]
    named = frozenset(sizes if tag_source else (*sizes, *tag_sizes))
    # (4) apply `left-out`, and add the files of declared folders
    own = frozenset(description_names(described, folder))
    omissions = find_omissions(described, found, own, shared)
    findings += omissions.findings
    folders = frozenset(described.description.payload_folders())
    others = [item for item in omissions.kept if item.path not in named]
    for item in sorted(item for item in others if _is_of_folder(item, folders)):
        sizes[item.path] = item.size_bytes
        findings += [empty_finding(item.path)] if item.size_bytes == 0 else []
    declared = frozenset(described.description.named_files())
    empty = empty_folders(omissions.kept, list(sizes), declared, folders)
    placeholders = placeholders_in(empty, folders) if described.description.keeps_empty_folders else ()
    findings += check_declared_folders(described, (*sizes, *placeholders), found)
    filled = {folder_of(path, folders) for path in (*sizes, *placeholders)}
    lost = [path for path in empty if (outer := folder_of(f"{path}/", folders)) is None or outer in filled]
    # (5) report undeclared files, and files that are not packed for another reason
    findings += system_file_notes(others, folders)
    findings += empty_folder_findings(described, lost, placeholders, folders)
    findings += bag_warnings(omissions.kept)
    strays = [item for item in others if item.path not in sizes and item.path not in declared]
    findings += _check_strays([item for item in strays if not by_name.explain(item.path)], folder, described)
    findings += check_names([*sizes, *placeholders])
    return Survey(sizes, tuple(findings), omissions.left_out, disk_names, tag_sizes, placeholders)


def _check_tag_total(sizes_bytes: Mapping[str, int]) -> Iterator[Finding]:
    total_bytes = sum(sizes_bytes.values())
    if total_bytes > MAX_OWN_TAG_BYTES:
        message = (
            f"the tag files have {total_bytes:,} bytes together; at most {MAX_OWN_TAG_BYTES:,} are allowed"
        )
        yield finding_kinds.TAG_FILES_TOO_LARGE.at(message)


def _is_of_folder(item: FoundFile, folders: frozenset[str]) -> bool:
    """Return whether a file that is not declared by its own name is in a declared folder."""
    if item.kind is not FileKind.FILE or folder_of(item.path, folders) is None:
        return False
    return system_part(item.path, folders) is None


def description_names(described: DescribedDocument, folder: Path | None) -> Iterator[str]:
    """Return the names of the description and its library, if they are in the folder."""
    for path in (described.path, described.library):
        if path is None or folder is None:
            continue
        if path.parent == folder and not path.is_symlink():  # the usual case: `resolve` is slow
            yield path.name
        elif path.resolve().is_relative_to(folder.resolve()):
            yield path.resolve().relative_to(folder.resolve()).as_posix()


def _check_strays(
    strays: Sequence[FoundFile], folder: Path | None, described: DescribedDocument
) -> Iterator[Finding]:
    folders = frozenset(described.description.payload_folders())
    strays = [s for s in strays if s.kind is not FileKind.FOLDER and system_part(s.path, folders) is None]
    # only files: reading a FIFO would block
    files = [s.path for s in strays if s.kind is FileKind.FILE]
    of_siblings = files_of_siblings(folder, files) if folder is not None else frozenset[str]()
    mentioned = described.doubts.mentioned_files()
    for stray in strays:
        if stray.path not in of_siblings and not mentioned.can_be(stray.path):
            yield stray_finding(stray, stray.path, _short_name(described))


def stray_finding(stray: FoundFile, path: str, name: str) -> Finding:
    """Return the finding about an undeclared entry; `name` is the file that should declare it."""
    if stray.kind is FileKind.UNREADABLE:
        error = OSError(stray.error_number, stray.problem)
        message = f"{shown(path)} cannot be listed"
        return unreadable(finding_kinds.PAYLOAD_UNREADABLE, error, path, message=message)
    if stray.kind is not FileKind.FILE:
        return finding_kinds.PAYLOAD_NOT_A_FILE.at(f"{shown(path)} is a {stray.kind.value}, not a file", path)
    hint = _REPAIR_HINT if path.endswith(CHANGE_LOG) else None
    return finding_kinds.PAYLOAD_UNDECLARED.at(f"{shown(path)} is not declared in {name}", path, hint=hint)


def _short_name(described: DescribedDocument) -> str:
    return described.path.name if described.embedded is None else described.name
