"""Where a new attestation goes, and how it gets there: into the package, or into a sidecar beside it."""

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
from archtool.files.writing.durability import NotOnDiskError, confirming, uninterrupted
from archtool.files.writing.staging import Stage, clear_leftovers, read_receipts, stage_beside
from archtool.files.writing.storage_errors import not_confirmed, storage_errors
from archtool.files.writing.tree_operations import flush, flush_folder, remove_folder
from archtool.files.writing.update_folder import add_folder, can_be_changed, is_same_file_system, replace_file
from archtool.operations.open_package.package_paths import find_sidecar, sidecar_of
from archtool.operations.open_package.sidecar import read_sidecar

_FOLDER = ROOT.rstrip("/")
_DISCARDED = "discarded"
_INSIDE = "attest"  # what a staging folder is called after that has to lie in the package itself
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class AttestationTarget:
    """The package, and the sidecar if the attestation goes there."""

    root: Path
    """The package, no link on the way to it."""
    sidecar: Path | None = None
    why: str | None = None
    """Why it goes beside the package, where nobody asked for that."""


def choose_target(root: Path, asked: Path | None) -> AttestationTarget:
    """Find where the next attestation of a package belongs.

    Beside it, where somebody asked for that; where the package is one file; where the chain goes on in a
    sidecar already; where somebody else's signature stands for a tag manifest, which must not change then;
    and where the package cannot be changed. Into it everywhere else.
    """
    real = root.resolve()
    if asked is not None:
        return AttestationTarget(real, asked)
    beside = find_sidecar(root)
    default = sidecar_of(root)
    if not real.is_dir():
        return AttestationTarget(real, default, "an archive is never changed")
    if beside is not None and read_sidecar(beside).files:
        return AttestationTarget(real, beside, "the chain goes on there already")
    signed = foreign_word_for(real)
    if signed is not None:
        return AttestationTarget(real, default, signed)
    folder = real / _FOLDER
    if not can_be_changed(real) or (folder.is_dir() and not can_be_changed(folder)):
        return AttestationTarget(real, default, "the package cannot be changed where it is")
    return AttestationTarget(real)


def foreign_word_for(root: Path) -> str | None:
    """Why the tag manifests of a package must stay as they are: a signature in another format."""
    return foreign_word(_tag_files(root))


def foreign_word(paths: Collection[str]) -> str | None:
    """The same, where the paths of its tag files are known."""
    for manifest, signature in signed_tag_manifests(paths).items():
        return f"{shown(signature)} stands for {manifest} as it is, and would not hold any more"
    return None


def _tag_files(root: Path) -> set[str]:
    paths: set[str] = set()
    for folder, names, files in os.walk(root):
        if folder == str(root) and "data" in names:
            names.remove("data")
        inside = Path(folder).relative_to(root)
        paths.update((inside / name).as_posix() for name in files)
    return paths


