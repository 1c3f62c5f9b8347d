"""Tells of the bag that the payload was taken from: what it was, and that it was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from archtool.operations.history.material import HistoryMaterial
from archtool.provenance import model as prov
from archtool.provenance.model import EntityKind, ProvEvent
from archtool.provenance.vocabulary import event_type_uri


@dataclass(frozen=True, slots=True)
class AdoptedBagFacts:
    """A bag that somebody else made."""

    name: str
    bagit_version: str
    identifiers: tuple[str, ...]
    evidence: tuple[str, ...]
    """Where its tag files are kept in the package."""


def add_adoption(t: HistoryMaterial, bag: AdoptedBagFacts, software: str, adopted_at: datetime) -> None:
    """The bag, the look at it, and that each payload file came out of it."""
    facts = {
        "identifier": list(bag.identifiers),
        "note": f"BagIt {bag.bagit_version}",
        "kept-in": bag.evidence,
    }
    entity = t.history.entity(t.history.new_id("adopted-bag"), EntityKind.ADOPTED_BAG, bag.name, facts)
    event = t.history.event(
        ProvEvent(
            t.history.new_id("validation"),
            "validation",
            f"validation: {bag.name}: each payload file is what the bag's manifests say",
            event_type_uri("validation"),
            adopted_at.astimezone(UTC).isoformat(timespec="seconds"),
            used=((entity, None),),
            agents=((software, "executing-program"),),
        )
    )
    for file_id in t.file_ids.values():
        t.history.derive(prov.Derivation(file_id, entity, "adopted", event))
