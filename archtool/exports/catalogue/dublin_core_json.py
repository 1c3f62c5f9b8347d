"""Formats packages as JSON-LD with the DCMI Metadata Terms, for linked data.

The context is in the document: no reader needs the network. Roles are MARC relators where one certainly
fits, dates are typed as EDTF, and an attribution says by its relator that it is one.

Source: DCMI Metadata Terms (2020-01-20); JSON-LD 1.1; MARC relators; Library of Congress EDTF datatype.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from archtool.canonical_json import format_json
from archtool.description.citing.model import claimed
from archtool.description.model import Agent, Annexe, Creator, RightsLayer
from archtool.exports.catalogue.dublin_core import notes_of
from archtool.exports.catalogue.record import Record, is_creating, transcribers, translators
from archtool.exports.catalogue.sentences import annexe_note, custody_notes, rights_text
from archtool.printable import escape_in_json
from archtool.provenance.vocabulary import EDTF_TYPES, RELATOR_TERMS, RELATORS, rights_uri

CONTEXT = {
    "dcterms": "http://purl.org/dc/terms/",
    "dcmitype": "http://purl.org/dc/dcmitype/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "marcrel": RELATOR_TERMS,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
EDTF = f"{EDTF_TYPES}EDTF"
_DOUBTS = {"attributed": "att", "disputed": "dub"}
_AGENT_TYPES = {"person": "foaf:Person", "organization": "foaf:Organization", None: "dcterms:Agent"}
Node = dict[str, Any]


def format_dublin_core_json(records: Sequence[Record]) -> str:
    """Format one record as a node, several as a graph."""
    nodes = [_record(record) for record in records]
    content = nodes[0] if len(nodes) == 1 else {"@graph": nodes}
    return escape_in_json(format_json({"@context": CONTEXT, **content}))


def _record(record: Record) -> Node:
    described = record.description
    node: Node = {
        "@type": "dcmitype:Text",
        "dcterms:title": described.title,
        "dcterms:identifier": [*record.identifiers],
        "dcterms:type": described.genre,
        "dcterms:created": _date(described.date),
        "dcterms:language": [*record.languages],
        "dcterms:format": [*record.media_types()],
        "dcterms:source": record.citation,
        "dcterms:isPartOf": described.collection,
        "dcterms:abstract": described.abstract,
        "dcterms:description": [note for note in notes_of(record) if note != described.abstract],
        "dcterms:provenance": [
            {"@type": "dcterms:ProvenanceStatement", "rdfs:label": note} for note in custody_notes(described)
        ],
        "dcterms:rights": [_rights(layer) for layer in described.rights],
        "dcterms:hasPart": [_annexe(annexe) for annexe in described.annexes],
    }
    _add_creators(node, described.creators)
    _add(node, "marcrel:rcp", map(_agent, described.addressees))
    _add(node, "dcterms:publisher", [_agent(described.packager)] if described.packager else [])
    for code, agents in (("trl", translators(described)), ("trc", transcribers(described))):
        for agent in agents:
            _add_agent(node, ("dcterms:contributor", f"marcrel:{code}"), agent)
    return _without_blanks(node)


def _annexe(annexe: Annexe) -> Node:
    node: Node = {
        "@type": "dcmitype:Text",
        "dcterms:title": annexe.title,
        "dcterms:identifier": annexe.number,
        "dcterms:created": _date(annexe.date),
        "dcterms:language": annexe.language,
        "dcterms:description": annexe_note(annexe),
        "dcterms:hasPart": [_annexe(enclosure) for enclosure in annexe.enclosures],
    }
    _add_creators(node, annexe.creators)
    _add(node, "marcrel:rcp", map(_agent, annexe.addressees))
    return _without_blanks(node)


def _add_creators(node: Node, creators: tuple[Creator, ...]) -> None:
    for creator in claimed(creators):
        properties = ["dcterms:creator" if is_creating(creator) else "dcterms:contributor"]
        code = RELATORS.get(creator.role.casefold())
        properties += [f"marcrel:{code}"] if code else []
        doubt = _DOUBTS.get(creator.attribution.status) if creator.attribution is not None else None
        properties += [f"marcrel:{doubt}"] if doubt else []
        _add_agent(node, properties, creator.agent)


def _add_agent(node: Node, properties: Iterable[str], agent: Agent) -> None:
    for name in properties:
        _add(node, name, [_agent(agent)])


def _add(node: Node, name: str, values: Iterable[Node]) -> None:
    for value in values:
        known = node.setdefault(name, [])
        if value not in known:
            known.append(value)


def _agent(agent: Agent) -> Node:
    node = {
        "@type": _AGENT_TYPES.get(agent.type, "dcterms:Agent"),
        "foaf:name": agent.name,
        "dcterms:identifier": agent.id,
        "rdfs:comment": agent.note,
    }
    return _without_blanks(node)


def _rights(layer: RightsLayer) -> Node:
    uri = rights_uri(layer.statement)
    node = {
        "@type": "dcterms:RightsStatement",
        "rdfs:label": rights_text(layer),
        "rdfs:seeAlso": None if uri is None else {"@id": uri},
    }
    return _without_blanks(node)


def _date(text: str | None) -> Mapping[str, str] | None:
    return None if text is None else {"@type": EDTF, "@value": text}


def _without_blanks(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in (None, "", [])}
