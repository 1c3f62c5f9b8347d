"""Adds to the history the source that the text was copied from, and its translation.

If the description does not state their order, the history does not either.
"""

from __future__ import annotations

from typing import Any

from archtool.operations.history.material import HistoryMaterial
from archtool.provenance import model as prov
from archtool.provenance.builder import stated_facts
from archtool.provenance.edition import edition_facts, edition_label, is_publication, issued_edtf
from archtool.provenance.model import EntityKind, ProvEvent


def add_source(material: HistoryMaterial) -> None:
    """Add the source: a publication is an event that makes an edition, anything else a copy of the text."""
    published = is_publication(material.citation)
    kind = EntityKind.EDITION if published else EntityKind.SOURCE
    material.builder.entity(
        material.source_id, kind, edition_label(material.citation), edition_facts(material.citation)
    )
    if material.description.translation:
        material.translation_id = material.builder.new_id("translation")
    text = (
        material.translation_id
        if material.translation_id and translation_order(material) == "in-source"
        else material.document_id
    )
    if not published:
        material.builder.specialise(material.source_id, text)
        return
    publisher = material.citation.get("publisher")
    event = ProvEvent(
        material.builder.new_id("publication"),
        "publication",
        f"publication: {edition_label(material.citation)}",
        date=issued_edtf(material.citation),
        used=((text, None),),
        generated=(material.source_id,),
        agents=((material.builder.agent(str(publisher)), "publisher"),) if publisher else (),
    )
    material.builder.event(event)
    material.builder.derive(prov.Derivation(material.source_id, text, "publication", event.id))


def translation_order(material: HistoryMaterial) -> str | None:
    """Return whether the translation was made from the source or printed in it; None if unknown.

    The languages decide: a source in the original's language was translated, a source in the translation's
    language contains the translation.
    """
    translation, original = material.description.translation, material.description.original
    source = primary_language(material.citation.get("language"))
    if translation is None or not source:
        return None
    from_language = primary_language(translation.from_language or (original.language if original else None))
    to_language = primary_language(translation.to_language)
    if from_language == to_language:
        return None
    return {from_language: "from-source", to_language: "in-source"}.get(source)


def primary_language(language: Any) -> str:
    """Return the language of a tag without script and country, for comparison; empty if there is none."""
    return str(language or "").split("-")[0].casefold()


def add_translation(material: HistoryMaterial) -> None:
    """Add the translation as a separate text, with its translators and the text they translated."""
    translation = material.description.translation
    if translation is None or material.translation_id is None:
        return
    facts = {
        "language": translation.to_language,
        "from-language": translation.from_language,
        "date": translation.date,
        "credit": translation.credit,
        "first-in-language": translation.first_in_language,
        "note": translation.note,
    }
    label = f"translation into {translation.to_language}: {material.description.title}"
    material.builder.entity(material.translation_id, EntityKind.TRANSLATION, label, facts)
    made_from = material.source_id if translation_order(material) == "from-source" else material.document_id
    event = ProvEvent(
        material.builder.new_id("translating"),
        "translation",
        label,
        date=translation.date,
        used=((made_from, None),),
        generated=(material.translation_id,),
        agents=tuple((material.agent_id(agent), "translator") for agent in translation.translators),
        facts=stated_facts({"credit": translation.credit}),
    )
    material.builder.event(event)
    material.builder.derive(prov.Derivation(material.translation_id, made_from, "translation", event.id))
