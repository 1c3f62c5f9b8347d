"""Describes persons, organisations and programs in an RO-Crate, and what each did for a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from archtool.exports.crate.crate_graph import CrateGraph
from archtool.exports.crate.values import Node, node, one_or_all, reference, references, sentences
from archtool.provenance.model import EntityKind, ProvAgent, ProvAttribution

_TYPES = {"person": "Person", "organization": "Organization", "software": "SoftwareApplication"}
_PROPERTIES = {
    "author": "author",
    "creator": "creator",
    "editor": "editor",
    "illustrator": "illustrator",
    "publisher": "publisher",
    "translator": "translator",
}
"""Properties of schema.org that mean a role exactly enough."""
_SOFTWARE = "urn:archtool:software"
_ASSERTED = frozenset({"stated", "attributed"})


def agent_nodes(graph: CrateGraph) -> Iterator[Node]:
    """Yield every agent; the type is left open if the description does not state it."""
    for agent in graph.history.agents:
        yield node(graph.identifier(agent.id), _TYPES.get(agent.type or "", "Thing"), _agent(graph, agent))


def _agent(graph: CrateGraph, agent: ProvAgent) -> dict[str, Any]:
    own = graph.identifier(agent.id)
    return {
        "name": agent.name,
        "identifier": agent.identifier if agent.identifier != own else None,
        "version": agent.version,
        "url": _SOFTWARE if agent.type == "software" else None,
        "description": sentences(*agent.notes),
    }


def makers_of(graph: CrateGraph, entity: str) -> dict[str, Any]:
    """Return the properties that name who made a document.

    Disputed and rejected attributions are not among them: they are claims (`claims`).
    """
    found: dict[str, list[str]] = {}
    for one in _asserted(graph, entity):
        name = _PROPERTIES.get(one.role)
        identifier = graph.identifier(one.agent) if name else role_identifier(one.role, one.agent, entity)
        found.setdefault(name or "contributor", []).append(identifier)
    return {name: references(identifiers) for name, identifiers in found.items()}


def role_nodes(graph: CrateGraph) -> Iterator[Node]:
    """Yield the roles that schema.org has no property for, each between the document and the agent."""
    for entity in graph.attributions:
        for one in _asserted(graph, entity):
            if one.role not in _PROPERTIES:
                yield role_node(graph, one.role, one.agent, entity)


def role_identifier(role: str, agent: str, entity: str) -> str:
    """Return the identifier of the role of an agent; no id of a history contains a slash."""
    return f"#role/{quote(role, safe='', errors='surrogatepass')}/{agent}/{entity}"


def role_node(graph: CrateGraph, role: str, agent: str, entity: str) -> Node:
    """Return the role of an agent in the making of an entity."""
    properties = {"name": role, "roleName": role, "contributor": graph.refer_to(agent)}
    return node(role_identifier(role, agent, entity), "Role", properties)


def _asserted(graph: CrateGraph, entity: str) -> Iterable[ProvAttribution]:
    return [one for one in graph.attributions.get(entity, ()) if one.status in _ASSERTED]


def claim_nodes(graph: CrateGraph) -> Iterator[Node]:
    """Yield each attribution that the description argues for or against, with its evidence."""
    labels = {entity.id: entity.label for entity in graph.of_kind(EntityKind.ATTRIBUTION)}
    for attributions in graph.attributions.values():
        for one in attributions:
            if one.claim in labels:
                yield _claim(graph, one, labels[one.claim])


def _claim(graph: CrateGraph, one: ProvAttribution, label: str) -> Node:
    details = sentences(
        f"status: {one.status}",
        f"evidence: {one.evidence}" if one.evidence else None,
        f"certainty: {one.certainty}" if one.certainty else None,
        *(f"basis: {basis}" for basis in one.basis_in_words),
        one.note,
    )
    properties = {
        "name": label,
        "description": details,
        "about": one_or_all([graph.refer_to(one.entity), reference(graph.identifier(one.agent))]),
        "author": graph.refer([one.by]) if one.by else None,
        "citation": graph.refer(one.basis),
    }
    return node(graph.identifier(one.claim or ""), "Claim", properties)
