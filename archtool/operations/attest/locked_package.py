"""Opens a package that files are added to: locked against other runs, and only if everything in it holds.

Adding to a damaged package would vouch for the damage.
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
from archtool.operations.attest.place import foreign_word
from archtool.operations.attest.sound_package import SoundPackage, check_sound_package
from archtool.operations.open_package.add_tag_files import add_tag_files
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.sidecar import read_sidecar
from archtool.operations.open_package.tag_manifest_update import check_extensible, extend_tag_manifests

_BESIDE = (
    "attest it beside the package, with a timestamp at once: archtool attest --sidecar DIR --timestamp URL"
)


@dataclass(frozen=True, slots=True)
class Lock:
    """How to wait for another run that holds the package."""

    wait_seconds: float
    say: Notify
    """Receives the sentence that says what is waited for."""


@dataclass(frozen=True, slots=True)
class LockedPackage:
    """A package that holds, and that no other run changes while it is open."""

    root: Path
    standing: SoundPackage

    def check_addable(self) -> None:
        """Make sure that tag files can be added to the package itself.

        Raises:
            InputError: a signature or the encoding of its tag manifests stands against it.
        """
        signed = foreign_word([path for path in self.standing.layout.files if not path.startswith("data/")])
        if signed is not None:
            raise InputError(f"nothing was added to {shown(str(self.root))}: {signed}", hint=_BESIDE)
        check_extensible(self.standing.bag, _BESIDE)

    def add(self, files: Mapping[str, bytes]) -> None:
        """Put new tag files into the package, and lines for them into its tag manifests.

        Raises:
            InputError: see `check_addable`; or a tag manifest contradicts the files.
            StorageError: another file of that name is there, or the disk refuses.
        """
        self.check_addable()
        texts = self.standing.tag_manifests
        # through no link: what is staged beside the package must lie on its file system
        real = self.root.resolve()
        add_tag_files(real, files, extend_tag_manifests(self.standing.bag, texts, files, _BESIDE))

    def add_beside(self, sidecar: Path, files: Mapping[str, bytes]) -> None:
        """Put new files of attestations, named as in the package, into its sidecar.

        Raises:
            StorageError: another file of that name is there, or the disk refuses.
        """
        add_tag_files(sidecar, {path.removeprefix(ROOT): data for path, data in files.items()}, {})


@contextmanager
def open_locked(
    root: Path, now: datetime, lock: Lock, sidecar: Path | None = None, limits: Limits | None = None
) -> Iterator[LockedPackage]:
    """Lock a package and read what it says of itself; other runs that hold it are waited for.

    Its tag files, and what lies in the sidecar if there is one, are checked against its tag manifests and
    attestations. The payload is not read, only that every file of it is there is checked.

    Raises:
        InputError: no bag, or no sidecar.
        MaterialRefusedError: something is wrong with it; the error carries all findings.
        StorageError: another run held it for longer than `lock` allows.
    """
    with wait_for_lock(root, lock.wait_seconds, lock.say), open_bag(root, limits) as opened:
        beside = read_sidecar(sidecar) if sidecar is not None else None
        rules = TrustRules(None, None, now)
        source = ReadOnceSource(opened)
        standing = check_sound_package(root, source, beside, rules, is_claim=False)
        yield LockedPackage(root, standing)


def refuse_unless_folder(root: Path) -> None:
    """Refuse archives, which are never changed.

    Raises:
        InputError: no folder.
    """
    if not root.is_dir():
        what = "a file: only a folder can be added to" if root.is_file() else "there is no such folder"
        hint = "unpack it first: archtool unpack" if root.is_file() else "check the path"
        raise InputError(f"{shown(str(root))}: {what}", hint=hint)
