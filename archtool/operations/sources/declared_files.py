"""Checks that each file that a description declares by name exists, and suggests names for missing ones."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from archtool.bagit.unreadable import unreadable
from archtool.description.checks import annexe_path
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.files.tree import FileKind, FoundFile, NotAFileError, Tree
from archtool.findings import Finding
from archtool.nearest_names import nearest_path
from archtool.operations import finding_kinds
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.limits import MAX_SIMILAR_NAMES
from archtool.operations.sources.empty_folders import how_to_keep
from archtool.operations.sources.folders import folder_of
from archtool.operations.sources.shared_sources import adjacent_files
from archtool.schemas import SchemaPath

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


@dataclass(slots=True)
class DeclaredFiles:
    """The files that are declared by name: their sizes, and the findings about those that cannot be used."""

    sizes_bytes: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    explained: set[str] = field(default_factory=set)
    """Files and folders (with a final `/`) that a finding names already: they need no other finding."""

    def explain(self, path: str) -> bool:
        """Whether a finding about a declared name explains why this file is not declared."""
        return path in self.explained or folder_of(path, self.explained) is not None


def check_declared_files(
    described: DescribedDocument,
    names: Collection[str],
    source: FileSource,
    found: Sequence[FoundFile] | Tree,
) -> DeclaredFiles:
    """Check each file that is declared by name; `found` is the folder itself if other packages share it."""
    declared = DeclaredFiles()
    for path in filter(None, names):  # an item with a fault has no name
        try:
            size_bytes = source.size_of(path)
        except NotAFileError as error:
            finding = _not_a_file(path, error)
            if error.kind is FileKind.FOLDER and error.path == path:
                declared.explained.add(f"{path}/")
        except (FileNotFoundError, NotADirectoryError):
            finding = _missing(path, names, source, found, declared)
        except OSError as error:
            message = f"{shown(path)} cannot be read"
            finding = unreadable(finding_kinds.PAYLOAD_UNREADABLE, error, path, message=message)
        else:
            declared.sizes_bytes[path] = size_bytes
            declared.findings += [empty_finding(path)] if size_bytes == 0 else []
            continue
        declared.findings.append(at_declaration(described, path, finding))
    return declared


def check_declared_folders(
    described: DescribedDocument, packed: Iterable[str], found: Sequence[FoundFile]
) -> Iterator[Finding]:
    """Report each declared folder that contains no file that is packed."""
    folders = dict.fromkeys(described.description.payload_folders())
    filled = {folder_of(path, folders) for path in packed} if folders else set[str | None]()
    for folder in folders:
        if folder not in filled:
            name = folder.removesuffix("/")
            is_file = any(item.path == name and item.kind is FileKind.FILE for item in found)
            fault = "is a file: write it without `/`" if is_file else "is declared, but contains no file"
            is_empty = any(
                item.kind is FileKind.FOLDER and f"{item.path}/".startswith(folder) for item in found
            )
            hint = f"if it is meant to be empty, {how_to_keep(described)}" if is_empty else None
            finding = finding_kinds.PAYLOAD_MISSING.at(f"{shown(folder)} {fault}", folder, hint=hint)
            yield at_declaration(described, folder, finding)


def empty_finding(path: str) -> Finding:
    """Return the finding about a file without content."""
    return finding_kinds.PAYLOAD_EMPTY.at(f"{shown(path)} is empty", path)


def _not_a_file(path: str, error: NotAFileError) -> Finding:
    is_folder = error.kind is FileKind.FOLDER
    hint = f"name each file in it, or all of them under `files` as `{shown(path)}/`" if is_folder else None
    message = f"{shown(path)} is a {error.kind.value}, not a file"
    if error.path != path:  # one of its parents is not a folder
        message = f"{shown(path)} cannot be reached: {error}"
    return finding_kinds.PAYLOAD_NOT_A_FILE.at(message, path, hint=hint)


def _missing(
    path: str, names: Collection[str], source: FileSource, found: Sequence[FoundFile] | Tree,
    declared: DeclaredFiles,
) -> Finding:  # fmt: skip
    hint = _explain_windows_path(path, source)
    if hint is None:
        plain = path.replace("\\", "/").removeprefix("./")
        near = adjacent_files(found, plain) if isinstance(found, Tree) else found
        nearest = _nearest_file(plain, near, names)
        if nearest is not None:
            declared.explained.add(nearest)
            hint = f"did you mean `{shown(nearest)}`?"
            if not isinstance(found, Tree):  # in a shared folder, another package can declare it
                hint += " It is there, and not declared"
    elif hint.startswith("did"):
        declared.explained.add(path.replace("\\", "/").removeprefix("./"))
    return finding_kinds.PAYLOAD_MISSING.at(f"{shown(path)} is declared but does not exist", path, hint=hint)


def _explain_windows_path(path: str, source: FileSource) -> str | None:
    """Return a hint for a path in the form of Windows, or one that begins with `./`."""
    if _DRIVE.match(path):
        return "paths are relative to the folder of the description or table: omit the drive, write `/`"
    slashed = path.replace("\\", "/").removeprefix("./")
    if slashed == path:
        return None
    try:
        source.size_of(slashed)
    except (OSError, ValueError):
        return None
    return f"did you mean `{shown(slashed)}`? Folders are separated by `/`"


def _nearest_file(path: str, found: Sequence[FoundFile], declared: Collection[str]) -> str | None:
    """Return the most similar name of a file that is not declared."""
    known = frozenset(declared)
    names = (f.path for f in found[:MAX_SIMILAR_NAMES] if f.kind is FileKind.FILE)
    return nearest_path(path, [name for name in names if name not in known])


def at_declaration(described: DescribedDocument, path: str, finding: Finding) -> Finding:
    """Return the finding with the line of the description that declares the file."""
    places = [place for place, declared in _declarations(described) if declared == path]
    return described.loaded.placed(places[0], finding)


def about_file(described: DescribedDocument, finding: Finding) -> Finding:
    """Return a finding about a payload file with the line or cell that declares it, if one names the file."""
    path = finding.place.file if finding.place is not None else None
    if path is None or all(declared != path for _, declared in _declarations(described)):
        return finding
    return at_declaration(described, path, finding)


def _declarations(described: DescribedDocument) -> Iterator[tuple[SchemaPath, str]]:
    description = described.description
    for i, part in enumerate(description.transcription):
        yield ("transcription", i, "file"), part.file
        if part.repair is not None:
            yield ("transcription", i, "repair", "original"), part.repair.original
            yield ("transcription", i, "repair", "changes"), part.repair.changes
    for place, annexe in description.all_annexes():
        path = annexe_path(place)
        if annexe.file is not None:
            yield (*path, "file"), annexe.file
        if annexe.within is not None:
            yield (*path, "within", "file"), annexe.within.file
    numbers = described.origins or range(len(description.files))
    for i, other in zip(numbers, description.files, strict=True):
        yield ("files", i, "file"), other.file
    for i, tag_file in enumerate(description.tag_files):
        yield ("tag-files", i, "file"), tag_file.file
