"""Adds to the history the package that the new one replaces."""

from __future__ import annotations

from dataclasses import dataclass

from archtool.files.hashing.digests import Digest
from archtool.operations.history.material import HistoryMaterial
from archtool.provenance import model as prov
from archtool.provenance.model import EntityKind


@dataclass(frozen=True, slots=True)
class ReplacedPackage:
    """A package that is kept beside the new one that replaces it."""

    name: str
    """The name of its folder or archive, beside the new package."""
    manifests: tuple[tuple[str, Digest], ...]
    """Its payload manifests, each with its SHA-512."""
    head: str | None
    """Its newest attestation, if it has one."""
    sidecar: str | None = None
    """The name of its sidecar, if it has one."""


def add_replacement(material: HistoryMaterial, old: ReplacedPackage, packaging: str) -> None:
    """Add the old package, its identifying digests, and the replacement by the new package.

    The file name may change later; the digests of the manifests identify the package without it.
    """
    facts = {
        "manifest-digest": [f"{name} {digest}" for name, digest in old.manifests],
        "attestation-head": old.head,
    }
    entity = material.builder.entity(
        material.builder.new_id("predecessor"), EntityKind.PREDECESSOR, old.name, facts
    )
    material.builder.derive(prov.Derivation(material.package_id, entity, "replacement", packaging))
