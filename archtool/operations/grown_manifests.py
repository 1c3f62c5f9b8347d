"""Tag manifests that list new attestations too; what they list already stays as it is, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping

from archtool.bag.manifests import manifest_name
from archtool.bag.model import Manifest
from archtool.bag.tag_manifests import (
    add_to_tag_manifest,
    is_ascii_compatible,
    may_get_tag_manifest,
    new_tag_manifest,
)
from archtool.errors import InputError
from archtool.fixity.digests import Algorithm, Digest, digest_bytes
from archtool.operations.attest_look import Standing
from archtool.trust.layout import Folder

_BESIDE = "put the attestation beside the package, with --sidecar DIR"
Files = Mapping[str, bytes]


def grow_tag_manifests(standing: Standing, added: Files) -> dict[str, bytes]:
    """Every tag manifest that must change, by name; `added` are new files below `attestations/`.

    What an interrupted run left unlisted is taken in too. A bag without a tag manifest gets one where that
    harms nobody; a tag manifest whose digests cannot be computed here stays as it is.

    Raises:
        InputError: a tag manifest cannot be changed without rewriting what others wrote.
    """
    attested = {**standing.evidence.files, **added}
    if may_get_tag_manifest(standing.bag):
        return _first_tag_manifest(standing, attested)
    grown = {}
    for manifest in standing.bag.tag_manifests:
        if manifest.name in standing.tag_manifests and manifest.algorithm is not None:
            listed = _listed(manifest)
            missing = {path: data for path, data in attested.items() if path not in listed}
            if missing:
                _refuse_unfit(standing, manifest)
                old = standing.tag_manifests[manifest.name]
                grown[manifest.name] = add_to_tag_manifest(old, _digests(missing, manifest.algorithm))
    return grown


def unlisted_folders(standing: Standing) -> list[Folder]:
    """Attestations in the package that a tag manifest does not list yet: a run was interrupted."""
    own = [folder for folder in standing.folders if not folder.paths.isdisjoint(standing.evidence.files)]
    if may_get_tag_manifest(standing.bag):
        return own
    known = [m for m in standing.bag.tag_manifests if m.algorithm is not None]
    listed = [_listed(manifest) for manifest in known]
    return [folder for folder in own if any(not folder.paths <= paths for paths in listed)]


def _first_tag_manifest(standing: Standing, attested: Files) -> dict[str, bytes]:
    own = {path: digest for path, digest in standing.covered.items() if path not in standing.evidence.beside}
    algorithm, data = new_tag_manifest({**own, **_digests(attested, Algorithm.SHA512)})
    return {manifest_name(algorithm, tag=True): data}


def _listed(manifest: Manifest) -> set[str]:
    return {str(entry.path) for entry in manifest.entries}


def _digests(files: Files, algorithm: Algorithm) -> dict[str, Digest]:
    return {path: digest_bytes(algorithm, data) for path, data in files.items()}


def _refuse_unfit(standing: Standing, manifest: Manifest) -> None:
    encoding = standing.bag.declaration.encoding
    if not is_ascii_compatible(encoding):
        raise InputError(
            f"lines cannot be added to {manifest.name}: the bag's tag files are in {encoding}", hint=_BESIDE
        )
