"""Copies the attestations of a sidecar into their package, byte for byte, then removes the sidecar.

A killed run leaves both, or the package with all attestations; the next merge continues from there.
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
from archtool.operations.attest.place import (
    AttestationTarget,
    StagedAttestation,
    stage_attestation,
    why_package_is_fixed,
)
from archtool.operations.attest.sound_package import SoundPackage, read_sound_package
from archtool.operations.open_package.package_paths import SIDECAR_SUFFIX, find_sidecar, sidecar_of
from archtool.operations.open_package.sidecar import Sidecar, read_sidecar
from archtool.results import Result

RESULT_SCHEMA = "archtool/merge-sidecar/1"
_KEEP_SIDECAR = "leave the attestations in the sidecar"


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """The package to merge a sidecar into."""

    root: Path
    now: datetime
    """Aware: the time of the check."""
    sidecar: Path | None = None
    """The path of the sidecar, if it is not the default one beside the package."""
    wait_seconds: float = field(default=DEFAULT_WAIT_SECONDS)
    """How long to wait for another run that has locked one of them."""


def merge_sidecar(request: MergeRequest, notify: Notify) -> Result:
    """Add every attestation of the sidecar to the package, and remove the sidecar.

    A sidecar beside another package is kept, because that package needs it. `notify` receives a message if
    another run has to be waited for.

    Raises:
        InputError: there is no such package or sidecar, or the package is an archive.
        MaterialRefusedError: one of the two has errors, or their attestations contradict each other.
        StorageError: another run has locked one of them, or the package cannot be written.
    """
    path = _find_mergeable(request)
    # (1) lock both
    with (
        wait_for_lock(request.root, request.wait_seconds, notify),
        wait_for_lock(path, request.wait_seconds, notify),
        stage_attestation(AttestationTarget(request.root.resolve())) as stage,
    ):
        # (2) check both as one unbroken chain
        sidecar = read_sidecar(path)
        _refuse_empty(sidecar)
        before = _read_package(request, sidecar)
        # (3) add the files that the package does not have, byte for byte, (4) then the tag manifests
        known = before.chain_input.files
        added = {inside: data for inside, data in sidecar.files.items() if inside not in known}
        stage.commit(added, before.updated_tag_manifests(added, _KEEP_SIDECAR))
        # (5) check that the package has all of it before the sidecar is removed
        after = _read_package(request, None)
        _check_merged(request, sidecar, before, after)
        owner = _other_owner(request.root, path)
        if owner is None:
            _remove_sidecar(path, stage)
    return _result(request, path, added, after, owner)


def _find_mergeable(request: MergeRequest) -> Path:
    """Return the path of the sidecar.

    Raises:
        InputError: it cannot be merged, or there is none.
    """
    name = shown(str(request.root))
    if request.root.is_file():
        raise InputError(
            f"{name} is an archive, which is never changed",
            hint="unpack it with archtool unpack, then merge into the folder with --sidecar DIR",
        )
    reason = why_package_is_fixed(request.root)
    if reason is not None:
        raise InputError(f"not merged: {reason}", hint=_KEEP_SIDECAR)
    path = find_sidecar(request.root, request.sidecar)
    if path is None or not path.is_dir():
        where = shown(str(path or sidecar_of(request.root)))
        raise InputError(f"there is no sidecar to merge: {where}", hint="name its folder with --sidecar DIR")
    return path


def _read_package(request: MergeRequest, sidecar: Sidecar | None) -> SoundPackage:
    with Tree(request.root) as tree:
        rules = TrustRules(None, None, request.now)
        return read_sound_package(request.root, ReadOnceSource(tree), sidecar, rules)


def _refuse_empty(sidecar: Sidecar) -> None:
    if not sidecar.files:
        raise InputError(
            f"there is no attestation in {shown(str(sidecar.path))}", hint="remove the folder if it is empty"
        )


def _check_merged(request: MergeRequest, sidecar: Sidecar, before: SoundPackage, after: SoundPackage) -> None:
    merged = after.chain_input.files
    if after.head != before.head or any(merged.get(path) != data for path, data in sidecar.files.items()):
        raise StorageError(
            f"not all of {shown(str(sidecar.path))} is in {shown(str(request.root))}; the sidecar was kept",
            hint="another program wrote there: check both with archtool verify",
        )


def _other_owner(root: Path, sidecar: Path) -> Path | None:
    """Return the other package that a sidecar belongs to, such as the archive that this one came from."""
    owner = sidecar.with_name(sidecar.name.removesuffix(SIDECAR_SUFFIX))
    is_other = owner != sidecar and owner.exists() and not owner.samefile(root)
    return owner if is_other else None


def _remove_sidecar(path: Path, stage: StagedAttestation) -> None:
    """Remove the sidecar; everything in it is in the package."""
    try:
        stage.discard(path)
    except OSError as error:
        raise StorageError(
            f"the attestations are in the package now, but {shown(str(path))} cannot be removed: "
            f"{error.strerror or error}",
            hint="remove it yourself; it is no longer needed",
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
