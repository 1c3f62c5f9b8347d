"""The folder of the sources against the description: every declared file is there, every file declared."""

from __future__ import annotations

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
from archtool.operations.describe.inputs import meant_with_slashes
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.sources.folders import folder_of
from archtool.operations.sources.names import check_names, names_on_disk, renamed
from archtool.operations.sources.omissions import (
    bag_warnings,
    empty_folder_warnings,
    find_omissions,
    system_file_notes,
    system_part,
)
from archtool.operations.sources.shared_sources import names_near, walk_declared

MAX_SOURCE_FILES = 2_000_000  # a description left in a home folder must not start a day's walk
MAX_COMPARED = 10_000  # names that a missing one is compared with: each takes its time
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True)
class Survey:
    """The sources of one package, looked at but not read yet."""

    sizes_bytes: Mapping[str, int]
    """Size of each declared file that is there: those of their own in the order of the description, then
    those of declared folders, by name."""
    findings: tuple[Finding, ...]
    left_out: tuple[str, ...] = ()
    """The files that the description leaves out."""
    names_on_disk: Mapping[str, str] = field(default_factory=dict)
    """Of each file that has another Unicode form on the disk, its name there."""

    def view(self, source: FileSource) -> FileSource:
        """The source by the names of the description."""
        return RenamedSource(source, self.names_on_disk) if self.names_on_disk else source

    def name_on_disk(self, path: str) -> str:
        """What a file is called where it comes from."""
        return self.names_on_disk.get(path, path)


@contextmanager
def open_sources(described: DescribedDocument, root: Path | None = None) -> Iterator[Tree]:
    """Open the folder of the sources: by default the one that the description lies in.

    Raises:
        InputError: the folder cannot be opened.
    """
    folder = root if root is not None else described.folder
    try:
        tree = Tree(folder)
    except OSError as error:
        said = "" if described.given is None else f"{shown(described.given.folder_name)}: "
        raise cannot_read(
            f"{said}the folder of the sources cannot be opened: {shown(str(folder))}: {error.strerror}",
            error,
            hint=meant_with_slashes(folder) or "name the folder that holds the declared files with --files",
        ) from error
    with tree:
        yield tree


def survey_sources(described: DescribedDocument, source: FileSource, folder: Path | None = None) -> Survey:
    """Look at the sources; `folder` is where they lie if the description may lie there too.

    Nothing is raised for what is found there.
    """
    # (1) what is there; what others have in a folder that is shared is not looked at
    shared = source if described.is_shared and isinstance(source, Tree) else None
    walk = source.walk() if shared is None else walk_declared(described.description, shared)
    on_disk = list(islice(walk, MAX_SOURCE_FILES + 1))
    if len(on_disk) > MAX_SOURCE_FILES:
        message = f"the sources are more than {MAX_SOURCE_FILES:,} files"
        return Survey({}, (finding_kinds.PAYLOAD_TOO_MANY.at(message, str(folder) if folder else None),))
    # (2) by the names of the description: macOS hands out decomposed ones
    aliases = names_on_disk(described.description, on_disk, shared)
    found = renamed(on_disk, aliases)
    view = RenamedSource(source, aliases) if aliases else source
    # (3) every file that is declared by its name
    sizes, findings = _look_at_declared(described, view, found, shared)
    # (4) what is left out, and every file of a declared folder
    own = frozenset(_own_names(described, folder))
    omissions = find_omissions(described, found, own, shared)
    findings += omissions.findings
    folders = frozenset(described.description.payload_folders())
    others = [item for item in omissions.kept if item.path not in sizes]
    for item in sorted(item for item in others if _is_of_folder(item, folders)):
        sizes[item.path] = item.size_bytes
        findings += [_empty(item.path)] if item.size_bytes == 0 else []
    findings += _check_folders(described, sizes, found)
    # (5) undeclared files, and those that are not packed for another reason
    findings += system_file_notes(others, folders)
    declared = frozenset(described.description.payload_files())
    findings += empty_folder_warnings(omissions.kept, list(sizes), declared, folders)
    findings += bag_warnings(omissions.kept)
    findings += _check_strays(
        [item for item in others if item.path not in sizes and item.path not in declared], folder, described
    )
    findings += check_names(list(sizes))
    return Survey(sizes, tuple(findings), omissions.left_out, aliases)


def _look_at_declared(
    described: DescribedDocument, source: FileSource, found: Sequence[FoundFile], shared: Tree | None
) -> tuple[dict[str, int], list[Finding]]:
    sizes: dict[str, int] = {}
    findings: list[Finding] = []
    for path in described.description.payload_files():
        size_bytes, problem = _look_at(source, path, found if shared is None else shared, described)
        if size_bytes is not None:
            sizes[path] = size_bytes
        findings += [problem] if problem is not None else []
    return sizes, findings


def _is_of_folder(item: FoundFile, folders: frozenset[str]) -> bool:
    """Whether a file that is not declared by its own name lies in a folder that is."""
    if item.kind is not FileKind.FILE or folder_of(item.path, folders) is None:
        return False
    return system_part(item.path, folders) is None


