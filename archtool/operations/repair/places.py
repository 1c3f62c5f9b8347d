"""Opens the package and its copies, and keeps what each of them has: names, tag files, attestations."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.attestations.layout import ROOT as ATTESTATIONS
from archtool.bagit.limits import MAX_MANIFEST_BYTES, MAX_TAG_FILE_BYTES
from archtool.bagit.model import Declaration
from archtool.bagit.tag_files.fetch_txt import FILE_NAME as FETCH_NAME
from archtool.bagit.tag_files.fetch_txt import parse_fetch
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.errors import ArchtoolError, InputError, SourceChangedError, UsageError
from archtool.files.file_kinds import FileKind, FoundFile
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.files.hashing.hash_file import hash_file
from archtool.files.paths import normal_form, shown
from archtool.files.read_once import ReadOnceSource
from archtool.files.source import FileSource
from archtool.operations.limits import MAX_ATTESTATION_BYTES
from archtool.operations.list_packages.package_search import ARCHIVES
from archtool.operations.open_package.nearby_bags import refuse_unless_bag
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.package_paths import find_sidecar
from archtool.operations.open_package.sidecar import read_sidecar
from archtool.operations.repair.limits import MAX_COPIES
from archtool.operations.repair.model import RepairRequest
from archtool.operations.repair.no_files import NoFiles


@dataclass(frozen=True, slots=True)
class Place:
    """The package (number 0) or one of its copies (from 1), open."""

    number: int
    root: Path
    source: ReadOnceSource
    found: tuple[FoundFile, ...]
    attested: Mapping[str, bytes] = field(default_factory=dict)
    """Every readable file below `attestations/`, and in the sidecar, by its path in the package."""
    closed_folders: tuple[str, ...] = ()
    """Folders that cannot be listed; "" is the root."""

    @property
    def is_archive(self) -> bool:
        """Whether the files are in a tar or zip file."""
        return self.source.serialisation is not None

    @property
    def inner(self) -> FileSource:
        """The source that reads a file again at each call."""
        return self.source.inner

    @property
    def is_file(self) -> bool:
        """Whether the package is one archive file, or was."""
        return self.is_archive or self.root.is_file() or self.root.name.lower().endswith(ARCHIVES)

    def root_files(self) -> list[str]:
        """Return the names of the regular files at the root."""
        return [f.path for f in self.found if "/" not in f.path and f.kind is FileKind.FILE]

    def manifest_names(self, *, tag: bool) -> list[str]:
        """Return the names of the payload or tag manifests that are here."""
        named = ((name, read_manifest_name(name)) for name in self.root_files())
        return [name for name, read in named if read is not None and read.is_tag is tag and read.is_proper]

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a tag file; `None` if it is missing, unreadable or too large."""
        is_manifest = read_manifest_name(path) is not None
        limit_bytes = MAX_MANIFEST_BYTES if is_manifest else MAX_TAG_FILE_BYTES
        try:
            return self.source.read_bytes(path, limit_bytes)
        except (OSError, SourceChangedError):
            return None

    def holes(self, declaration: Declaration) -> frozenset[str]:
        """Return the payload files that fetch.txt lists, in the normal form of their names."""
        data = self.read(FETCH_NAME) if FETCH_NAME in self.root_files() else None
        items = parse_fetch(data, declaration)[0] if data is not None else ()
        return frozenset(normal_form(item.path) for item in items)

    def digest(self, path: str, algorithm: Algorithm) -> Digest | None:
        """Return the digest of a tag file; `None` if it is missing or unreadable."""
        try:
            return hash_file(self.source, path, [algorithm]).digest(algorithm)
        except (OSError, SourceChangedError):
            return None


