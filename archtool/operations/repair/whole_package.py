"""Replaces a package as a whole, where another one stands in the place of a registered copy.

The files of two packages are never mixed: the whole registered package is copied from a valid copy, and the
other one is kept, as a whole, beside it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from archtool.bagit.tag_files.declaration import UNDECLARED
from archtool.bagit.tag_files.manifest_reader import parse_manifest
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.errors import StorageError
from archtool.files.file_kinds import FileKind
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.read_back import read_back
from archtool.files.paths import shown
from archtool.files.writing.copy_file import copy_and_hash
from archtool.files.writing.staging import stage_beside
from archtool.files.writing.storage_errors import storage_errors
from archtool.files.writing.tree_operations import flush, flush_folder
from archtool.findings import Finding
from archtool.operations.open_package.by_products import REPLACED_FILES
from archtool.operations.repair import finding_kinds
from archtool.operations.repair.model import BadFile, RegisteredFacts, RepairRequest
from archtool.operations.repair.places import Place, Places
from archtool.operations.repair.registered.heads import has_head
from archtool.operations.repair.registered.valid_copies import is_valid_copy, valid_copies
from archtool.operations.repair.replaced_folder import ReplacedFolder
from archtool.operations.repair.restore import Restored, check_writable, stage_target
from archtool.operations.repair.survey import Survey
from archtool.operations.repair.vouching.unsigned_manifests import agrees, stated_digests
from archtool.progress import Progress

_PACKAGE = "package"  # in the staging folder


def is_other_package(target: Place, found: Survey, known: RegisteredFacts) -> bool:
    """Whether another package stands in the place of the registered one.

    Its manifests are others than the registered ones, and they are not damaged: its own tag manifest states
    them, or a payload file that differs from the registered one is as they list it.
    """
    stated = stated_digests(target)
    for name, digest in known.manifests.items():
        own = target.digest(name, digest.algorithm)
        if own is None or own.matches(digest):
            continue
        if (name in stated and agrees(target, name, stated[name])) or _lists_other_bytes(target, name, found):
            return True
    return False


def _lists_other_bytes(target: Place, name: str, found: Survey) -> bool:
    """Whether a manifest of the package lists a file with the bytes that it has, or one that it has more."""
    read, data = read_manifest_name(name), target.read(name)
    if read is None or read.algorithm is None or data is None:
        return False
    listed = parse_manifest(data, read, UNDECLARED)[0].by_path()
    observed = {file.path: file.observed for file in found.bad if file.observed is not None}
    is_as_listed = any(
        path in listed and f"{read.algorithm.value}:{listed[path].hex}" == digest
        for path, digest in observed.items()
    )
    return is_as_listed or any(path in listed for path in found.unlisted)


def find_whole_copy(places: Places, request: RepairRequest, progress: Progress) -> Place | None:
    """Return the first copy that is valid and has the registered manifests."""
    known = request.registered
    return None if known is None else next(valid_copies(places, known, request, progress), None)


def other_package(request: RepairRequest, copy: Place | None) -> Finding:
    """Return the finding for a package that stands in the place of another one."""
    name = shown(str(request.root))
    message = f"{name} is another package than the registered one: its manifests are others"
    if copy is None:
        hint = "no copy is whole, and two packages are never mixed: repair another copy first"
        return finding_kinds.OTHER_PACKAGE.at(message, hint=hint)
    return finding_kinds.OTHER_PACKAGE.at(f"{message}; {shown(str(copy.root))} has the whole registered one")


def restore_whole(
    copy: Place, bad: Sequence[BadFile], known: RegisteredFacts, request: RepairRequest, progress: Progress
) -> Restored:
    """Put a verified copy of the whole registered package in place of another package, which is kept.

    A kill between the two renames leaves the place empty, and the other package under its new name: the next
    run makes the package again.

    Raises:
        StorageError: it cannot be written, or the copy is not what was read before.
    """
    root = request.root.resolve()
    check_writable(root)
    with stage_beside(stage_target(root)) as stage:
        package = stage.path / _PACKAGE
        _copy_all(copy, package, progress)
        head = known.head if known.head is not None and has_head(copy, known.head) else None
        expected = RegisteredFacts(known.expected, head)
        if not is_valid_copy(package, expected, request, progress):
            raise StorageError(
                f"the copy of {shown(str(copy.root))} is not what was read before; nothing was changed",
                hint="check the disks, then run the same command again",
            )
        kept = ReplacedFolder(root, request.now, [str(copy.root)], is_whole=True)
        with storage_errors(root):
            flush_folder(package)
            kept.make(bad)
            _exchange(package, root, kept.path / REPLACED_FILES)
    for file in bad:
        file.source, file.is_restored, file.problem = copy.number, True, None
    return Restored(tuple(bad), kept.path, copy.number)


def _copy_all(copy: Place, package: Path, progress: Progress) -> None:
    files = [item.path for item in copy.found if item.kind is FileKind.FILE]
    meters = [] if progress.meter is None else [progress.meter]
    progress.start("restoring", None)
    for path in sorted(files, key=copy.inner.position):
        target = package / path
        with storage_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
        record = copy_and_hash(copy.inner, path, target, [Algorithm.SHA512], meters)
        with storage_errors(target):
            is_written = read_back(target, [Algorithm.SHA512]) == record.digests
        if not is_written:
            raise StorageError(
                f"the disk returns other bytes for {shown(path)} than were written; nothing was changed",
                hint="do not trust this disk: check it, and repair a copy of the package on another one",
            )
        progress.advance(record.size_bytes)
    progress.finish()


def _exchange(package: Path, root: Path, keep_at: Path) -> None:
    os.rename(root, keep_at)  # noqa: PTH104
    try:
        os.rename(package, root)  # noqa: PTH104
    except OSError:
        os.rename(keep_at, root)  # noqa: PTH104
        raise
    flush(keep_at.parent)
    flush(root.parent)