def _check_folders(
    described: DescribedDocument, sizes: Mapping[str, int], found: Sequence[FoundFile]
) -> Iterator[Finding]:
    folders = dict.fromkeys(described.description.payload_folders())
    filled = {folder_of(path, folders) for path in sizes} if folders else set[str | None]()
    for folder in folders:
        if folder not in filled:
            name = folder.removesuffix("/")
            is_file = any(item.path == name and item.kind is FileKind.FILE for item in found)
            why = "is a file: write it without `/`" if is_file else "is declared, and no file is in it"
            yield _at(described, folder, finding_kinds.PAYLOAD_MISSING.at(f"{shown(folder)} {why}", folder))


def _empty(path: str) -> Finding:
    return finding_kinds.PAYLOAD_EMPTY.at(f"{shown(path)} is empty", path)


def _look_at(
    source: FileSource, path: str, found: Sequence[FoundFile] | Tree, described: DescribedDocument
) -> tuple[int | None, Finding | None]:
    """The size of a declared file, or what is wrong with it."""
    try:
        size_bytes = source.size_of(path)
    except NotAFileError as error:
        return None, _at(described, path, _not_a_file(path, error))
    except (FileNotFoundError, NotADirectoryError):
        message = f"{shown(path)} is declared and not there"
        finding = finding_kinds.PAYLOAD_MISSING.at(message, path, hint=_meant_by(source, path, found))
        return None, _at(described, path, finding)
    except OSError as error:
        message = f"{shown(path)} cannot be read"
        finding = unreadable(finding_kinds.PAYLOAD_UNREADABLE, error, path, message=message)
        return None, _at(described, path, finding)
    return size_bytes, _empty(path) if size_bytes == 0 else None


def _not_a_file(path: str, error: NotAFileError) -> Finding:
    is_folder = error.kind is FileKind.FOLDER
    hint = f"name each file in it, or all of them under `files` as `{shown(path)}/`" if is_folder else None
    message = f"{shown(path)} is a {error.kind.value}, not a file"
    if error.path != path:  # it is a folder on the way that is none
        message = f"{shown(path)} cannot be reached: {error}"
    return finding_kinds.PAYLOAD_NOT_A_FILE.at(message, path, hint=hint)


def _meant_by(source: FileSource, path: str, found: Sequence[FoundFile] | Tree) -> str | None:
    """What may have been meant by a path that leads nowhere, first of all if it was written on Windows."""
    if _DRIVE.match(path):
        return "paths count from the folder of the description or table: leave out the drive, write `/`"
    slashed = path.replace("\\", "/").removeprefix("./")
    if slashed != path:
        try:
            source.size_of(slashed)
        except (OSError, ValueError):
            path = slashed
        else:
            return f"did you mean `{shown(slashed)}`? Folders are separated by `/`"
    return _near_name(path, names_near(found, path) if isinstance(found, Tree) else found)


def _near_name(path: str, found: Sequence[FoundFile]) -> str | None:
    """What may have been meant by a name that is not there."""
    names = [f.path for f in found[:MAX_COMPARED] if f.kind is FileKind.FILE]
    import difflib

    close = difflib.get_close_matches(path, names, n=1, cutoff=0.7)
    return f"did you mean `{shown(close[0])}`?" if close else None


def _at(described: DescribedDocument, path: str, finding: Finding) -> Finding:
    """The finding, at the line of the description that declares the file."""
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


def _own_names(described: DescribedDocument, folder: Path | None) -> Iterator[str]:
    """The names that the description itself, and its library, have in the folder."""
    for path in (described.path, described.library):
        if path is None or folder is None:
            continue
        if path.parent == folder and not path.is_symlink():  # nearly always; each way to the root costs
            yield path.name
        elif path.resolve().is_relative_to(folder.resolve()):
            yield path.resolve().relative_to(folder.resolve()).as_posix()


def _check_strays(
    strays: Sequence[FoundFile], folder: Path | None, described: DescribedDocument
) -> Iterator[Finding]:
    folders = frozenset(described.description.payload_folders())
    strays = [s for s in strays if s.kind is not FileKind.FOLDER and system_part(s.path, folders) is None]
    # only files: reading a FIFO would wait for ever
    files = [s.path for s in strays if s.kind is FileKind.FILE]
    theirs = frozenset[str]()
    if files and folder is not None:
        from archtool.operations.describe.sibling_descriptions import files_of_neighbours

        theirs = files_of_neighbours(folder, files)
    for stray in strays:
        if stray.path in theirs:
            continue
        yield stray_finding(stray, stray.path, _short_name(described))


def stray_finding(stray: FoundFile, path: str, name: str) -> Finding:
    """What is to be said of something that nobody declares; `name` is where it might have been."""
    if stray.kind is FileKind.UNREADABLE:
        error = OSError(stray.trouble, stray.problem)
        message = f"{shown(path)} cannot be listed"
        return unreadable(finding_kinds.PAYLOAD_UNREADABLE, error, path, message=message)
    if stray.kind is not FileKind.FILE:
        return finding_kinds.PAYLOAD_NOT_A_FILE.at(f"{shown(path)} is a {stray.kind.value}, not a file", path)
    return finding_kinds.PAYLOAD_UNDECLARED.at(f"{shown(path)} is not declared in {name}", path)


def _short_name(described: DescribedDocument) -> str:
    return described.path.name if described.given is None else described.name
