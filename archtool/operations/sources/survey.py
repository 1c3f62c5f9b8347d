"""Checks the folder of the sources: every declared file exists, and every file is declared."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from archtool.bagit.unreadable import unreadable
from archtool.description.checks import annexe_path
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.files.source_views import RenamedSource
from archtool.files.tree import FileKind, FoundFile, NotAFileError, Tree
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.describe.inputs import suggest_slashes
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.describe.sibling_descriptions import files_of_siblings
from archtool.operations.limits import MAX_OWN_TAG_BYTES, MAX_SIMILAR_NAMES, MAX_SOURCE_FILES
from archtool.operations.sources.empty_folders import (
    empty_folder_findings,
    empty_folders,
    placeholders_in,
)
from archtool.operations.sources.folders import folder_of
from archtool.operations.sources.names import check_names, names_on_disk, with_declared_names
from archtool.operations.sources.omissions import (
    bag_warnings,
    find_omissions,
    system_file_notes,
    system_part,
)
from archtool.operations.sources.shared_sources import adjacent_files, walk_declared

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


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
    view = RenamedSource(source, disk_names) if disk_names else source
    # (3) check the files that are declared by name
    candidates = found if shared is None else shared
    sizes, findings = _check_files(described, described.description.payload_files(), view, candidates)
    tag_candidates: Sequence[FoundFile] | Tree = candidates
    if tag_source is not None:
        tag_candidates = tag_source if isinstance(tag_source, Tree) else ()
    tag_files = described.description.tag_file_sources()
    tag_sizes, tag_findings = _check_files(described, tag_files, tag_source or view, tag_candidates)
    findings += [*tag_findings, *_check_tag_total(tag_sizes)]
    named = frozenset(sizes if tag_source else (*sizes, *tag_sizes))
    # (4) apply `left-out`, and add the files of declared folders
    own = frozenset(_description_names(described, folder))
    omissions = find_omissions(described, found, own, shared)
    findings += omissions.findings
    folders = frozenset(described.description.payload_folders())
    others = [item for item in omissions.kept if item.path not in named]
    for item in sorted(item for item in others if _is_of_folder(item, folders)):
        sizes[item.path] = item.size_bytes
        findings += [_empty_finding(item.path)] if item.size_bytes == 0 else []
    declared = frozenset(described.description.named_files())
    empty = empty_folders(omissions.kept, list(sizes), declared, folders)
    placeholders = placeholders_in(empty, folders) if described.description.keeps_empty_folders else ()
    findings += _check_folders(described, (*sizes, *placeholders), found)
    # (5) report undeclared files, and files that are not packed for another reason
    findings += system_file_notes(others, folders)
    findings += empty_folder_findings(empty, placeholders, folders)
    findings += bag_warnings(omissions.kept)
    findings += _check_strays(
        [item for item in others if item.path not in sizes and item.path not in declared], folder, described
    )
    findings += check_names([*sizes, *placeholders])
    return Survey(sizes, tuple(findings), omissions.left_out, disk_names, tag_sizes, placeholders)


def _check_files(
    described: DescribedDocument,
    paths: Sequence[str],
    source: FileSource,
    found: Sequence[FoundFile] | Tree,
) -> tuple[dict[str, int], list[Finding]]:
    """Return the sizes of the declared files that exist, and the findings about all of them."""
    sizes: dict[str, int] = {}
    findings: list[Finding] = []
    for path in paths:
        size_bytes, finding = _check_file(source, path, found, described)
        if size_bytes is not None:
            sizes[path] = size_bytes
        findings += [finding] if finding is not None else []
    return sizes, findings


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


def _check_folders(
    described: DescribedDocument, packed: Sequence[str], found: Sequence[FoundFile]
) -> Iterator[Finding]:
    folders = dict.fromkeys(described.description.payload_folders())
    filled = {folder_of(path, folders) for path in packed} if folders else set[str | None]()
    for folder in folders:
        if folder not in filled:
            name = folder.removesuffix("/")
            is_file = any(item.path == name and item.kind is FileKind.FILE for item in found)
            fault = "is a file: write it without `/`" if is_file else "is declared, but contains no file"
            is_empty = any(item.path == name and item.kind is FileKind.FOLDER for item in found)
            hint = "if it is meant to be empty, add `empty-folders: keep`" if is_empty else None
            finding = finding_kinds.PAYLOAD_MISSING.at(f"{shown(folder)} {fault}", folder, hint=hint)
            yield _at_declaration(described, folder, finding)


def _empty_finding(path: str) -> Finding:
    return finding_kinds.PAYLOAD_EMPTY.at(f"{shown(path)} is empty", path)


def _check_file(
    source: FileSource, path: str, found: Sequence[FoundFile] | Tree, described: DescribedDocument
) -> tuple[int | None, Finding | None]:
    """Return the size of a declared file, if it can be found, and a finding, if there is one."""
    try:
        size_bytes = source.size_of(path)
    except NotAFileError as error:
        return None, _at_declaration(described, path, _not_a_file(path, error))
    except (FileNotFoundError, NotADirectoryError):
        message = f"{shown(path)} is declared but does not exist"
        finding = finding_kinds.PAYLOAD_MISSING.at(message, path, hint=_suggest_path(source, path, found))
        return None, _at_declaration(described, path, finding)
    except OSError as error:
        message = f"{shown(path)} cannot be read"
        finding = unreadable(finding_kinds.PAYLOAD_UNREADABLE, error, path, message=message)
        return None, _at_declaration(described, path, finding)
    return size_bytes, _empty_finding(path) if size_bytes == 0 else None


def _not_a_file(path: str, error: NotAFileError) -> Finding:
    is_folder = error.kind is FileKind.FOLDER
    hint = f"name each file in it, or all of them under `files` as `{shown(path)}/`" if is_folder else None
    message = f"{shown(path)} is a {error.kind.value}, not a file"
    if error.path != path:  # one of its parents is not a folder
        message = f"{shown(path)} cannot be reached: {error}"
    return finding_kinds.PAYLOAD_NOT_A_FILE.at(message, path, hint=hint)


def _suggest_path(source: FileSource, path: str, found: Sequence[FoundFile] | Tree) -> str | None:
    """Return a hint for a path that does not exist; paths in the form of Windows are tried first."""
    if _DRIVE.match(path):
        return "paths are relative to the folder of the description or table: omit the drive, write `/`"
    slashed = path.replace("\\", "/").removeprefix("./")
    if slashed != path:
        try:
            source.size_of(slashed)
        except (OSError, ValueError):
            path = slashed
        else:
            return f"did you mean `{shown(slashed)}`? Folders are separated by `/`"
    return _suggest_name(path, adjacent_files(found, path) if isinstance(found, Tree) else found)


def _suggest_name(path: str, found: Sequence[FoundFile]) -> str | None:
    """Return a hint with the most similar name for a name that does not exist."""
    names = [f.path for f in found[:MAX_SIMILAR_NAMES] if f.kind is FileKind.FILE]
    close = difflib.get_close_matches(path, names, n=1, cutoff=0.7)
    return f"did you mean `{shown(close[0])}`?" if close else None


def _at_declaration(described: DescribedDocument, path: str, finding: Finding) -> Finding:
    """Return the finding with the line of the description that declares the file."""
    places = [place for place, declared in _declarations(described) if declared == path]
    return described.loaded.placed(places[0], finding)


def _declarations(described: DescribedDocument) -> Iterator[tuple[tuple[str | int, ...], str]]:
    description = described.description
    for i, part in enumerate(description.transcription):
        yield ("transcription", i, "file"), part.file
    for place, annexe in description.all_annexes():
        path = annexe_path(place)
        if annexe.file is not None:
            yield (*path, "file"), annexe.file
        if annexe.within is not None:
            yield (*path, "within", "file"), annexe.within.file
    for i, other in enumerate(description.files):
        yield ("files", i, "file"), other.file
    for i, tag_file in enumerate(description.tag_files):
        yield ("tag-files", i, "file"), tag_file.file


def _description_names(described: DescribedDocument, folder: Path | None) -> Iterator[str]:
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
    for stray in strays:
        if stray.path not in of_siblings:
            yield stray_finding(stray, stray.path, _short_name(described))


def stray_finding(stray: FoundFile, path: str, name: str) -> Finding:
    """Return the finding about an undeclared entry; `name` is the file that should declare it."""
    if stray.kind is FileKind.UNREADABLE:
        error = OSError(stray.error_number, stray.problem)
        message = f"{shown(path)} cannot be listed"
        return unreadable(finding_kinds.PAYLOAD_UNREADABLE, error, path, message=message)
    if stray.kind is not FileKind.FILE:
        return finding_kinds.PAYLOAD_NOT_A_FILE.at(f"{shown(path)} is a {stray.kind.value}, not a file", path)
    return finding_kinds.PAYLOAD_UNDECLARED.at(f"{shown(path)} is not declared in {name}", path)


def _short_name(described: DescribedDocument) -> str:
    return described.path.name if described.embedded is None else described.name
