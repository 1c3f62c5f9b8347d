"""Formats a description as JSON-LD with the terms of schema.org, which search engines read.

Source: schema.org, CreativeWork and its subtypes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archtool.canonical_json import format_json_line
from archtool.description.citing.model import PERIODICALS, Entry, Item
from archtool.description.model import Agent, Description
from archtool.exports.citations.csl import date_of, name_in_order, names_of, page_range, plain_text
from archtool.exports.embedded.item_types import schema_org_type
from archtool.printable import escape_in_json
from archtool.provenance.vocabulary import rights_uri

CONTEXT = "https://schema.org"
_MARKUP = {ord(char): f"\\u{ord(char):04x}" for char in "<>&"}
"""In a `<script>` element these characters could end it."""
Node = dict[str, Any]


def format_schema_org(
    description: Description, entry: Entry, citation: str | None, address: str | None = None
) -> str:
    """Format the document as one line of JSON that can stand in a `<script>` element."""
    return for_script(
        format_json_line(_known({"@context": CONTEXT, **_document(description, entry, citation, address)}))
    )


def for_script(json_text: str) -> str:
    """Return a JSON text with the same values that cannot end a `<script>` element."""
    return escape_in_json(json_text).translate(_MARKUP)


def _document(description: Description, entry: Entry, citation: str | None, address: str | None) -> Node:
    item = entry.item
    pages = page_range(item)
    languages = dict.fromkeys(part.language or description.language for part in description.transcription)
    return {
        "@type": schema_org_type(item),
        "@id": address,
        "url": address,
        "identifier": description.id,
        "name": " ".join(description.title.split()),
        "author": _agents(item, "author", description),
        "sourceOrganization": {"@type": "Organization", "name": entry.issuer} if entry.issuer else None,
        "translator": _agents(item, "translator", description),
        "dateCreated": description.date,
        "datePublished": date_of(item, "issued").iso,
        "inLanguage": [tag for tag in languages if tag],
        "genre": description.genre,
        "locationCreated": _named("Place", description.place),
        "abstract": description.abstract,
        "creditText": entry.credit,
        "isPartOf": [
            part for part in (_container(item), _named("Collection", description.collection)) if part
        ],
        "pageStart": pages[0] if pages else None,
        "pageEnd": pages[1] if pages else None,
        "isBasedOn": citation,
        "license": _licences(description),
    }


def _container(item: Item) -> Node | None:
    title = plain_text(item.get("container-title", ""))
    if not title:
        return None
    kind = "Periodical" if item.get("type") in PERIODICALS else "Book"
    publisher = plain_text(item.get("publisher", ""))
    return _known(
        {
            "@type": kind,
            "name": title,
            "isbn": plain_text(item.get("ISBN", "")),
            "issn": plain_text(item.get("ISSN", "")),
            "publisher": _named("Organization", publisher),
        }
    )


def _agents(item: Item, variable: str, description: Description) -> list[Node]:
    known = {creator.agent.name: creator.agent for creator in description.creators}
    found = []
    for name in names_of(item, variable):
        text = name_in_order(name)
        agent = known.get(text)
        kind = "Person" if name.get("family") else "Organization" if _is_organization(agent) else None
        found.append(_known({"@type": kind, "name": text, "sameAs": agent.id if agent is not None else None}))
    return found


def _is_organization(agent: Agent | None) -> bool:
    return agent is not None and agent.type == "organization"


def _licences(description: Description) -> Sequence[str]:
    """Return the addresses that rights of the text have; the package's own metadata is not the work."""
    layers = (layer for layer in description.rights if layer.layer != "package")
    return list(dict.fromkeys(uri for layer in layers if (uri := rights_uri(layer.statement))))


def _named(kind: str, name: str | None) -> Node | None:
    return {"@type": kind, "name": name} if name else None


def _known(node: Mapping[str, Any]) -> Node:
    return {key: value for key, value in node.items() if value not in (None, "", [], ())}
