"""Describes the rights in each layer of a package: the licences of an RO-Crate.

Each statement is one entity. The root refers to all of them, because none is true of the whole package; an
entity refers to those of its own layer.

Source: RO-Crate 1.2, Contextual Entities (licensing).
"""

from __future__ import annotations

from collections.abc import Iterator

from archtool.exports.crate.crate_graph import CrateGraph
from archtool.exports.crate.identifiers import is_url
from archtool.exports.crate.values import Node, labelled, node, one_or_all, sentences
from archtool.provenance.model import Rights

_NOT_STATED = "#rights-not-stated"


def licences_of(graph: CrateGraph, entity: str) -> list[str]:
    """Return the identifiers of the statements that are about an entity."""
    return [_identifier(graph, stated) for stated in graph.rights.get(entity, ())]


def all_licences(graph: CrateGraph) -> list[str]:
    """Return the identifiers of all statements, or that of the entity that says that there are none."""
    stated = [_identifier(graph, rights) for rights in graph.history.rights]
    return list(dict.fromkeys(stated)) or [_NOT_STATED]


def rights_nodes(graph: CrateGraph) -> Iterator[Node]:
    """Yield each statement of rights with the layers that it is about."""
    layers: dict[str, list[Rights]] = {}
    for rights in graph.history.rights:
        layers.setdefault(_identifier(graph, rights), []).append(rights)
    for identifier, stated in layers.items():
        details = [_details(rights) for rights in stated]
        properties = {"name": stated[0].statement, "description": "; ".join(details)}
        holders = [rights.holder for rights in stated if rights.holder]
        credit_lines = [rights.credit for rights in stated if rights.credit]
        notices = {"copyrightNotice": one_or_all(holders), "creditText": one_or_all(credit_lines)}
        yield node(identifier, "CreativeWork", properties | notices)
    if not layers:
        missing = "The description of the package does not state the rights in it."
        yield node(_NOT_STATED, "CreativeWork", {"name": "Rights not stated", "description": missing})


def _details(rights: Rights) -> str:
    held = labelled("holder", rights.holder)
    return sentences(f"rights in the layer “{rights.layer}”", held, rights.note) or ""


def _identifier(graph: CrateGraph, rights: Rights) -> str:
    uri = graph.facts.rights_uris.get(rights.statement)
    return uri if uri is not None and is_url(uri) else f"#{rights.id}"
