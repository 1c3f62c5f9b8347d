"""Opens a package to add files to it: locked against other runs, and only if it has no errors.

Files added to a damaged package would confirm the damage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.attestations.layout import ROOT
from archtool.attestations.signatures.signature_check import TrustRules
from archtool.errors import InputError
from archtool.files.lock import Notify, wait_for_lock
from archtool.files.paths import shown
from archtool.files.read_once import ReadOnceSource
from archtool.operations.attest.place import why_tag_manifests_are_fixed
from archtool.operations.attest.sound_package import SoundPackage, read_sound_package
from archtool.operations.open_package.add_tag_files import add_tag_files
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.sidecar import read_sidecar
from archtool.operations.open_package.tag_manifest_update import check_extensible, extend_tag_manifests

_USE_SIDECAR = (
    "attest it in a sidecar, with a timestamp at once: archtool attest --sidecar DIR --timestamp URL"
)


@dataclass(frozen=True, slots=True)
class Lock:
    """How to wait for another run that has locked the package."""

    wait_seconds: float
    notify: Notify
    """Receives a message if another run has to be waited for."""


@dataclass(frozen=True, slots=True)
class LockedPackage:
    """A package without errors that no other run changes while it is open."""

    root: Path
    state: SoundPackage

    def check_addable(self) -> None:
        """Check that tag files can be added to the package itself.

        Raises:
            InputError: a signature or the encoding of its tag manifests prevents it.
        """
        tag_files = [path for path in self.state.layout.files if not path.startswith("data/")]
        reason = why_tag_manifests_are_fixed(tag_files)
        if reason is not None:
            raise InputError(f"nothing was added to {shown(str(self.root))}: {reason}", hint=_USE_SIDECAR)
        check_extensible(self.state.bag, _USE_SIDECAR)

    def add(self, files: Mapping[str, bytes]) -> None:
        """Add new tag files to the package, and lines for them to its tag manifests.

        Raises:
            InputError: a signature or the encoding of its tag manifests prevents it, or a tag manifest
                contradicts the files.
            StorageError: a file of that name exists, or the package cannot be written.
        """
        self.check_addable()
        texts = self.state.tag_manifests
        # links resolved: the staging folder beside the package must be on its file system
        real = self.root.resolve()
        add_tag_files(real, files, extend_tag_manifests(self.state.bag, texts, files, _USE_SIDECAR))

    def add_to_sidecar(self, sidecar: Path, files: Mapping[str, bytes]) -> None:
        """Add new files of attestations, named as in the package, to its sidecar.

        Raises:
            StorageError: a file of that name exists, or the sidecar cannot be written.
        """
        add_tag_files(sidecar, {path.removeprefix(ROOT): data for path, data in files.items()}, {})


@contextmanager
def open_locked(
    root: Path, now: datetime, lock: Lock, sidecar: Path | None = None, limits: Limits | None = None
) -> Iterator[LockedPackage]:
    """Lock a package, waiting for other runs, and check its tag files and attestations.

    Tag files, and the files of the sidecar if there is one, are compared with the tag manifests and the
    attestations. Payload files are not read; only their presence is checked.

    Raises:
        InputError: no bag, or no sidecar.
        MaterialRefusedError: the package has errors; the exception carries all findings.
        StorageError: another run has locked it for longer than `lock` allows.
    """
    with wait_for_lock(root, lock.wait_seconds, lock.notify), open_bag(root, limits) as opened:
        attestations = read_sidecar(sidecar) if sidecar is not None else None
        rules = TrustRules(None, None, now)
        source = ReadOnceSource(opened)
        yield LockedPackage(root, read_sound_package(root, source, attestations, rules, is_claim=False))


def refuse_unless_folder(root: Path) -> None:
    """Refuse a path that is not a folder: archives are never changed.

    Raises:
        InputError: not a folder.
    """
    if not root.is_dir():
        reason = (
            "is a file; files can be added only to a folder" if root.is_file() else "there is no such folder"
        )
        hint = "unpack it first: archtool unpack" if root.is_file() else "check the path"
        raise InputError(f"{shown(str(root))}: {reason}", hint=hint)