class Staged:
    """Files in the making, and the one way for them to get their names."""

    def __init__(self, place: AttestationTarget, stage: Stage) -> None:
        self._place = place
        self._stage = stage
        self._path = stage.path

    def commit(self, attested: Files, manifests: Files, receipt: str = "") -> None:
        """Write everything, flush it, then let it appear: attestations first, tag manifests last.

        `attested` are whole folders below `attestations/`, `manifests` are at the package's root. From the
        `receipt` the next run learns what this one put in place, if it does not come to its end.

        Raises:
            StorageError: it cannot be written; what is there is valid all the same.
        """
        with storage_errors(self._target):
            for path, data in {**attested, **manifests}.items():
                made = self._path / path
                made.parent.mkdir(parents=True, exist_ok=True)
                made.write_bytes(data)
            if receipt:
                self._stage.write_receipt(receipt)
            flush_folder(self._path)
        names = sorted({path.split("/")[1] for path in attested})
        # an interrupt comes before the first of these renames, or after the last
        with uninterrupted():
            self._add(names)
            try:
                for name in sorted(manifests):
                    replace_file(self._path / name, self._place.root, name)
            except OSError as error:
                raise _not_finished(self._place, names, error) from error

    def confirm(self, folder: str) -> None:
        """Have an attestation on the disk that an earlier run put in place.

        Raises:
            StorageError: the disk refuses; the attestation is there all the same.
        """
        above = self._place.sidecar or self._place.root / _FOLDER
        with storage_errors(self._target), confirming(folder):
            flush_folder(above / folder)
            flush(above)
            flush(self._target)

    def discard(self, folder: Path) -> None:
        """Take a folder away with one rename, or bit by bit where it lies on another file system.

        Raises:
            OSError: the system refuses.
        """
        try:
            folder.rename(self._path / _DISCARDED)
        except OSError as error:
            remove_folder(folder)
            if folder.exists():
                raise error from None
        flush(folder.parent)

    @property
    def _target(self) -> Path:
        return self._place.sidecar or self._place.root

    def _add(self, names: list[str]) -> None:
        """Give the new folders their names; the folder that holds them all comes with the first."""
        root, above = self._place.root, _FOLDER
        if self._place.sidecar is not None:
            root, above = self._place.sidecar.parent, self._place.sidecar.name
        made = self._path / _FOLDER
        try:
            if names and not (root / above).is_dir():
                add_folder(made, root, "", above)
                return
            for name in names:
                add_folder(made / name, root, above, name)
        except NotOnDiskError as error:
            raise not_confirmed(root / above / error.name, error) from error
        except FileExistsError as error:
            self._stage.drop_receipt()
            raise StorageError(
                f"{shown(str(error.filename))} appeared in {shown(str(root / above))} meanwhile",
                hint="another program wrote there: look at it with archtool verify, then run this again",
            ) from error
        except OSError as error:
            self._stage.drop_receipt()
            raise _cannot_add(root / above, error) from error


def _not_finished(place: AttestationTarget, names: Sequence[str], error: OSError) -> StorageError:
    """The error for an attestation that is there, and that a tag manifest may not list yet."""
    if isinstance(error, NotOnDiskError):
        return not_confirmed(place.root / _FOLDER / names[-1] if names else place.root / error.name, error)
    what = f"{shown(names[-1])} is in place" if names else "nothing was added"
    return StorageError(
        f"{what} in {shown(str(place.root))}, and a tag manifest that lists it cannot be written: "
        f"{error.strerror or error}",
        hint="check the disk, then run the same command again: it finishes what is there",
    )


def _leftover_target(place: AttestationTarget) -> tuple[Path, Path]:
    """Where the staging folders of earlier runs may lie: beside the package or sidecar, or in it."""
    target = place.sidecar or place.root
    return target, target / _INSIDE


def receipts_at(place: AttestationTarget) -> frozenset[str]:
    """What earlier runs put in place here that did not come to their end."""
    return frozenset[str]().union(*map(read_receipts, _leftover_target(place)))


def _cannot_add(where: Path, error: OSError) -> StorageError:
    return StorageError(
        f"cannot write {shown(str(where))}: {error.strerror or error}",
        hint="check the space and the permissions there; the package is as valid as it was",
    )


@contextlib.contextmanager
def staged_for(place: AttestationTarget) -> Iterator[Staged]:
    """Make the staging folder and clear away what killed runs left; it is gone afterwards.

    It lies beside the package, or beside the sidecar. Only where nothing can be written there, or another
    file system begins there, it lies inside.

    Raises:
        StorageError: nothing can be written in either place.
    """
    target = place.sidecar or place.root
    if place.sidecar is None:
        clear_leftovers(target / _INSIDE)
    is_outside = can_be_changed(target.parent) or not target.is_dir()
    if is_outside and target.is_dir():
        is_outside = is_same_file_system(target.parent, target)
    with _hinting(place), stage_beside(target if is_outside else target / _INSIDE) as stage:
        yield Staged(place, stage)


@contextlib.contextmanager
def _hinting(place: AttestationTarget) -> Iterator[None]:
    """Where the place beside the package was nobody's wish, name the option that names another one."""
    try:
        yield
    except StorageError as error:
        if place.why is not None and error.hint is not None and "--sidecar" not in error.hint:
            error.hint = f"{place.why}, and it cannot be written beside it: name a place with --sidecar DIR"
        raise
