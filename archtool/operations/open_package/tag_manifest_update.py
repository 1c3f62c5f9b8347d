"""Adds lines for new tag files to the tag manifests of a bag; every older line keeps its bytes.

Every command that adds tag files to a bag uses this module: `attest`, `attest --merge-sidecar`, `timestamp`
and `renew`. No digest of an older file is computed anew, so a damaged file stays visible as damaged.

A tag manifest of an unknown algorithm is left unchanged: the bag is valid without the new lines.

Source: RFC 8493 §2.2.1.
"""

from __future__ import annotations

from collections.abc import Mapping

from archtool.bagit.model import Bag, Manifest
from archtool.bagit.tag_files.tag_manifests import add_to_tag_manifest, is_ascii_compatible
from archtool.errors import InputError
from archtool.files.hashing.digests import Digest, digest_bytes

Files = Mapping[str, bytes]
"""Paths in the bag → bytes."""


def check_extensible(bag: Bag, hint: str) -> None:
    """Make sure that lines can be added to the tag manifests of a bag.

    Raises:
        InputError: in their encoding the existing lines would have to be rewritten.
    """
    encoding = bag.declaration.encoding
    if computable_tag_manifests(bag) and not is_ascii_compatible(encoding):
        name = computable_tag_manifests(bag)[0].name
        raise InputError(f"lines cannot be added to {name}: the bag's tag files are in {encoding}", hint=hint)


def computable_tag_manifests(bag: Bag) -> list[Manifest]:
    """Return the tag manifests whose algorithm is known."""
    return [manifest for manifest in bag.tag_manifests if manifest.algorithm is not None]


def extend_tag_manifests(bag: Bag, texts: Files, files: Files, hint: str) -> dict[str, bytes]:
    """Return each tag manifest that must change, by name, with a line added for each file it does not list.

    `texts` are the bytes of the tag manifests, by name; `hint` is the advice if lines cannot be added.

    Raises:
        InputError: lines cannot be added, or a tag manifest lists one of the files with another digest.
    """
    extended = {}
    for manifest in computable_tag_manifests(bag):
        missing = _unlisted(manifest, files)
        if missing:
            check_extensible(bag, hint)
            extended[manifest.name] = add_to_tag_manifest(texts[manifest.name], missing)
    return extended


def _unlisted(manifest: Manifest, files: Files) -> dict[str, Digest]:
    """Return the digests of the files that a tag manifest does not list."""
    assert manifest.algorithm is not None  # noqa: S101 - see `computable_tag_manifests`
    listed = {str(path): entry.hex for path, entry in manifest.by_path().items()}
    missing = {}
    for path, data in files.items():
        digest = digest_bytes(manifest.algorithm, data)
        if path not in listed:
            missing[path] = digest
        elif listed[path] != digest.hex:
            raise InputError(
                f"{manifest.name} lists {path} with another digest than that of the file to be added",
                hint="list every problem with: archtool verify",
            )
    return missing
