"""Formats the metadata of a package as an RO-Crate: the text of `ro-crate-metadata.json`.

The folder of the crate is that of the payload, as the RO-Crate specification combines it with BagIt. The
library `rocrate` describes files on a disk, names some entities at random and dates the crate by the clock;
the same package must give the same bytes here, so the JSON-LD is written by this module, and the tests read
it with that library and validate it.

Source: RO-Crate 1.2 (https://w3id.org/ro/crate/1.2), with its appendix on BagIt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from archtool.canonical_json import format_json
from archtool.exports.crate.actions import action_nodes
from archtool.exports.crate.agents import agent_nodes, claim_nodes, role_nodes
from archtool.exports.crate.crate_graph import CrateGraph, fact
from archtool.exports.crate.data_entities import digest_terms, file_nodes, format_nodes, term_nodes
from archtool.exports.crate.documents import document_nodes
from archtool.exports.crate.identifiers import ROOT
from archtool.exports.crate.model import METADATA_NAME, CrateFacts
from archtool.exports.crate.rights import all_licences, rights_nodes
from archtool.exports.crate.values import Node, iso_date, node, one_or_all, reference, references
from archtool.provenance.model import EntityKind, History, ProvEntity, ProvEvent

SPECIFICATION = "https://w3id.org/ro/crate/1.2"
_CONTEXT = f"{SPECIFICATION}/context"
_IDENTIFIER = "#identifier/package"
_COLLECTION = "#collection/package"  # no id of a history contains a slash
_MENTIONED = (EntityKind.ANNEXE, EntityKind.INVENTORY, EntityKind.TRANSLATION)


def format_crate(history: History, facts: CrateFacts) -> str:
    """Format the metadata of a package as RO-Crate 1.2; equal values give equal text."""
    return format_json(crate_document(history, facts))


def crate_document(history: History, facts: CrateFacts) -> dict[str, Any]:
    """Return the metadata of a package as a JSON-LD document."""
    graph = CrateGraph.of(history, facts)
    terms = digest_terms(facts.files)
    nodes = [
        _descriptor(),
        _root(graph),
        *_package_nodes(graph),
        *file_nodes(graph),
        *document_nodes(graph),
        *claim_nodes(graph),
        *role_nodes(graph),
        *agent_nodes(graph),
        *action_nodes(graph),
        *rights_nodes(graph),
        *format_nodes(graph),
        *term_nodes(terms),
    ]
    return {"@context": [_CONTEXT, dict(terms)] if terms else _CONTEXT, "@graph": _unique(nodes)}


def _unique(nodes: Iterable[Node]) -> list[Node]:
    """Return one entity for each identifier: two agents or roles of a document can be the same."""
    found: dict[str, Node] = {}
    for one in nodes:
        found.setdefault(one["@id"], one)
    return list(found.values())


def _descriptor() -> Node:
    conforms = {"conformsTo": reference(SPECIFICATION), "about": reference(ROOT)}
    return node(METADATA_NAME, "CreativeWork", conforms)


def _root(graph: CrateGraph) -> Node:
    document, package = graph.of_kind(EntityKind.ORIGINAL)[0], graph.of_kind(EntityKind.PACKAGE)[0]
    sources = graph.of_kind(EntityKind.EDITION, EntityKind.SOURCE)
    replaced = graph.of_kind(EntityKind.PREDECESSOR)
    packaging = next(event for event in graph.history.events if event.kind == "packaging")
    mentioned = [entity.id for entity in graph.of_kind(*_MENTIONED)]
    mentioned += [event.id for event in graph.history.events]
    properties = {
        "name": document.label,
        "description": _describe(graph, document),
        "datePublished": iso_date(packaging.date) or packaging.date,
        "identifier": reference(_IDENTIFIER) if fact(package, "identifier") else None,
        "license": references(all_licences(graph)),
        "creator": graph.refer(_packagers(packaging)),
        "about": graph.refer_to(document.id),
        "inLanguage": one_or_all(_languages(graph)),
        "creditText": one_or_all(_credits(graph)),
        "isBasedOn": graph.refer(entity.id for entity in (*sources, *replaced)),
        "isPartOf": reference(_COLLECTION) if fact(package, "collection") else None,
        "hasPart": graph.refer(graph.members.get(package.id, ())),
        "mentions": graph.refer(mentioned),
    }
    return node(ROOT, "Dataset", properties)


def _package_nodes(graph: CrateGraph) -> Iterator[Node]:
    """Yield the entities that the root needs: its identifier, and the collection that it is in."""
    package = graph.of_kind(EntityKind.PACKAGE)[0]
    identifier, collection = fact(package, "identifier"), fact(package, "collection")
    if identifier is not None:
        stated = {"name": "identifier of the package in its description", "value": identifier}
        yield node(_IDENTIFIER, "PropertyValue", stated)
    if collection is not None:
        yield node(_COLLECTION, "Collection", {"name": collection})


def _packagers(packaging: ProvEvent) -> list[str]:
    return [agent for agent, role in packaging.agents if role == "packager"]


def _languages(graph: CrateGraph) -> list[str]:
    files = graph.of_kind(EntityKind.FILE)
    stated = [fact(file, "language") for file in files if fact(file, "role") == "transcription"]
    return list(dict.fromkeys(language for language in stated if language))


def _credits(graph: CrateGraph) -> list[str]:
    stated = [fact(entity, "credit") for entity in graph.of_kind(EntityKind.TRANSLATION)]
    return [credit for credit in stated if credit]


def _describe(graph: CrateGraph, document: ProvEntity) -> str:
    """Return the abstract; without one, what the package is and what its text was taken from."""
    stated = fact(document, "abstract")
    credited = "".join(f" Translation: {credit}" for credit in _credits(graph))
    return stated or f"Transcription of “{document.label}”. Source: {graph.facts.citation}{credited}"
