"""Formats a description as the Dublin Core tags of a web page.

The first type is the word that Zotero has for the document: it takes the type of an item from there.

Source: DCMI, Expressing Dublin Core metadata using HTML/XHTML meta and link elements (2008).
"""

from __future__ import annotations

from collections.abc import Iterator

from archtool.description.citing.model import Entry
from archtool.description.model import Description
from archtool.exports.citations.csl import format_name, names_of
from archtool.exports.citations.markup import without_markup
from archtool.exports.embedded.item_types import zotero_type
from archtool.exports.embedded.tag import Tag
from archtool.provenance.vocabulary import rights_uri

SCHEMAS = (("DC", "http://purl.org/dc/elements/1.1/"), ("DCTERMS", "http://purl.org/dc/terms/"))
"""The prefixes of the tags, for `<link rel="schema.DC">`."""
_TEXT = "Text"


def dublin_core_tags(
    description: Description, entry: Entry, citation: str | None, address: str | None = None
) -> Iterator[Tag]:
    """Yield the tags; `citation` is that of the source, `address` that of the page on the web."""
    language = str(entry.item["language"]) if entry.item.get("language") else None
    yield Tag("DC.title", " ".join(description.title.split()), language)
    for name in names_of(entry.item, "author"):
        yield Tag("DC.creator", without_markup(format_name(name)))
    yield from (Tag("DC.contributor", name) for name in _contributors(description, entry))
    facts = (
        ("DC.date", description.date),
        ("DC.type", zotero_type(entry.item)),
        ("DC.type", _TEXT),
        ("DC.identifier", address),
        ("DC.identifier", description.id),
        ("DC.source", citation),
        ("DC.description", description.abstract),
        ("DC.subject", description.genre),
        ("DCTERMS.spatial", description.place),
        ("DCTERMS.isPartOf", description.collection),
    )
    yield from (Tag(name, " ".join(text.split())) for name, text in facts if text)
    languages = dict.fromkeys(part.language or description.language for part in description.transcription)
    yield from (Tag("DC.language", tag) for tag in languages if tag)
    for layer in description.rights:
        yield Tag("DC.rights", f"{layer.layer}: {rights_uri(layer.statement) or layer.statement}")


def _contributors(description: Description, entry: Entry) -> Iterator[str]:
    """Yield the translators and the transcribers, and the body that issued the document."""
    for name in names_of(entry.item, "translator"):
        yield without_markup(format_name(name))
    for part in description.transcription:
        yield from (agent.name for agent in part.transcribers)
    if entry.issuer:
        yield entry.issuer
