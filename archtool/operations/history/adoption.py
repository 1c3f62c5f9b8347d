"""Adds to the history the bag that the payload was taken from, and its validation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from archtool.operations.history.material import HistoryMaterial
from archtool.provenance import model as prov
from archtool.provenance.model import EntityKind, ProvEvent
from archtool.provenance.vocabulary import event_type_uri


@dataclass(frozen=True, slots=True)
class AdoptedBagFacts:
    """A bag of another maker whose payload the package contains."""

    name: str
    bagit_version: str
    identifiers: tuple[str, ...]
    evidence: tuple[str, ...]
    """The paths of its tag files in the package."""


def add_adoption(
    material: HistoryMaterial, bag: AdoptedBagFacts, software: str, adopted_at: datetime
) -> None:
    """Add the bag, its validation, and the derivation of each payload file from it."""
    facts = {
        "identifier": list(bag.identifiers),
        "note": f"BagIt {bag.bagit_version}",
        "kept-in": bag.evidence,
    }
    entity = material.builder.entity(
        material.builder.new_id("adopted-bag"), EntityKind.ADOPTED_BAG, bag.name, facts
    )
    event = material.builder.event(
        ProvEvent(
            material.builder.new_id("validation"),
            "validation",
            f"validation: {bag.name}: each payload file is what the bag's manifests say",
            event_type_uri("validation"),
            adopted_at.astimezone(UTC).isoformat(timespec="seconds"),
            used=((entity, None),),
            agents=((software, "executing-program"),),
        )
    )
    for file_id in material.file_ids.values():
        material.builder.derive(prov.Derivation(file_id, entity, "adopted", event))
