"""Tells of the documents themselves: the original, who is held to have made it, who had it, its annexes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from archtool.description.model import Annexe, AnnexeStatus, Attribution, Creator
from archtool.operations.history.material import HistoryMaterial, ids_of
from archtool.provenance import model as prov
from archtool.provenance.builder import stated_facts
from archtool.provenance.ids import readable_id
from archtool.provenance.model import EntityKind, ProvEvent
from archtool.provenance.vocabulary import event_type_uri


def add_original(t: HistoryMaterial) -> None:
    """The document as it first existed, and who is held to have made it."""
    d, original = t.description, t.description.original
    facts: dict[str, Any] = {
        "title": d.title,
        "title-status": d.title_status,
        "genre": d.genre,
        "date": d.date,
        "place": d.place,
        "abstract": d.abstract,
        "addressee": t.agents(d.addressees),
    }
    if original:
        facts |= {
            "language": original.language,
            "signed": original.signed,
            "medium": original.medium,
            "held-by": [t.agent(original.held_by)] if original.held_by else None,
            "shelfmark": original.shelfmark,
            "note": original.note,
        }
    t.history.entity(t.document, EntityKind.ORIGINAL, d.title, facts)
    _tell_making(t, _creation(t.document, "creation", d.title, d.date, d.place), d.creators)


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


def _tell_making(t: HistoryMaterial, creation: ProvEvent, creators: Sequence[Creator]) -> None:
    """The creation of a document, if anything is stated of it, and who is held to have made it."""
    if creation.date or creation.facts or any(not _is_rejected(creator) for creator in creators):
        t.history.event(replace(creation, id=t.history.new_id(creation.id)))
    for creator in creators:
        _tell_attribution(t, creation.generated[0], creator)


def _is_rejected(creator: Creator) -> bool:
    return creator.attribution is not None and creator.attribution.status == "rejected"


def _tell_attribution(t: HistoryMaterial, entity: str, creator: Creator) -> None:
    """A creator whom nobody argues about is stated; an argued claim is an entity with its evidence."""
    agent, role = t.agent(creator.agent), creator.role
    argued = creator.attribution
    if argued is None:
        t.history.attribute(prov.ProvAttribution(entity, agent, role, "stated"))
        return
    claim = t.history.new_id("attribution" if entity == t.document else f"attribution-of-{entity}")
    by = t.agent(argued.by) if argued.by else None
    basis, in_words = t.known(argued.basis), t.unknown(argued.basis)
    label = f"{argued.status}: {creator.agent.name} ({role})"
    facts = _claim_facts(entity, agent, role, argued) | {"basis-in-words": in_words}
    t.history.entity(claim, EntityKind.ATTRIBUTION, label, facts)
    for evidence in basis:
        t.history.derive(prov.Derivation(claim, evidence, "evidence"))
    if by:
        t.history.attribute(prov.ProvAttribution(claim, by, "attributor", "stated"))
    t.history.attribute(
        prov.ProvAttribution(
            entity,
            agent,
            role,
            argued.status,
            claim,
            argued.evidence,
            argued.certainty,
            basis,
            in_words,
            by,
            argued.note,
        )
    )


def _claim_facts(entity: str, agent: str, role: str, argued: Attribution) -> dict[str, Any]:
    return {
        "of": entity,
        "agent": agent,
        "role": role,
        "status": argued.status,
        "evidence-kind": argued.evidence,
        "certainty": argued.certainty,
        "note": argued.note,
    }


def add_custody(t: HistoryMaterial) -> None:
    """What happened to the document on its way here."""
    for event in t.description.custody:
        stated = ((event.by, "performer"), (event.to, "holder-afterwards"))
        agents = tuple((t.agent(agent), role) for agent, role in stated if agent)
        facts = {
            "place": event.place,
            "evidence": t.known(event.evidence),
            "evidence-in-words": t.unknown(event.evidence),
            "note": event.note,
        }
        t.history.event(
            ProvEvent(
                t.history.new_id(f"custody-{readable_id(event.event, 'event')}"),
                event.event,
                event.label,
                event_type_uri(event.event),
                event.date,
                used=((t.document, None),),
                agents=agents,
                facts=stated_facts(facts),
            )
        )


def add_annexes(t: HistoryMaterial) -> None:
    """The inventory with every annexe, and every enclosure below the annexe that holds it."""
    if not t.description.annexes:
        return
    inventory = t.history.new_id("annexe-inventory")
    t.history.entity(inventory, EntityKind.INVENTORY, "annexe inventory", {"of": t.document})
    for place, annexe in t.description.all_annexes():
        _tell_annexe(t, place, annexe)
        parent = inventory if len(place) == 1 else t.annexe_ids[place[:-1]]
        t.history.belong(parent, t.annexe_ids[place])


def _tell_annexe(t: HistoryMaterial, place: tuple[int, ...], annexe: Annexe) -> None:
    entity = t.annexe_ids[place]
    word = ids_of(annexe.according_to)
    facts = {
        "title": annexe.title,
        "status": annexe.status.value,
        "number": annexe.number,
        "date": annexe.date,
        "language": annexe.language,
        "addressee": t.agents(annexe.addressees),
        "according-to-record": t.known(word),
        "according-to": t.unknown(word),
        "enclosures-stated": annexe.enclosures_stated,
        "note": annexe.note,
    }
    kind = EntityKind.ANNEXE if len(place) == 1 else EntityKind.ENCLOSURE
    t.history.entity(entity, kind, annexe.title, facts)
    creation = _creation(entity, f"creation-of-{entity}", annexe.title, annexe.date)
    _tell_making(t, creation, annexe.creators)
    if annexe.status is AnnexeStatus.THIS_DOCUMENT:
        t.history.specialise(entity, t.document)
