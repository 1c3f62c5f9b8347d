"""Records in the history which package the new one replaces."""

from __future__ import annotations

from dataclasses import dataclass

from archtool.files.hashing.digests import Digest
from archtool.operations.history.material import HistoryMaterial
from archtool.provenance import model as prov
from archtool.provenance.model import EntityKind


@dataclass(frozen=True, slots=True)
class ReplacedPackage:
    """A package that was kept when a new one took its place."""

    name: str
    """The name of its folder or archive, beside the new package."""
    manifests: tuple[tuple[str, Digest], ...]
    """Its payload manifests, each with its SHA-512."""
    head: str | None
    """Its newest attestation, if it has one."""
    sidecar: str | None = None
    """The name of its sidecar, if it has one."""


def record_replacement(t: HistoryMaterial, old: ReplacedPackage, packaging: str) -> None:
    """Record the old package, what identifies it, and that the new one was made instead of it.

    The file name may change later; the digests of the manifests identify the package without it.
    """
    facts = {
        "manifest-digest": [f"{name} {digest}" for name, digest in old.manifests],
        "attestation-head": old.head,
    }
    entity = t.history.entity(t.history.new_id("predecessor"), EntityKind.PREDECESSOR, old.name, facts)
    t.history.derive(prov.Derivation(t.package, entity, "replacement", packaging))
