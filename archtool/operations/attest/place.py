"""Chooses where a new attestation is stored, in the package or in a sidecar beside it, and puts it there."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archtool.attestations.layout import ROOT
from archtool.attestations.signatures.other_signatures import signed_tag_manifests
from archtool.errors import StorageError
from archtool.files.paths import shown
from archtool.files.writing.blocked import BlockedError, while_blocked
from archtool.files.writing.durability import NotOnDiskError, confirming, uninterrupted
from archtool.files.writing.leftovers import clear_leftovers, read_receipts
from archtool.files.writing.staging import Stage, stage_beside
from archtool.files.writing.storage_errors import not_confirmed, storage_errors
from archtool.files.writing.tree_operations import flush, flush_folder, remove_folder
from archtool.files.writing.update_folder import add_folder, can_be_changed, is_same_file_system, replace_file
from archtool.operations.open_package.enclosing_bag import refuse_inside_package
from archtool.operations.open_package.package_paths import find_sidecar, sidecar_of
from archtool.operations.open_package.sidecar import read_sidecar

_FOLDER = ROOT.rstrip("/")
_DISCARDED = "discarded"
_INSIDE = "attest"  # in the name of a staging folder that has to be in the package itself
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class AttestationTarget:
    """The folder that a new attestation is added to: the package, or its sidecar."""

    root: Path
    """The package, with all links resolved."""
    sidecar: Path | None = None
    """The sidecar, if the attestation is stored there."""
    reason: str | None = None
    """Why a sidecar is used, if the user did not name one."""

    @property
    def folder(self) -> Path:
        """The sidecar if there is one, otherwise the package."""
        return self.sidecar or self.root


def choose_target(root: Path, sidecar: Path | None) -> AttestationTarget:
    """Choose where the next attestation of a package is stored; `sidecar` is the path that the user named.

    It is stored in a sidecar if the user named one; if the package is an archive; if earlier attestations are
    in a sidecar; if a signature in another format covers a tag manifest, which must not change then; or if
    the package cannot be changed. Otherwise it is stored in the package.
    """
    real = root.resolve()
    if sidecar is not None:
        refuse_inside_package(sidecar, shown(str(sidecar)))
        return AttestationTarget(real, sidecar)
    existing = find_sidecar(root)
    default = sidecar_of(root)
    if not real.is_dir():
        return AttestationTarget(real, default, "an archive is never changed")
    if existing is not None and read_sidecar(existing).files:
        return AttestationTarget(real, existing, "earlier attestations are there")
    reason = why_package_is_fixed(real)
    if reason is not None:
        return AttestationTarget(real, default, reason)
    folder = real / _FOLDER
    if not can_be_changed(real) or (folder.is_dir() and not can_be_changed(folder)):
        return AttestationTarget(real, default, "the package cannot be changed where it is")
    return AttestationTarget(real)


def why_package_is_fixed(root: Path) -> str | None:
    """Return why the tag manifests of a package must not change (another signature), or `None`."""
    return why_tag_manifests_are_fixed(_tag_files(root))


def why_tag_manifests_are_fixed(paths: Collection[str]) -> str | None:
    """Return why tag manifests must not change, given the paths of all tag files, or `None`."""
    for manifest, signature in signed_tag_manifests(paths).items():
        return f"{shown(signature)} signs {manifest}, so that this file must not change"
    return None


def _tag_files(root: Path) -> set[str]:
    paths: set[str] = set()
    for folder, names, files in os.walk(root):
        if folder == str(root) and "data" in names:
            names.remove("data")
        inside = Path(folder).relative_to(root)
        paths.update((inside / name).as_posix() for name in files)
    return paths


class StagedAttestation:
    """A new attestation in a staging folder; `commit` moves it into place."""

    def __init__(self, target: AttestationTarget, stage: Stage) -> None:
        self._target = target
        self._stage = stage
        self._path = stage.path

    def commit(self, attested: Files, manifests: Files, receipt: str = "") -> None:
        """Write everything, flush it, then rename it into place: attestations first, tag manifests last.

        `attested` are complete folders below `attestations/`, `manifests` are in the root of the package. If
        this run is interrupted, the next run recognises its attestation by the `receipt`.

        Raises:
            StorageError: the files cannot be written; the package is valid all the same.
        """
        with storage_errors(self._target.folder):
            for path, data in {**attested, **manifests}.items():
                staged = self._path / path
                staged.parent.mkdir(parents=True, exist_ok=True)
                staged.write_bytes(data)
            if receipt:
                self._stage.write_receipt(receipt)
            flush_folder(self._path)
        names = sorted({path.split("/")[1] for path in attested})
        # an interrupt takes effect before the first of these renames, or after the last
        with uninterrupted():
            self._add(names)
            try:
                for name in sorted(manifests):
                    replace_file(self._path / name, self._target.root, name)
            except OSError as error:
                raise _not_finished(self._target, names, error) from error

    def confirm(self, folder: str) -> None:
        """Flush an attestation that an earlier run put in place.

        Raises:
            StorageError: it cannot be flushed; it stays in place.
        """
        parent = self._target.sidecar or self._target.root / _FOLDER
        with storage_errors(self._target.folder), confirming(folder):
            flush_folder(parent / folder)
            flush(parent)
            flush(self._target.folder)

    def discard(self, folder: Path) -> None:
        """Remove a folder with one rename; file by file if it is on another file system.

        Raises:
            OSError: it cannot be removed.
        """
        try:
            while_blocked(folder.rename, self._path / _DISCARDED)
        except OSError as error:
            remove_folder(folder)
            if folder.exists():
                raise error from None
        flush(folder.parent)

    def _add(self, names: list[str]) -> None:
        """Rename the new folders into place; with the first attestation, the folder `attestations` itself."""
        root, parent = self._target.root, _FOLDER
        if self._target.sidecar is not None:
            root, parent = self._target.sidecar.parent, self._target.sidecar.name
        staged = self._path / _FOLDER
        try:
            if names and not (root / parent).is_dir():
                add_folder(staged, root, "", parent)
                return
            for name in names:
                add_folder(staged / name, root, parent, name)
        except NotOnDiskError as error:
            raise not_confirmed(root / parent / error.name, error) from error
        except FileExistsError as error:
            self._stage.drop_receipt()
            raise StorageError(
                f"{shown(str(error.filename))} appeared in {shown(str(root / parent))} meanwhile",
                hint="another program wrote it: check it with archtool verify, then run this again",
            ) from error
        except OSError as error:
            self._stage.drop_receipt()
            raise _cannot_add(root / parent, error) from error


def _not_finished(target: AttestationTarget, names: Sequence[str], error: OSError) -> StorageError:
    """Return the error for an attestation that is in place and possibly not listed in a tag manifest yet."""
    if isinstance(error, NotOnDiskError):
        return not_confirmed(target.root / _FOLDER / names[-1] if names else target.root / error.name, error)
    done = f"{shown(names[-1])} is in place" if names else "nothing was added"
    return StorageError(
        f"{done} in {shown(str(target.root))}, but a tag manifest that lists it cannot be written: "
        f"{error.strerror or error}",
        hint="check the disk, then run the same command again: it completes the package",
    )


def _staging_targets(target: AttestationTarget) -> tuple[Path, Path]:
    """Return the two paths that staging folders of earlier runs can be named after: beside it, or in it."""
    return target.folder, target.folder / _INSIDE


def read_unfinished_receipts(target: AttestationTarget) -> frozenset[str]:
    """Return the receipts of earlier runs that were interrupted after they put an attestation in place."""
    return frozenset[str]().union(*map(read_receipts, _staging_targets(target)))


def _cannot_add(where: Path, error: OSError) -> StorageError:
    hint = error.hint if isinstance(error, BlockedError) else "check the free space and the permissions"
    return StorageError(
        f"cannot write {shown(str(where))}: {error.strerror or error}",
        hint=f"{hint}; the package is as valid as it was",
    )


@contextlib.contextmanager
def stage_attestation(target: AttestationTarget) -> Iterator[StagedAttestation]:
    """Make a staging folder, which is removed at the end; remove the leftovers of killed runs.

    It is beside the package or the sidecar. If nothing can be written there, or that is another file system,
    it is inside.

    Raises:
        StorageError: neither place can be written.
    """
    folder = target.folder
    if target.sidecar is None:
        clear_leftovers(folder / _INSIDE)
    is_outside = can_be_changed(folder.parent) or not folder.is_dir()
    if is_outside and folder.is_dir():
        is_outside = is_same_file_system(folder.parent, folder)
    with _sidecar_hint(target), stage_beside(folder if is_outside else folder / _INSIDE) as stage:
        yield StagedAttestation(target, stage)


@contextlib.contextmanager
def _sidecar_hint(target: AttestationTarget) -> Iterator[None]:
    """If the user did not name the sidecar, add a hint about the option that does."""
    try:
        yield
    except StorageError as error:
        if target.reason is not None and error.hint is not None and "--sidecar" not in error.hint:
            error.hint = f"{target.reason}, and its sidecar cannot be written: name one with --sidecar DIR"
        raise
