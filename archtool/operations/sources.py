"""The folder of the sources against the description: every declared file is there, every file declared."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from archtool.bag.names import encode_name
from archtool.description.checks import annexe_path
from archtool.errors import InputError
from archtool.findings import Finding
from archtool.fixity.paths import NameTrouble, find_twins, normal_form, shown, why_not_portable
from archtool.fixity.source import FileSource
from archtool.fixity.tree import FileKind, FoundFile, NotAFileError, Tree
from archtool.operations import kinds
from archtool.operations.describing import Described
from archtool.operations.folders import folder_of
from archtool.operations.inputs import meant_with_slashes
from archtool.operations.shared_sources import names_near, walk_declared

MAX_SOURCE_FILES = 2_000_000  # a description left in a home folder must not start a day's walk
MAX_COMPARED = 10_000  # names that a missing one is compared with: each takes its time
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
SYSTEM_FILES = frozenset([".DS_Store", "Thumbs.db", "desktop.ini", ".directory"])


@dataclass(frozen=True, slots=True)
class Survey:
    """The sources of one package, looked at but not read yet."""

    sizes_bytes: Mapping[str, int]
    """Size of each declared file that is there: those of their own in the order of the description, then
    those of declared folders, by name."""
    findings: tuple[Finding, ...]


@contextmanager
def open_sources(described: Described, root: Path | None = None) -> Iterator[Tree]:
    """Open the folder of the sources: by default the one that the description lies in.

    Raises:
        InputError: the folder cannot be opened.
    """
    folder = root if root is not None else described.folder
    try:
        tree = Tree(folder)
    except OSError as error:
        said = "" if described.given is None else f"{shown(described.given.folder_name)}: "
        raise InputError(
            f"{said}the folder of the sources cannot be opened: {shown(str(folder))}: {error.strerror}",
            hint=meant_with_slashes(folder) or "name the folder that holds the declared files with --files",
        ) from error
    with tree:
        yield tree


def survey_sources(described: Described, source: FileSource, folder: Path | None = None) -> Survey:
    """Look at the sources; `folder` is where they lie if the description may lie there too.

    Nothing is raised for what is found there.
    """
    declared = described.description.payload_files()
    # what others have in a folder that is shared is not looked at
    shared = source if described.is_shared and isinstance(source, Tree) else None
    walk = source.walk() if shared is None else walk_declared(described.description, shared)
    found = list(islice(walk, MAX_SOURCE_FILES + 1))
    if len(found) > MAX_SOURCE_FILES:
        message = f"the sources are more than {MAX_SOURCE_FILES:,} files"
        return Survey({}, (kinds.PAYLOAD_TOO_MANY.at(message, str(folder) if folder else None),))
    sizes: dict[str, int] = {}
    findings: list[Finding] = []
    for path in declared:
        size_bytes, problem = _look_at(source, path, found if shared is None else shared, described)
        if size_bytes is not None:
            sizes[path] = size_bytes
        findings += [problem] if problem is not None else []
    others = list(_undeclared(described, folder, found, declared))
    folders = frozenset(described.description.payload_folders())
    inside = [item for item in others if _is_of_folder(item, folders)]
    for item in sorted(inside, key=lambda item: item.path):
        sizes[item.path] = item.size_bytes
        findings += [_empty(item.path)] if item.size_bytes == 0 else []
    findings += _check_folders(described, sizes, found)
    taken = {item.path for item in inside}
    findings += _check_strays([item for item in others if item.path not in taken], folder, described)
    findings += _check_names([*declared, *taken])
    return Survey(sizes, tuple(findings))


def _is_of_folder(item: FoundFile, folders: Collection[str]) -> bool:
    """Whether a file that is not declared by its own name lies in a folder that is."""
    is_file = item.kind is FileKind.FILE and item.path.rpartition("/")[2] not in SYSTEM_FILES
    return is_file and folder_of(item.path, folders) is not None


def _check_folders(
    described: Described, sizes: Mapping[str, int], found: Sequence[FoundFile]
) -> Iterator[Finding]:
    folders = dict.fromkeys(described.description.payload_folders())
    filled = {folder_of(path, folders) for path in sizes} if folders else set[str | None]()
    for folder in folders:
        if folder not in filled:
            name = folder.removesuffix("/")
            is_file = any(item.path == name and item.kind is FileKind.FILE for item in found)
            why = "is a file: write it without `/`" if is_file else "is declared, and no file is in it"
            yield _at(described, folder, kinds.PAYLOAD_MISSING.at(f"{shown(folder)} {why}", folder))


def _empty(path: str) -> Finding:
    return kinds.PAYLOAD_EMPTY.at(f"{shown(path)} is empty", path)


def _look_at(
    source: FileSource, path: str, found: Sequence[FoundFile] | Tree, described: Described
) -> tuple[int | None, Finding | None]:
    """The size of a declared file, or what is wrong with it."""
    try:
        size_bytes = source.size_of(path)
    except NotAFileError as error:
        return None, _at(described, path, _not_a_file(path, error))
    except (FileNotFoundError, NotADirectoryError):
        message = f"{shown(path)} is declared and not there"
        finding = kinds.PAYLOAD_MISSING.at(message, path, hint=_meant_by(source, path, found))
        return None, _at(described, path, finding)
    except OSError as error:
        message = f"{shown(path)} cannot be read: {error.strerror}"
        return None, _at(described, path, kinds.PAYLOAD_UNREADABLE.at(message, path))
    return size_bytes, _empty(path) if size_bytes == 0 else None


def _not_a_file(path: str, error: NotAFileError) -> Finding:
    is_folder = error.kind is FileKind.FOLDER
    hint = f"name each file in it, or all of them under `files` as `{shown(path)}/`" if is_folder else None
    message = f"{shown(path)} is a {error.kind.value}, not a file"
    if error.path != path:  # it is a folder on the way that is none
        message = f"{shown(path)} cannot be reached: {error}"
    return kinds.PAYLOAD_NOT_A_FILE.at(message, path, hint=hint)


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
    if any(normal_form(name) == normal_form(path) for name in names):
        return "a file of that name is there, but in another Unicode form (NFC, NFD): rename it"
    import difflib

    close = difflib.get_close_matches(path, names, n=1, cutoff=0.7)
    return f"did you mean `{shown(close[0])}`?" if close else None


def _at(described: Described, path: str, finding: Finding) -> Finding:
    """The finding, at the line of the description that declares the file."""
    places = [place for place, declared in _declarations(described) if declared == path]
    return described.loaded.placed(places[0], finding)


def _declarations(described: Described) -> Iterator[tuple[tuple[str | int, ...], str]]:
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


def _undeclared(
    described: Described, folder: Path | None, found: Sequence[FoundFile], declared: Sequence[str]
) -> Iterator[FoundFile]:
    """What lies there and is neither declared by its name, nor left out, nor the description itself."""
    known = {*declared, *_own_names(described, folder)}
    left_out = described.description.left_out
    for item in found:
        if item.path in known or any(matches(item.path, pattern) for pattern in left_out):
            continue
        if item.kind is not FileKind.FOLDER:
            yield item


def _own_names(described: Described, folder: Path | None) -> Iterator[str]:
    """The names that the description itself, and its library, have in the folder."""
    for path in (described.path, described.library):
        if path is None or folder is None:
            continue
        if path.parent == folder and not path.is_symlink():  # nearly always; each way to the root costs
            yield path.name
        elif path.resolve().is_relative_to(folder.resolve()):
            yield path.resolve().relative_to(folder.resolve()).as_posix()


def matches(path: str, pattern: str) -> bool:
    """Whether a pattern of `left-out` means this path."""
    return fnmatch.fnmatchcase(path, pattern) or path.startswith(pattern.rstrip("/") + "/")


def _check_strays(
    strays: Sequence[FoundFile], folder: Path | None, described: Described
) -> Iterator[Finding]:
    # only files: reading a FIFO would wait for ever
    files = [s.path for s in strays if s.kind is FileKind.FILE]
    theirs = frozenset[str]()
    if files and folder is not None:
        from archtool.operations.neighbours import files_of_neighbours

        theirs = files_of_neighbours(folder, files)
    for stray in strays:
        if stray.path in theirs:
            continue
        yield stray_finding(stray, stray.path, _short_name(described))


def stray_finding(stray: FoundFile, path: str, name: str) -> Finding:
    """What is to be said of something that nobody declares; `name` is where it might have been."""
    if stray.kind is FileKind.UNREADABLE:
        return kinds.PAYLOAD_UNREADABLE.at(f"{shown(path)} cannot be listed: {stray.problem}", path)
    if stray.kind is not FileKind.FILE:
        return kinds.PAYLOAD_NOT_A_FILE.at(f"{shown(path)} is a {stray.kind.value}, not a file", path)
    if path.rpartition("/")[2] in SYSTEM_FILES:
        return kinds.PAYLOAD_SYSTEM_FILE.at(f"{shown(path)} was left out", path)
    return kinds.PAYLOAD_UNDECLARED.at(f"{shown(path)} is not declared in {name}", path)


def _short_name(described: Described) -> str:
    return described.path.name if described.given is None else described.name


def _check_names(declared: Sequence[str]) -> Iterator[Finding]:
    for trouble, one, other in find_twins(declared):
        if trouble is NameTrouble.UNICODE_TWIN:
            message = f"{one!a} and {other!a} differ only by their Unicode form"
            yield kinds.PAYLOAD_UNICODE_TWINS.at(message, other)
        else:
            message = f"{shown(one)} and {shown(other)} differ only by upper and lower case"
            yield kinds.PAYLOAD_CASE_TWINS.at(message, other)
    for path in declared:
        reason = why_not_portable(path)
        if reason is not None and reason[0] is NameTrouble.NOT_UTF8:
            yield kinds.PAYLOAD_NAME_NOT_UTF8.at(f"{shown(path)} {reason[1]}", path)
        elif reason is not None:
            yield kinds.PAYLOAD_NAME_NOT_PORTABLE.at(f"{shown(path)} {reason[1]}", path)
        if encode_name(path) != path:
            message = f"{shown(path)} is written {shown(encode_name(path))} in the manifests"
            yield kinds.PAYLOAD_NAME_ENCODED.at(message, path)
