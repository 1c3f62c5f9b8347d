"""Describes the document in an RO-Crate: the original, its annexes, its source, its translation.

These are works and not files, so they are contextual entities; the files refer to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from archtool.exports.crate.agents import makers_of, role_identifier, role_node
from archtool.exports.crate.crate_graph import CrateGraph, fact, facts_of
from archtool.exports.crate.identifiers import is_url
from archtool.exports.crate.rights import licences_of
from archtool.exports.crate.values import (
    Node,
    iso_date,
    labelled,
    node,
    one_or_all,
    other_date,
    reference,
    references,
    sentences,
)
from archtool.provenance.model import EntityKind, ProvEntity

_ADDRESSEE = "addressee"


def document_nodes(graph: CrateGraph) -> Iterator[Node]:
    """Yield every work of the history, in its order."""
    for entity in graph.history.entities:
        if entity.kind in _DESCRIBE:
            own = _DESCRIBE[entity.kind](graph, entity)
            kind = own.pop("@type", "CreativeWork")
            yield node(graph.identifier(entity.id), kind, _common(graph, entity) | own)
            yield from _further_nodes(graph, entity)


def _common(graph: CrateGraph, entity: ProvEntity) -> dict[str, Any]:
    date = fact(entity, "date")
    origins = [d.source for d in graph.derivations.get(entity.id, ()) if d.kind in ("publication", "text")]
    roles = [role_identifier(_ADDRESSEE, agent, entity.id) for agent in facts_of(entity, _ADDRESSEE)]
    makers = makers_of(graph, entity.id)
    contributors = makers.pop("contributor", [])
    listed = contributors if isinstance(contributors, list) else [contributors]
    return {
        "name": entity.label,
        **makers,
        "contributor": one_or_all([*listed, *map(reference, roles)]),
        "dateCreated": iso_date(date),
        "temporal": other_date(date),
        "inLanguage": fact(entity, "language"),
        "exampleOfWork": graph.refer(graph.generals.get(entity.id, ())),
        "isBasedOn": graph.refer(origins),
        "subjectOf": graph.refer(
            one.claim for one in graph.attributions.get(entity.id, ()) if one.claim is not None
        ),
        "license": references(licences_of(graph, entity.id)),
    }


def _further_nodes(graph: CrateGraph, entity: ProvEntity) -> Iterator[Node]:
    """Yield the entities that a work needs: the roles of its addressees, the place where it was made."""
    for agent in facts_of(entity, _ADDRESSEE):
        yield role_node(graph, _ADDRESSEE, agent, entity.id)
    place = fact(entity, "place")
    if place is not None:
        yield node(f"#place/{entity.id}", "Place", {"name": place})


def _original(graph: CrateGraph, entity: ProvEntity) -> dict[str, Any]:
    held_by = facts_of(entity, "held-by")
    return {
        "@type": ["CreativeWork", "ArchiveComponent"] if held_by else "CreativeWork",
        "genre": fact(entity, "genre"),
        "abstract": fact(entity, "abstract"),
        "description": fact(entity, "note"),
        "material": fact(entity, "medium"),
        "holdingArchive": graph.refer(held_by),
        "identifier": fact(entity, "shelfmark"),
        "locationCreated": reference(f"#place/{entity.id}") if fact(entity, "place") else None,
    }


def _annexe(graph: CrateGraph, entity: ProvEntity) -> dict[str, Any]:
    texts = graph.texts.get(entity.id, ())
    stated = fact(entity, "enclosures-stated")
    records = facts_of(entity, "according-to-record")
    return {
        "position": fact(entity, "number"),
        "creativeWorkStatus": fact(entity, "status"),
        "description": sentences(
            fact(entity, "note"),
            labelled("status according to", fact(entity, "according-to")),
            labelled("enclosures that it states", stated),
        ),
        "citation": graph.refer(records),
        "associatedMedia": graph.refer(text.entity for text in texts),
        "pagination": one_or_all(
            [_lines(text.from_line, text.to_line) for text in texts if text.from_line is not None]
        ),
        "hasPart": graph.refer(graph.members.get(entity.id, ())),
    }


def _lines(first: int | None, last: int | None) -> str:
    if last is None:
        return f"from line {first}"
    return f"line {first}" if first == last else f"lines {first} to {last}"


def _inventory(graph: CrateGraph, entity: ProvEntity) -> dict[str, Any]:
    return {
        "@type": "Collection",
        "about": graph.refer(facts_of(entity, "of")),
        "hasPart": graph.refer(graph.members.get(entity.id, ())),
    }


def _source(graph: CrateGraph, entity: ProvEntity) -> dict[str, Any]:
    published = [event for event in graph.events.get(entity.id, ()) if event.kind == "publication"]
    publishers = [agent for event in published for agent, role in event.agents if role == "publisher"]
    dates = [event.date for event in published]
    url = fact(entity, "csl-URL")
    return {
        "description": graph.facts.citation,
        "publisher": graph.refer(publishers),
        "datePublished": one_or_all([date for date in map(iso_date, dates) if date]),
        "temporal": one_or_all([date for date in map(other_date, dates) if date]),
        "inLanguage": fact(entity, "csl-language"),
        "pagination": fact(entity, "csl-page"),
        "isbn": fact(entity, "csl-ISBN"),
        "identifier": fact(entity, "csl-DOI"),
        "url": url if url is not None and is_url(url) else None,
    }


def _translation(graph: CrateGraph, entity: ProvEntity) -> dict[str, Any]:
    origins = [d.source for d in graph.derivations.get(entity.id, ()) if d.kind == "translation"]
    translators = [
        agent
        for event in graph.events.get(entity.id, ())
        for agent, role in event.agents
        if role == "translator"
    ]
    return {
        "translationOfWork": graph.refer(origins),
        "translator": graph.refer(translators),
        "creditText": fact(entity, "credit"),
        "description": sentences(
            fact(entity, "note"),
            labelled("first translation into this language", fact(entity, "first-in-language")),
        ),
    }


def _earlier(graph: CrateGraph, entity: ProvEntity) -> dict[str, Any]:
    """Describe a bag or package that this one was made from, or replaces."""
    del graph
    identifiers = [*facts_of(entity, "identifier"), *facts_of(entity, "manifest-digest")]
    return {
        "@type": "CreativeWork",
        "identifier": one_or_all(identifiers),
        "description": sentences(
            fact(entity, "note"), labelled("newest attestation", fact(entity, "attestation-head"))
        ),
    }


_DESCRIBE: Mapping[EntityKind, Callable[[CrateGraph, ProvEntity], dict[str, Any]]] = {
    EntityKind.ORIGINAL: _original,
    EntityKind.ANNEXE: _annexe,
    EntityKind.ENCLOSURE: _annexe,
    EntityKind.INVENTORY: _inventory,
    EntityKind.EDITION: _source,
    EntityKind.SOURCE: _source,
    EntityKind.TRANSLATION: _translation,
    EntityKind.ADOPTED_BAG: _earlier,
    EntityKind.PREDECESSOR: _earlier,
}
