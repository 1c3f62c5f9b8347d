"""Repairs a package in one archive: the whole file is replaced by a copy of another archive of it.

A file in an archive cannot be replaced in place. The other archive must have every file as the manifests
describe it, and no others; the copy of it is checked again, file by file, before it gets its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from archtool.errors import ArchtoolError, StorageError
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.read_back import read_back
from archtool.files.paths import shell_word, shown
from archtool.files.tree import Tree
from archtool.files.writing.copy_file import copy_and_hash
from archtool.files.writing.replace_keeping import replace_keeping
from archtool.files.writing.staging import stage_beside
from archtool.files.writing.storage_errors import storage_errors
from archtool.findings import Finding, has_errors
from archtool.operations.repair import finding_kinds
from archtool.operations.repair.model import BadFile, RepairRequest
from archtool.operations.repair.places import Place, Places, open_place
from archtool.operations.repair.replaced_folder import ReplacedFolder
from archtool.operations.repair.restore import Restored, check_writable, stage_target
from archtool.operations.repair.survey import survey
from archtool.operations.repair.vouching.reference import Reference
from archtool.progress import Progress


def find_whole_archive(
    places: Places, reference: Reference, request: RepairRequest, progress: Progress
) -> Place | None:
    """Return the first copy that is an archive of the same kind and has every file undamaged."""
    for place in places.copies:
        if _is_same_kind(place, places.target) and _is_whole(place, reference, request, progress):
            return place
    return None


def _is_same_kind(place: Place, target: Place) -> bool:
    if target.is_archive:
        return place.source.serialisation == target.source.serialisation
    return place.is_archive and place.root.suffixes[-1:] == target.root.suffixes[-1:]


def _is_whole(place: Place, reference: Reference, request: RepairRequest, progress: Progress) -> bool:
    found = survey(place, reference, request, progress)
    return (
        not found.bad
        and not found.unlisted
        and place.source.is_whole
        and not has_errors(place.source.findings)
    )


def by_hand(request: RepairRequest) -> Finding:
    """Return the finding for an archive that no copy can replace."""
    name = shown(str(request.root))
    message = (
        f"{name} is an archive: its files cannot be replaced, and no copy is an undamaged archive of its kind"
    )
    hint = (
        f"unpack it (archtool unpack {shell_word(name)} -o BAG) or copy a folder to BAG, repair BAG,"
        " and archive it again"
    )
    return finding_kinds.BY_HAND.at(message, hint=hint)


def restore_archive(
    place: Place, bad: Sequence[BadFile], reference: Reference, request: RepairRequest, progress: Progress
) -> Restored:
    """Replace the archive by a verified copy of another one; the old file is kept beside it.

    Raises:
        StorageError: it cannot be written, or the copy is not what was read before.
    """
    root = request.root.resolve()
    check_writable(root)
    with stage_beside(stage_target(root)) as stage, Tree(place.root.resolve().parent) as tree:
        staged = stage.path / root.name
        record = copy_and_hash(tree, place.root.resolve().name, staged, [Algorithm.SHA512])
        with storage_errors(staged):
            is_written = read_back(staged, [Algorithm.SHA512]) == record.digests
        if not is_written or not _is_good(staged, reference, request, progress):
            raise StorageError(
                f"the copy of {shown(str(place.root))} is not what was read before; nothing was changed",
                hint="check the disks, then run the same command again",
            )
        kept = ReplacedFolder(root, request.now, [str(place.root)])
        with storage_errors(root):
            if root.exists():
                kept.make(bad)
            replace_keeping(staged, root.parent, root.name, kept.keep_at(root.name))
    for file in bad:
        file.source, file.is_restored = place.number, True
    return Restored(tuple(bad), kept.path if kept.is_made else None)


def _is_good(staged: Path, reference: Reference, request: RepairRequest, progress: Progress) -> bool:
    try:
        with open_place(0, staged, request.limits) as place:
            return _is_whole(place, reference, replace(request, root=staged), progress)
    except ArchtoolError:
        return False
