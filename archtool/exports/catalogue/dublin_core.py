"""Formats packages as simple Dublin Core in the XML of OAI-PMH.

Harvesters and most catalogues accept exactly this form, so it is the one that is written in XML. What the
fifteen elements cannot tell apart, the JSON-LD with DCMI Metadata Terms does (`dublin_core_json`).

Several packages become several records in a `records` element of no namespace: OAI-PMH has no element for a
collection outside of a reply.

Source: Dublin Core Metadata Element Set 1.1; oai_dc.xsd (OAI-PMH 2.0).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archtool.exports.catalogue.elements import XML_SCHEMA_INSTANCE, Element, format_document, leaves, parent
from archtool.exports.catalogue.record import SUPPLIED, Record, names_of, transcribers, translators
from archtool.exports.catalogue.sentences import (
    SUPPLIED_TITLE,
    annexe_sentence,
    attribution_notes,
    custody_notes,
    original_note,
    rights_with_uri,
    transcription_notes,
    translation_note,
)

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
_ROOT = {
    "xmlns:oai_dc": OAI_DC,
    "xmlns:dc": DC,
    "xmlns:xsi": XML_SCHEMA_INSTANCE,
    "xsi:schemaLocation": f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
}
TYPE_TEXT = "Text"
"""The term of the DCMI Type Vocabulary for what is read, a transcription among it."""


def format_dublin_core(records: Sequence[Record]) -> str:
    """Format one record as `oai_dc:dc`, several inside `records`."""
    if len(records) == 1:
        return format_document(_record(records[0], _ROOT))
    return format_document(parent("records", _ROOT, (_record(record, {}) for record in records)))


def _record(record: Record, namespaces: dict[str, str]) -> Element:
    described = record.description
    fields = [
        ("title", [described.title]),
        ("creator", names_of(described.creators, creating=True)),
        ("contributor", dict.fromkeys(_contributors(record))),
        ("publisher", [described.packager.name if described.packager else None]),
        ("date", [described.date]),
        ("type", [TYPE_TEXT, described.genre]),
        ("format", record.media_types()),
        ("identifier", record.identifiers),
        ("language", record.languages),
        ("source", [record.citation]),
        ("relation", _relations(record)),
        ("description", notes_of(record)),
        ("rights", [rights_with_uri(layer) for layer in described.rights]),
    ]
    return parent("oai_dc:dc", namespaces, *(leaves(f"dc:{name}", texts) for name, texts in fields))


def _contributors(record: Record) -> Iterator[str]:
    yield from names_of(record.description.creators, creating=False)
    yield from (agent.name for agent in (*translators(record.description), *transcribers(record.description)))


def _relations(record: Record) -> Iterator[str]:
    if record.description.collection:
        yield record.description.collection
    for _, annexe in record.description.all_annexes():
        yield annexe_sentence(annexe)


def notes_of(record: Record) -> list[str]:
    """Return what no element of Dublin Core is for, in sentences, the abstract first."""
    described = record.description
    addressees = "; ".join(agent.name for agent in described.addressees)
    notes = [
        described.abstract,
        SUPPLIED_TITLE if described.title_status == SUPPLIED else None,
        *attribution_notes(described.creators),
        f"Addressees: {addressees}" if addressees else None,
        f"Place of writing: {described.place}" if described.place else None,
        original_note(described),
        translation_note(described),
        *transcription_notes(described),
        *(f"Custody: {note}" for note in custody_notes(described)),
        described.note,
    ]
    return [note for note in notes if note]
