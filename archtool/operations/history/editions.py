"""Tells what the text was taken from, and of its translation.

Where the description leaves their order open, so does the history.
"""

from __future__ import annotations

from typing import Any

from archtool.operations.history.material import HistoryMaterial
from archtool.provenance import model as prov
from archtool.provenance.builder import stated_facts
from archtool.provenance.edition import edition_facts, edition_label, is_publication, issued_edtf
from archtool.provenance.model import EntityKind, ProvEvent


def add_source(t: HistoryMaterial) -> None:
    """A publication is an event and makes an edition; anything else is a particular copy of the text."""
    published = is_publication(t.citation)
    kind = EntityKind.EDITION if published else EntityKind.SOURCE
    t.history.entity(t.source, kind, edition_label(t.citation), edition_facts(t.citation))
    if t.description.translation:
        t.translation = t.history.new_id("translation")
    text = t.translation if t.translation and translation_order(t) == "in-source" else t.document
    if not published:
        t.history.specialise(t.source, text)
        return
    publisher = t.citation.get("publisher")
    event = ProvEvent(
        t.history.new_id("publication"),
        "publication",
        f"publication: {edition_label(t.citation)}",
        date=issued_edtf(t.citation),
        used=((text, None),),
        generated=(t.source,),
        agents=((t.history.agent(str(publisher)), "publisher"),) if publisher else (),
    )
    t.history.event(event)
    t.history.derive(prov.Derivation(t.source, text, "publication", event.id))


def translation_order(t: HistoryMaterial) -> str | None:
    """Whether the translation was made from the source or stands in it; None where no language tells."""
    translation, original = t.description.translation, t.description.original
    source = primary_language(t.citation.get("language"))
    if translation is None or not source:
        return None
    from_language = primary_language(translation.from_language or (original.language if original else None))
    to_language = primary_language(translation.to_language)
    if from_language == to_language:
        return None
    return {from_language: "from-source", to_language: "in-source"}.get(source)


def primary_language(language: Any) -> str:
    """The language of a tag without script and country, for comparing; empty where there is none."""
    return str(language or "").split("-")[0].casefold()


def add_translation(t: HistoryMaterial) -> None:
    """The translation as a text of its own, with who made it and from what."""
    translation = t.description.translation
    if translation is None or t.translation is None:
        return
    facts = {
        "language": translation.to_language,
        "from-language": translation.from_language,
        "date": translation.date,
        "credit": translation.credit,
        "first-in-language": translation.first_in_language,
        "note": translation.note,
    }
    label = f"translation into {translation.to_language}: {t.description.title}"
    t.history.entity(t.translation, EntityKind.TRANSLATION, label, facts)
    made_from = t.source if translation_order(t) == "from-source" else t.document
    event = ProvEvent(
        t.history.new_id("translating"),
        "translation",
        label,
        date=translation.date,
        used=((made_from, None),),
        generated=(t.translation,),
        agents=tuple((t.agent(agent), "translator") for agent in translation.translators),
        facts=stated_facts({"credit": translation.credit}),
    )
    t.history.event(event)
    t.history.derive(prov.Derivation(t.translation, made_from, "translation", event.id))
