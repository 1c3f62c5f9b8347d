"""Reads the package and its copies: which files are not good, and which copy has them good.

Every file of the package is read once. Of the copies only those files are read that the package needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from archtool.bagit.fixity import Expectation
from archtool.bagit.layout import BagLayout, build_layout
from archtool.bagit.listing import BagListing
from archtool.bagit.model import Bag, BagInfo
from archtool.errors import SourceChangedError
from archtool.files.file_kinds import NotAFileError
from archtool.files.hashing.digests import Digest
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.hash_file import hash_file
from archtool.files.os_errors import is_system_failure
from archtool.files.paths import normal_form
from archtool.operations.content.content_check import NoContentCheck
from archtool.operations.repair.model import BadFile, FileState, RepairRequest
from archtool.operations.repair.places import Place, Places
from archtool.operations.repair.vouching.reference import Reference, expected_of
from archtool.operations.trust.trust_request import TrustRequest
from archtool.operations.verify.request import VerifyRequest
from archtool.operations.verify.verify_fixity import ReadRequirements, check_fixity
from archtool.progress import Progress

_NO_PERMISSION = "its permissions do not allow reading it: correct them first"


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found in one place."""

    bad: tuple[BadFile, ...]
    unlisted: tuple[str, ...]
    """Files that no manifest lists."""
    files: int
    """How many files were judged."""
    size_bytes: int
    """Of the files that are good."""


def survey(place: Place, reference: Reference, request: RepairRequest, progress: Progress) -> Survey:
    """Read every file of a place that the reference describes; return those that are not good."""
    bag = _bag(reference)
    layout, _ = build_layout(bag, BagListing.of(place.found))
    bad, size_bytes = _payload(place, bag, layout, request, progress)
    for path, expected in sorted(reference.tag_files.items()):
        found = _tag_file(place, layout, path, expected)
        bad += [found] if found is not None else []
    listed = {layout.disk_path(path) for manifest in bag.manifests for path in manifest.paths}
    known = listed.union(layout.disk_path(path) or path for path in reference.tag_files)
    unlisted = tuple(path for path in layout.files if path not in known)
    files = sum(len(manifest.paths) for manifest in bag.manifests[:1]) + len(reference.tag_files)
    return Survey(tuple(bad), unlisted, files, size_bytes)


def _bag(reference: Reference) -> Bag:
    return Bag(reference.declaration, BagInfo(), reference.manifests, ())


def _payload(
    place: Place, bag: Bag, layout: BagLayout, request: RepairRequest, progress: Progress
) -> tuple[list[BadFile], int]:
    checking = VerifyRequest(place.root, request.now, TrustRequest(), request.concurrency)
    needs = ReadRequirements(NoContentCheck(), ())
    report = check_fixity(checking, place.source, bag, layout, needs, progress)
    wrong = {f.place.file: f for f in report.findings if f.place is not None}
    records = {record.path: record for record in report.records}
    listed_as = {path: listed for listed, path in layout.disk_names.items()}
    absent = {entry.path: None for manifest in bag.manifests for entry in layout.absent_entries(manifest)}
    paths = {**{listed_as.get(path, path): path for path in wrong}, **{str(p): str(p) for p in absent}}
    expected = expected_of(bag.manifests, paths)
    holes = place.holes(bag.declaration) if absent else frozenset()
    bad = []
    for path, disk in sorted(paths.items()):
        file = BadFile(path, disk, expected.get(path, ()), FileState.MISSING)
        if disk in wrong:
            code = wrong[disk].code
            is_read = code in ("fixity.digest-mismatch", "fixity.read-unstable")
            file.state = FileState.DAMAGED if is_read else FileState.UNREADABLE
            file.observed = _observed(records.get(disk), file.expected)
            if not is_read:
                file.state, file.problem = _why_unreadable(place, disk)
        else:
            file.state, file.problem = _absent_state(place, layout, path, holes)
        bad.append(file)
    return bad, report.counts()["bytes"]


