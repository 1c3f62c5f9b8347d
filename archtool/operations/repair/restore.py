"""Restores files of a package in a folder, in the numbered steps of `restore_files`.

A kill at any instant leaves each file as the old one or the new one; a second run restores the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archtool.errors import StorageError
from archtool.files.file_kinds import NotAFileError
from archtool.files.hashing.digests import Digest
from archtool.files.hashing.read_back import read_back
from archtool.files.paths import shown
from archtool.files.tree import Tree
from archtool.files.writing.copy_file import copy_and_hash
from archtool.files.writing.durability import NotOnDiskError
from archtool.files.writing.leftovers import clear_leftovers
from archtool.files.writing.replace_keeping import replace_keeping
from archtool.files.writing.staging import Stage, stage_beside
from archtool.files.writing.storage_errors import not_confirmed, storage_errors
from archtool.files.writing.update_folder import can_be_changed, is_same_file_system
from archtool.operations.repair.model import BadFile, RepairRequest
from archtool.operations.repair.places import Place, Places
from archtool.operations.repair.replaced_folder import ReplacedFolder
from archtool.operations.repair.survey import read_copies
from archtool.operations.repair.vouching.reference import Reference
from archtool.progress import Progress

_PACKAGE = "package"  # in the staging folder


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and where the replaced files are kept."""

    files: tuple[BadFile, ...]
    kept_in: Path | None
    """`None` if every restored file had been missing."""
    whole_from: int | None = None
    """The number of the copy that replaced the whole package."""


def restore_files(
    places: Places, bad: Sequence[BadFile], reference: Reference, request: RepairRequest, progress: Progress
) -> Restored:
    """Restore each file that a copy has as the manifests describe it.

    Raises:
        StorageError: the copies of the files cannot be written beside the package; nothing was changed.
    """
    root = request.root.resolve()
    check_writable(root)
    wanted = [file for file in bad if file.problem is None]
    with stage_beside(stage_target(root)) as stage:
        # (1) copy each file from the first copy that has it; its digests are computed in the same read
        staged = _StagedFiles(stage.path, progress)
        progress.start("restoring", sum(file.size_bytes for file in wanted) or None)
        read_copies(places, wanted, reference, staged.copy, until_good=True)
        # (2) flush the copies, drop them from the cache, and read them from the disk
        found = [file for file in wanted if file.source is not None]
        for file in found:
            staged.check(file)
        progress.finish()
        # (3) put each in its place; what is there is kept beside the package
        if not root.exists():
            clear_leftovers(repaired_name(root))  # of a run that was killed while it replaced the package
            if len(found) == len(bad):  # complete, or not at all
                _make_package(stage, staged, found)
            return Restored(tuple(file for file in found if file.is_restored), None)
        kept = ReplacedFolder(root, request.now, sources_of(places, found))
        for file in found:
            if not _place(file, staged.path_of(file), root, kept, found):
                break
        kept.drop_if_empty()
    restored = tuple(file for file in found if file.is_restored)
    return Restored(restored, kept.path if kept.is_made else None)


def sources_of(places: Places, files: Sequence[BadFile]) -> list[str]:
    """Return the paths of the copies that files are restored from."""
    numbers = {file.source for file in files}
    return [str(place.root) for place in places.copies if place.number in numbers]


def _make_package(stage: Stage, staged: _StagedFiles, found: Sequence[BadFile]) -> None:
    """Make a package that was missing as a whole."""
    package = stage.path / _PACKAGE
    with storage_errors(stage.target):
        for file in found:
            path = package / file.disk_path
            path.parent.mkdir(parents=True, exist_ok=True)
            staged.path_of(file).rename(path)
    stage.commit(file=package)
    for file in found:
        file.is_restored = True


def stage_target(root: Path) -> Path:
    """Return the path that the staging folder of a repair is named after.

    It is not that of the package: an interrupted `attest` leaves a receipt in such a folder, which the next
    `attest` needs. A package that is missing is made under its own name.
    """
    return repaired_name(root) if root.exists() else root


def repaired_name(root: Path) -> Path:
    """Return the path that the staging folders of repairs of an existing package are named after."""
    return root.with_name(f"{root.name}.repaired")


def check_writable(root: Path) -> None:
    """Check that files can be replaced in a package and kept beside it.

    Raises:
        StorageError: they cannot.
    """
    name, beside = shown(str(root)), shown(str(root.parent))
    if not can_be_changed(root.parent):
        raise StorageError(
            f"nothing can be written beside {name}, where replaced files are kept; nothing was changed",
            hint=f"correct the permissions of {beside}, or repair a copy of the package elsewhere",
        )
    if root.is_dir() and not can_be_changed(root):
        raise StorageError(
            f"{name} cannot be changed; nothing was changed",
            hint="correct its permissions, or repair a copy of the package elsewhere",
        )
    if root.exists() and not is_same_file_system(root.parent, root):
        raise StorageError(
            f"{name} is a mount point: replaced files cannot be moved out of it; nothing was changed",
            hint="copy the package into a folder, and repair it there",
        )


class _StagedFiles:
    """The new files in the staging folder, named by number: their own names could be too long there."""

    def __init__(self, folder: Path, progress: Progress) -> None:
        self._folder = folder
        self._progress = progress
        self._paths: dict[str, Path] = {}
        self._count = 0

    def path_of(self, file: BadFile) -> Path:
        """Return the path of the good bytes of a file."""
        return self._paths[file.path]

    def copy(self, place: Place, path: str, file: BadFile) -> tuple[Digest, ...]:
        """Copy a file of a copy; what turns out to be bad is removed again."""
        self._count += 1
        target = self._folder / f"{self._count:08}"
        meters = [] if self._progress.meter is None else [self._progress.meter]
        record = copy_and_hash(place.inner, path, target, file.algorithms, meters)
        self._progress.advance(record.size_bytes)
        if file.agrees(record.digests):
            self._paths[file.path] = target
            file.size_bytes = record.size_bytes
        else:
            with storage_errors(target):
                target.unlink()
        return record.digests

    def check(self, file: BadFile) -> None:
        """Read a staged file from the disk.

        Raises:
            StorageError: the disk returns other bytes than were written.
        """
        target = self._paths[file.path]
        with storage_errors(target):
            digests = read_back(target, file.algorithms)
        if not file.agrees(digests):
            raise StorageError(
                f"the disk returns other bytes for {shown(file.path)} than were written; nothing was changed",
                hint="do not trust this disk: check it, and repair a copy of the package on another one",
            )


def _place(file: BadFile, staged: Path, root: Path, kept: ReplacedFolder, found: Sequence[BadFile]) -> bool:
    """Put one file in its place; return whether the others can be tried."""
    try:
        kept_at = kept.keep_at(file.disk_path)
        if _is_there(root, file):
            kept.make(found)
        replace_keeping(staged, root, file.disk_path, kept_at)
    except NotOnDiskError as error:
        file.is_restored = True
        file.problem = not_confirmed(root / file.disk_path, error).message
        return False
    except NotAFileError as error:
        file.problem = f"{error}; remove it by hand"
        return True
    except StorageError as error:
        file.problem = error.message
        return False
    except OSError as error:
        file.problem = f"cannot be written: {error.strerror or error}"
        return True
    file.is_restored = True
    return True


def _is_there(root: Path, file: BadFile) -> bool:
    with Tree(root) as tree:
        try:
            tree.stat(file.disk_path)
        except FileNotFoundError:
            return False
    return True
