"""Adds to the history the original document, its creators, its custody and its annexes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from archtool.description.model import Annexe, AnnexeStatus, Attribution, Creator
from archtool.operations.history.material import HistoryMaterial, as_tuple
from archtool.provenance import model as prov
from archtool.provenance.builder import stated_facts
from archtool.provenance.ids import readable_id
from archtool.provenance.model import EntityKind, ProvEvent
from archtool.provenance.vocabulary import event_type_uri


def add_original(material: HistoryMaterial) -> None:
    """Add the document as it first existed, and its creators."""
    description, original = material.description, material.description.original
    facts: dict[str, Any] = {
        "title": description.title,
        "title-status": description.title_status,
        "genre": description.genre,
        "date": description.date,
        "place": description.place,
        "abstract": description.abstract,
        "addressee": material.agent_ids(description.addressees),
    }
    if original:
        facts |= {
            "language": original.language,
            "signed": original.signed,
            "medium": original.medium,
            "held-by": [material.agent_id(original.held_by)] if original.held_by else None,
            "shelfmark": original.shelfmark,
            "note": original.note,
        }
    material.builder.entity(material.document_id, EntityKind.ORIGINAL, description.title, facts)
    _add_making(
        material,
        _creation(material.document_id, "creation", description.title, description.date, description.place),
        description.creators,
    )


def _creation(
    entity: str, wanted_id: str, title: str, date: str | None, place: str | None = None
) -> ProvEvent:
    return ProvEvent(
        wanted_id,
        "creation",
        f"creation: {title}",
        event_type_uri("creation"),
        date,
        generated=(entity,),
        facts=stated_facts({"place": place}),
    )


def _add_making(material: HistoryMaterial, creation: ProvEvent, creators: Sequence[Creator]) -> None:
    """Add the creation of a document, if anything is stated about it, and its creators."""
    if creation.date or creation.facts or any(not _is_rejected(creator) for creator in creators):
        material.builder.event(replace(creation, id=material.builder.new_id(creation.id)))
    for creator in creators:
        _add_attribution(material, creation.generated[0], creator)


def _is_rejected(creator: Creator) -> bool:
    return creator.attribution is not None and creator.attribution.status == "rejected"


def _add_attribution(material: HistoryMaterial, entity: str, creator: Creator) -> None:
    """Add a creator: as stated, or as a claim with its evidence if the description argues for it."""
    agent, role = material.agent_id(creator.agent), creator.role
    attribution = creator.attribution
    if attribution is None:
        material.builder.attribute(prov.ProvAttribution(entity, agent, role, "stated"))
        return
    claim = material.builder.new_id(
        "attribution" if entity == material.document_id else f"attribution-of-{entity}"
    )
    by = material.agent_id(attribution.by) if attribution.by else None
    basis, in_words = material.known_ids(attribution.basis), material.unknown_ids(attribution.basis)
    label = f"{attribution.status}: {creator.agent.name} ({role})"
    facts = _claim_facts(entity, agent, role, attribution) | {"basis-in-words": in_words}
    material.builder.entity(claim, EntityKind.ATTRIBUTION, label, facts)
    for evidence in basis:
        material.builder.derive(prov.Derivation(claim, evidence, "evidence"))
    if by:
        material.builder.attribute(prov.ProvAttribution(claim, by, "attributor", "stated"))
    material.builder.attribute(
        prov.ProvAttribution(
            entity,
            agent,
            role,
            attribution.status,
            claim,
            attribution.evidence,
            attribution.certainty,
            basis,
            in_words,
            by,
            attribution.note,
        )
    )


def _claim_facts(entity: str, agent: str, role: str, attribution: Attribution) -> dict[str, Any]:
    return {
        "of": entity,
        "agent": agent,
        "role": role,
        "status": attribution.status,
        "evidence-kind": attribution.evidence,
        "certainty": attribution.certainty,
        "note": attribution.note,
    }


def add_custody(material: HistoryMaterial) -> None:
    """Add the events of the document's custody."""
    for event in material.description.custody:
        stated = ((event.by, "performer"), (event.to, "holder-afterwards"))
        agents = tuple((material.agent_id(agent), role) for agent, role in stated if agent)
        facts = {
            "place": event.place,
            "evidence": material.known_ids(event.evidence),
            "evidence-in-words": material.unknown_ids(event.evidence),
            "note": event.note,
        }
        material.builder.event(
            ProvEvent(
                material.builder.new_id(f"custody-{readable_id(event.event, 'event')}"),
                event.event,
                event.label,
                event_type_uri(event.event),
                event.date,
                used=((material.document_id, None),),
                agents=agents,
                facts=stated_facts(facts),
            )
        )


def add_annexes(material: HistoryMaterial) -> None:
    """Add the inventory with every annexe, and each enclosure as a part of its annexe."""
    if not material.description.annexes:
        return
    inventory = material.builder.new_id("annexe-inventory")
    material.builder.entity(inventory, EntityKind.INVENTORY, "annexe inventory", {"of": material.document_id})
    for place, annexe in material.description.all_annexes():
        _add_annexe(material, place, annexe)
        parent = inventory if len(place) == 1 else material.annexe_ids[place[:-1]]
        material.builder.add_member(parent, material.annexe_ids[place])


def _add_annexe(material: HistoryMaterial, place: tuple[int, ...], annexe: Annexe) -> None:
    entity = material.annexe_ids[place]
    record = as_tuple(annexe.according_to)
    facts = {
        "title": annexe.title,
        "status": annexe.status.value,
        "number": annexe.number,
        "date": annexe.date,
        "language": annexe.language,
        "addressee": material.agent_ids(annexe.addressees),
        "according-to-record": material.known_ids(record),
        "according-to": material.unknown_ids(record),
        "enclosures-stated": annexe.enclosures_stated,
        "note": annexe.note,
    }
    kind = EntityKind.ANNEXE if len(place) == 1 else EntityKind.ENCLOSURE
    material.builder.entity(entity, kind, annexe.title, facts)
    creation = _creation(entity, f"creation-of-{entity}", annexe.title, annexe.date)
    _add_making(material, creation, annexe.creators)
    if annexe.status is AnnexeStatus.THIS_DOCUMENT:
        material.builder.specialise(entity, material.document_id)