def _observed(record: FileRecord | None, expected: Sequence[Expectation]) -> str | None:
    if record is None:
        return None
    wrong = {e.digest.algorithm: e.digest for e in expected}
    differing = (d for d in record.digests if d.algorithm in wrong and not d.matches(wrong[d.algorithm]))
    found = next(differing, None)
    return str(found) if found is not None else None


def _why_unreadable(place: Place, path: str) -> tuple[FileState, str | None]:
    """Tell a file without permission from one that its disk cannot read."""
    if place.is_archive:
        return FileState.UNREADABLE, None
    try:
        place.source.inner.size_of(path)
    except NotAFileError:
        return FileState.DAMAGED, None
    except OSError as error:
        return FileState.UNREADABLE, None if is_system_failure(error) else _NO_PERMISSION
    return FileState.UNREADABLE, None


def _absent_state(
    place: Place, layout: BagLayout, path: str, holes: frozenset[str] = frozenset()
) -> tuple[FileState, str | None]:
    if path in layout.others:
        return FileState.DAMAGED, None  # a link or a folder
    if not place.source.is_whole:
        return FileState.UNREADABLE, None
    if any(not folder or path.startswith(f"{folder}/") for folder in place.closed_folders):
        return FileState.UNREADABLE, "its folder cannot be listed: correct the permissions first"
    return FileState.TO_FETCH if normal_form(path) in holes else FileState.MISSING, None


def _tag_file(
    place: Place, layout: BagLayout, path: str, expected: tuple[Expectation, ...]
) -> BadFile | None:
    disk = layout.disk_path(path) or path
    file = BadFile(path, disk, expected, FileState.DAMAGED)
    if disk not in layout.files:
        file.state, file.problem = _absent_state(place, layout, path)
        return file
    try:
        record = hash_file(place.source, disk, file.algorithms)
    except (OSError, SourceChangedError):
        file.state, file.problem = _why_unreadable(place, disk)
        return file
    file.observed = _observed(record, expected)
    return None if file.agrees(record.digests) else file


Read = Callable[[Place, str, BadFile], tuple[Digest, ...]]
"""Reads a file of a copy by its path there, and returns its digests."""


def hash_in(place: Place, path: str, file: BadFile) -> tuple[Digest, ...]:
    """Compute the digests of a file of a copy."""
    return hash_file(place.inner, path, file.algorithms).digests


def read_copies(
    places: Places, bad: Iterable[BadFile], reference: Reference, read: Read, *, until_good: bool
) -> None:
    """Look for the bad files in the copies, and note in each file what every copy has of it.

    With `until_good` a file is not read any more once a copy had it good.
    """
    files = [file for file in bad if file.expected]
    bag = _bag(reference)
    for place in places.copies:
        layout, _ = build_layout(bag, BagListing.of(place.found))
        holes = place.holes(bag.declaration)
        wanted = [file for file in files if file.source is None or not until_good]
        for file in _in_order(place, layout, wanted):
            state = _state_in(place, layout, file, read, holes)
            file.copies[place.number] = state
            if state is FileState.GOOD and file.source is None:
                file.source = place.number
    for file in files:
        for place in places.copies:
            file.copies.setdefault(place.number, FileState.NOT_READ)
        for number in places.closed:
            file.copies[number] = FileState.UNREADABLE


def _in_order(place: Place, layout: BagLayout, files: Sequence[BadFile]) -> Iterator[BadFile]:
    def position(file: BadFile) -> int:
        disk = layout.disk_path(file.path)
        return place.inner.position(disk) if disk is not None else -1

    yield from sorted(files, key=position)


def _state_in(place: Place, layout: BagLayout, file: BadFile, read: Read, holes: frozenset[str]) -> FileState:
    disk = layout.disk_path(file.path) or file.path
    if disk not in layout.files:
        return _absent_state(place, layout, disk, holes)[0]
    try:
        digests = read(place, disk, file)
    except NotAFileError:
        return FileState.DAMAGED
    except (OSError, SourceChangedError):
        return FileState.UNREADABLE
    return FileState.GOOD if file.agrees(digests) else FileState.DAMAGED