@dataclass(frozen=True, slots=True)
class Places:
    """The package, the copies that could be opened, and why the others could not."""

    target: Place
    copies: tuple[Place, ...]
    closed: Mapping[int, str]
    """By the number of the copy."""

    @property
    def all(self) -> tuple[Place, ...]:
        """The package first, then the copies in their order."""
        return (self.target, *self.copies)

    def attestations_beside(self) -> set[str]:
        """Return the attestations, by their folders' paths, that are no part of the package itself.

        Those are in its sidecar, or only in the sidecars of copies.
        """
        inside = {place.number: _folders(f.path for f in place.found) for place in self.all}
        beside = {place.number: _folders(place.attested) - inside[place.number] for place in self.all}
        in_copies = set[str]().union(*(inside[place.number] for place in self.copies))
        return (beside[0] - inside[0]) | (set[str]().union(*beside.values()) - in_copies - inside[0])

    def copy(self, number: int) -> Place:
        """Return a copy by its number."""
        return next(place for place in self.copies if place.number == number)


def _folders(paths: Iterable[str]) -> set[str]:
    return {f"{ATTESTATIONS}{path.split('/')[1]}/" for path in paths if path.startswith(ATTESTATIONS)}


@contextlib.contextmanager
def open_places(request: RepairRequest) -> Iterator[Places]:
    """Open the package and its copies; a copy that cannot be opened is left out.

    Raises:
        InputError: the package cannot be opened.
        UsageError: a copy is the package itself, or there are too many.
    """
    check_copies(request)
    with contextlib.ExitStack() as stack:
        target = _open_target(stack, request)
        copies, closed = [], {}
        for number, root in enumerate(request.copies, 1):
            try:
                place = stack.enter_context(open_place(number, root, request.limits))
                _refuse_other_folder(place)
                copies.append(place)
            except ArchtoolError as error:
                closed[number] = error.message
        yield Places(target, tuple(copies), closed)


def _refuse_other_folder(place: Place) -> None:
    """Refuse a folder that is neither a bag nor the remains of one; payload without tag files can be used.

    Raises:
        NotABagError: it is something else.
    """
    if not any(item.path.startswith("data/") for item in place.found):
        refuse_unless_bag(place.root, place.source, place.root_files())


def _open_target(stack: contextlib.ExitStack, request: RepairRequest) -> Place:
    """Open the package; one that is gone, or an archive that cannot be read, is a place without files.

    Only the register knows of a package that is gone: otherwise its name is a slip of the pen.
    """
    root = request.root
    is_gone = request.registered is not None and not os.path.lexists(root)
    try:
        return stack.enter_context(open_place(0, root, request.limits))
    except InputError:
        if not is_gone and not root.is_file():
            raise
    return Place(0, root, ReadOnceSource(NoFiles()), ())


def check_copies(request: RepairRequest) -> None:
    """Check that there are not too many copies, and that each is another place than the package.

    Raises:
        UsageError: one of these is wrong.
    """
    if len(request.copies) > MAX_COPIES:
        raise UsageError(f"{len(request.copies)} copies are too many (at most {MAX_COPIES})")
    seen = {_real(request.root): "the package itself"}
    for copy in request.copies:
        if _real(copy) in seen:
            raise UsageError(
                f"{shown(str(copy))} is {seen[_real(copy)]}", hint="name each other copy once, with --from"
            )
        seen[_real(copy)] = "named twice"


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path


@contextlib.contextmanager
def open_place(number: int, root: Path, limits: Limits) -> Iterator[Place]:
    """Open one place.

    Raises:
        InputError: it cannot be opened.
    """
    with open_bag(root, limits) as opened:
        source = ReadOnceSource(opened)
        found = tuple(source.walk())
        names = [item.path for item in found if item.kind is FileKind.FILE]
        place = Place(number, root, source, found)
        closed = tuple(item.path for item in found if item.kind is FileKind.UNREADABLE)
        yield Place(number, root, source, found, {**_beside(root), **_attested(place, names)}, closed)


def _attested(place: Place, names: Sequence[str]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total_bytes = 0
    for path in names:
        data = place.read(path) if path.startswith(ATTESTATIONS) else None
        if data is None:
            continue
        total_bytes += len(data)
        if total_bytes > MAX_ATTESTATION_BYTES:
            break  # the attestations that were read up to here are judged
        files[path] = data
    return files


def _beside(root: Path) -> Mapping[str, bytes]:
    sidecar = find_sidecar(root)
    if sidecar is None:
        return {}
    try:
        return read_sidecar(sidecar).files
    except InputError:
        return {}
