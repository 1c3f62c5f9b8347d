"""Puts the attestations of a sidecar into their package, byte for byte; the sidecar goes only afterwards.

A killed run leaves both, or the package with all of it: the next merge goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.attestations.signatures.signature_check import TrustRules
from archtool.errors import InputError, StorageError
from archtool.files.lock import DEFAULT_WAIT_SECONDS, Notify, wait_for_lock
from archtool.files.paths import shown
from archtool.files.read_once import ReadOnceSource
from archtool.files.tree import Tree
from archtool.findings import in_reading_order
from archtool.operations.attest.place import AttestationTarget, Staged, foreign_word_for, staged_for
from archtool.operations.attest.sound_package import SoundPackage, check_sound_package
from archtool.operations.open_package.package_paths import SIDECAR_SUFFIX, find_sidecar, sidecar_of
from archtool.operations.open_package.sidecar import Sidecar, read_sidecar
from archtool.results import Result

RESULT_SCHEMA = "archtool/merge-sidecar/1"
_BESIDE = "leave the attestations beside the package"


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """Which package takes its sidecar in."""

    root: Path
    now: datetime
    """Aware: the moment of looking."""
    sidecar: Path | None = None
    """Where it lies, if not beside the package."""
    wait_seconds: float = field(default=DEFAULT_WAIT_SECONDS)


def merge_sidecar(request: MergeRequest, say: Notify) -> Result:
    """Take every attestation of the sidecar into the package, and the sidecar away.

    It stays where it lies beside another package, which needs it still.

    Raises:
        InputError: there is no such package or sidecar, or the package is an archive.
        MaterialRefusedError: one of the two is not as it must be, or they have grown apart.
        StorageError: another run holds one of them, or it cannot be written.
    """
    path = _refuse_what_cannot_be(request)
    # (1) one at a time, in both places
    with (
        wait_for_lock(request.root, request.wait_seconds, say),
        wait_for_lock(path, request.wait_seconds, say),
        staged_for(AttestationTarget(request.root.resolve())) as stage,
    ):
        # (2) both, as one chain: unbroken, and not grown apart
        sidecar = read_sidecar(path)
        _refuse_empty(sidecar)
        before = _look(request, sidecar)
        # (3) what the package has not got yet, byte for byte; (4) then the tag manifests that list it
        added = {
            inside: data for inside, data in sidecar.files.items() if inside not in before.evidence.files
        }
        stage.commit(added, before.with_listed(added, _BESIDE))
        # (5) all of it is seen in the package before the sidecar goes
        after = _look(request, None)
        _check_all_is_there(request, sidecar, before, after)
        owner = _other_owner(request.root, path)
        if owner is None:
            _take_away(path, stage)
    return _result(request, path, added, after, owner)


def _refuse_what_cannot_be(request: MergeRequest) -> Path:
    name = shown(str(request.root))
    if request.root.is_file():
        raise InputError(
            f"{name} is an archive, which is never changed",
            hint="unpack it with archtool unpack, then merge into the folder with --sidecar DIR",
        )
    signed = foreign_word_for(request.root)
    if signed is not None:
        raise InputError(f"not merged: {signed}", hint=_BESIDE)
    path = find_sidecar(request.root, request.sidecar)
    if path is None or not path.is_dir():
        where = shown(str(path or sidecar_of(request.root)))
        raise InputError(f"there is no sidecar to merge: {where}", hint="name its folder with --sidecar DIR")
    return path


def _look(request: MergeRequest, sidecar: Sidecar | None) -> SoundPackage:
    with Tree(request.root) as tree:
        rules = TrustRules(None, None, request.now)
        return check_sound_package(request.root, ReadOnceSource(tree), sidecar, rules)


def _refuse_empty(sidecar: Sidecar) -> None:
    if not sidecar.files:
        raise InputError(
            f"there is no attestation in {shown(str(sidecar.path))}", hint="remove the folder if it is empty"
        )


def _check_all_is_there(
    request: MergeRequest, sidecar: Sidecar, before: SoundPackage, after: SoundPackage
) -> None:
    inside = after.evidence.files
    if after.head != before.head or any(inside.get(path) != data for path, data in sidecar.files.items()):
        raise StorageError(
            f"not all of {shown(str(sidecar.path))} is in {shown(str(request.root))}: it was left as it is",
            hint="another program wrote there: look at both with archtool verify",
        )


def _other_owner(root: Path, sidecar: Path) -> Path | None:
    """What a sidecar lies beside, if that is another package: the archive that this one came from."""
    beside = sidecar.with_name(sidecar.name.removesuffix(SIDECAR_SUFFIX))
    is_other = beside != sidecar and beside.exists() and not beside.samefile(root)
    return beside if is_other else None


def _take_away(path: Path, stage: Staged) -> None:
    """Let the sidecar go, now that nothing in it is needed."""
    try:
        stage.discard(path)
    except OSError as error:
        raise StorageError(
            f"the attestations are in the package now, but {shown(str(path))} cannot be removed: "
            f"{error.strerror or error}",
            hint="remove it yourself; nothing in it is needed any more",
        ) from error


def _result(
    request: MergeRequest, path: Path, added: dict[str, bytes], after: SoundPackage, owner: Path | None
) -> Result:
    facts: dict[str, Any] = {
        "package": str(request.root),
        "sidecar": str(path),
        "merged": sorted({inside.split("/")[1] for inside in added}),
        "kept_for": str(owner) if owner is not None else None,
        "head": str(after.head) if after.head is not None else None,
    }
    return Result(RESULT_SCHEMA, str(request.root), in_reading_order(after.findings), {}, facts)
