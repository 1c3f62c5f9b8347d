"""Writes a history as W3C PROV-JSON, the provenance manifest of a package.

Facts for which PROV has a relation use that relation; all others use `arch:` names. `prov:role` is written
only where PROV-DM allows it: on use and association (generations have no role here). A rejected attribution
is recorded as a claim and never as a `prov:wasAttributedTo`. Dates that are not an instant are EDTF and are
never converted to one. Texts have no language tag: a description states the languages of documents, not of
its own titles and notes.

Source: PROV-DM (W3C Recommendation, 2013), PROV-JSON (W3C Member Submission, 2013) §3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from archtool.canonical_json import format_json
from archtool.provenance.model import (
    Derivation,
    EntityKind,
    Facts,
    History,
    ProvAgent,
    ProvAttribution,
    ProvEntity,
    ProvEvent,
    Rights,
)
from archtool.provenance.vocabulary import (
    ARCHTOOL_TERMS,
    CLAIM_FACTS,
    COUNT_FACTS,
    DATE_FACTS,
    EDTF_TYPES,
    EVENT_TYPES,
    REFERENCE_FACTS,
    RELATOR_TERMS,
    TIME_FACTS,
    package_uri,
    relator_uri,
    rights_uri,
)

Record = dict[str, Any]

PREFIXES = {
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
    "premis": "http://www.loc.gov/premis/rdf/v3/",
    "evt": EVENT_TYPES,
    "rel": RELATOR_TERMS,
    "edtf": EDTF_TYPES,
    "arch": ARCHTOOL_TERMS,
}
_ATTRIBUTES = {"title": "dcterms:title", "language": "dcterms:language", "identifier": "dcterms:identifier"}
_AGENT_TYPES = {
    "person": "prov:Person",
    "organization": "prov:Organization",
    "software": "prov:SoftwareAgent",
}
_COLLECTIONS = frozenset({EntityKind.INVENTORY, EntityKind.PACKAGE, EntityKind.FOLDER})


def format_prov_json(history: History) -> str:
    """Format a history as PROV-JSON; the same history always becomes the same text."""
    return format_json(prov_document(history))


def prov_document(history: History) -> Record:
    """Convert a history to the structure of PROV-JSON."""
    sections = {name: dict(records) for name, records in _sections(history)}
    return {name: records for name, records in sections.items() if records}


def is_prov_of(history: History, document: Mapping[str, Any]) -> bool:
    """Whether a parsed document has exactly the values of `prov_document`, in any order.

    The expected document is never in memory as a whole. Python treats `1` as equal to `True`: the caller must
    ensure that there are no numbers in the document.
    """
    sections = 0
    for name, records in _sections(history):
        stated = document.get(name, {})
        count = 0
        for key, record in records:
            if stated.get(key) != record:
                return False
            count += 1
        if count != len(stated):
            return False
        sections += name in document
    return sections == len(document)


def _sections(history: History) -> Iterator[tuple[str, Iterable[tuple[str, Any]]]]:
    layers = _layers_by_entity(history.rights)
    collections = {part.collection for part in history.memberships}
    events = history.events
    yield "prefix", (PREFIXES | {"pkg": package_uri(history.package_id)}).items()
    yield (
        "entity",
        (
            (_local(one.id), _entity(one, layers.get(one.id, ()), is_collection=one.id in collections))
            for one in history.entities
        ),
    )
    yield "activity", ((_local(event.id), _activity(event)) for event in events)
    yield "agent", ((_local(agent.id), _agent(agent)) for agent in history.agents)
    yield "used", _numbered("u", (use for event in events for use in _uses(event)))
    yield "wasGeneratedBy", _numbered("g", (made for event in events for made in _generations(event)))
    yield "wasAssociatedWith", _numbered("a", (who for event in events for who in _associations(event)))
    attributions = (_attribution(claim) for claim in history.attributions if not claim.is_rejected)
    yield "wasAttributedTo", _numbered("t", attributions)
    yield "wasDerivedFrom", _numbered("d", (_derivation(derived) for derived in history.derivations))
    specialisations = (
        {"prov:specificEntity": _local(s.entity), "prov:generalEntity": _local(s.general)}
        for s in history.specialisations
    )
    yield "specializationOf", _numbered("s", specialisations)
    members = (
        {"prov:collection": _local(m.collection), "prov:entity": _local(m.member)}
        for m in history.memberships
    )
    yield "hadMember", _numbered("m", members)


def _local(name: str) -> str:
    return f"pkg:{name}"


def _reference(name: str) -> Record:
    # the PROV-JSON submission types a qualified name as xsd:QName (§3.1.2)
    return {"$": name, "type": "xsd:QName"}


def _uri(uri: str) -> Record:
    return {"$": uri, "type": "xsd:anyURI"}


def _numbered(letter: str, records: Iterable[Record]) -> Iterator[tuple[str, Record]]:
    """Yield relations with numbered blank names, because relations have no ids."""
    return ((f"_:{letter}{number}", record) for number, record in enumerate(records, 1))


def _one_or_list(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _value(name: str, text: str) -> Any:
    """Return one value of a fact with its type."""
    if name in DATE_FACTS:
        return {"$": text, "type": "edtf:EDTF"}
    if name in TIME_FACTS:
        return {"$": text, "type": "xsd:dateTime"}
    if name in COUNT_FACTS:
        return {"$": text, "type": "xsd:nonNegativeInteger"}
    if name in CLAIM_FACTS:
        return text == "true"
    return _reference(_local(text)) if name in REFERENCE_FACTS else text


def _facts(facts: Facts) -> Record:
    attributes: Record = {}
    for name, stated in facts.items():
        attribute = _ATTRIBUTES.get(name) or f"arch:{name}"
        if isinstance(stated, str):
            attributes[attribute] = _value(name, stated)
        else:
            attributes[attribute] = _one_or_list([_value(name, text) for text in stated])
    return attributes


def _entity(entity: ProvEntity, rights: Iterable[Rights], *, is_collection: bool) -> Record:
    types = []
    if entity.kind is EntityKind.FILE:
        types.append(_reference("premis:File"))
    elif entity.kind not in (EntityKind.ATTRIBUTION, EntityKind.INVENTORY):
        types.append(_reference("premis:IntellectualEntity"))
    if is_collection or entity.kind in _COLLECTIONS:
        types.append(_reference("prov:Collection"))
    record: Record = {"prov:label": entity.label, "arch:kind": entity.kind.value}
    if types:
        record["prov:type"] = _one_or_list(types)
    record |= _facts(entity.facts)
    for layer in rights:
        record |= _rights(layer)
    return record


def _layers_by_entity(rights: Iterable[Rights]) -> dict[str, list[Rights]]:
    layers: dict[str, list[Rights]] = {}
    for layer in rights:
        for entity in dict.fromkeys(layer.entities):
            layers.setdefault(entity, []).append(layer)
    return layers


def _rights(rights: Rights) -> Record:
    name = f"arch:rights-{rights.layer}"
    uri = rights_uri(rights.statement)
    stated = {
        name: rights.statement,
        f"{name}-uri": _uri(uri) if uri else None,
        f"{name}-holder": rights.holder,
        f"{name}-credit": rights.credit,
        f"{name}-note": rights.note,
    }
    return {key: value for key, value in stated.items() if value is not None}


def _activity(event: ProvEvent) -> Record:
    record: Record = {"prov:label": event.label, "arch:kind": event.kind}
    if event.type_uri:
        record["prov:type"] = _reference(f"evt:{event.type_uri.removeprefix(EVENT_TYPES)}")
    if event.date and _is_instant(event.date):
        record["prov:startTime"] = event.date
    elif event.date:
        record["arch:date"] = _value("date", event.date)
    return record | _facts(event.facts)


def _is_instant(date: str) -> bool:
    """Whether a date has a time and a zone, so that it is an xsd:dateTime as it is."""
    if "T" not in date:
        return False
    try:
        return datetime.fromisoformat(date).tzinfo is not None
    except ValueError:
        return False


def _agent(agent: ProvAgent) -> Record:
    record: Record = {"prov:label": agent.name}
    if agent.type in _AGENT_TYPES:
        record["prov:type"] = _reference(_AGENT_TYPES[agent.type])
    elif agent.type:
        record["arch:type"] = agent.type
    if agent.identifier:
        record["arch:identifier"] = {"$": agent.identifier, "type": "xsd:anyURI"}
    if agent.version:
        record["arch:version"] = agent.version
    if agent.notes:
        record["arch:note"] = _one_or_list(list(agent.notes))
    return record


def _role(role: str) -> Any:
    uri = relator_uri(role)
    return role if uri is None else _reference(f"rel:{uri.removeprefix(RELATOR_TERMS)}")


def _uses(event: ProvEvent) -> Iterable[Record]:
    for entity, role in event.used:
        record: Record = {"prov:activity": _local(event.id), "prov:entity": _local(entity)}
        yield record | ({"prov:role": _role(role)} if role else {})


def _generations(event: ProvEvent) -> Iterable[Record]:
    time = {"prov:time": event.date} if event.date and _is_instant(event.date) else {}
    for entity in event.generated:
        yield {"prov:entity": _local(entity), "prov:activity": _local(event.id)} | time


def _associations(event: ProvEvent) -> Iterable[Record]:
    for agent, role in event.agents:
        yield {
            "prov:activity": _local(event.id),
            "prov:agent": _local(agent),
            "prov:role": _role(role),
        }


def _attribution(claim: ProvAttribution) -> Record:
    record: Record = {
        "prov:entity": _local(claim.entity),
        "prov:agent": _local(claim.agent),
        "arch:role": _role(claim.role),
        "arch:status": claim.status,
    }
    return record | ({"arch:claim": _reference(_local(claim.claim))} if claim.claim else {})


def _derivation(derived: Derivation) -> Record:
    record: Record = {
        "prov:generatedEntity": _local(derived.entity),
        "prov:usedEntity": _local(derived.source),
    }
    if derived.event:
        record["prov:activity"] = _local(derived.event)
    record["arch:kind"] = derived.kind
    for name, line in (("arch:from-line", derived.from_line), ("arch:to-line", derived.to_line)):
        if line is not None:
            record[name] = {"$": str(line), "type": "xsd:nonNegativeInteger"}
    return record
