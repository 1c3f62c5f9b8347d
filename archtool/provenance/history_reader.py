"""Reads PROV-JSON that conforms to archtool's schema back into a `History`.

The document must have passed `schemas/provenance.schema.json`; nothing is checked here. References can still
point to things that the document does not have: readers of a history must expect that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from archtool.provenance.model import (
    Derivation,
    EntityKind,
    Facts,
    History,
    Membership,
    ProvAgent,
    ProvAttribution,
    ProvEntity,
    ProvEvent,
    Rights,
    Specialisation,
)
from archtool.provenance.vocabulary import EVENT_TYPES, PACKAGES, RELATORS

Record = Mapping[str, Any]

_ROLE_OF_RELATOR = {code: role for role, code in RELATORS.items()}
_AGENT_TYPES = {
    "prov:Person": "person",
    "prov:Organization": "organization",
    "prov:SoftwareAgent": "software",
}
_RIGHTS = "arch:rights-"
_RIGHTS_PARTS = ("-uri", "-holder", "-credit", "-note")
_NOT_FACTS = frozenset({"prov:label", "prov:type", "prov:startTime", "arch:kind"})


def history_of_prov(document: Record) -> History:
    """Return the history that a provenance manifest states; `prov_document` converts it back."""
    entities = tuple(_entities(document))
    return History(
        package_id=unquote(document["prefix"]["pkg"].removeprefix(PACKAGES).removesuffix(":")),
        agents=tuple(_agent(_local(name), record) for name, record in _named(document, "agent")),
        entities=entities,
        events=tuple(_events(document)),
        attributions=tuple(_attributions(document, entities)),
        derivations=tuple(_derivation(record) for record in _relations(document, "wasDerivedFrom")),
        specialisations=tuple(
            Specialisation(_local(record["prov:specificEntity"]), _local(record["prov:generalEntity"]))
            for record in _relations(document, "specializationOf")
        ),
        memberships=tuple(
            Membership(_local(record["prov:collection"]), _local(record["prov:entity"]))
            for record in _relations(document, "hadMember")
        ),
        rights=tuple(_rights(document)),
    )


def _named(document: Record, section: str) -> Iterable[tuple[str, Record]]:
    records: Mapping[str, Record] = document.get(section, {})
    return records.items()


def _relations(document: Record, section: str) -> Iterable[Record]:
    return (record for _, record in _named(document, section))


def _local(name: str) -> str:
    return name.removeprefix("pkg:")


def _text(value: Any) -> str:
    """Return a value as the text that the model has for it; a reference as the id alone."""
    if isinstance(value, Mapping):
        text = str(value["$"])
        return _local(text) if value.get("type") == "xsd:QName" else text
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(_text, value if isinstance(value, list) else [value]))


def _role(value: Any) -> str:
    text = _text(value)
    return _ROLE_OF_RELATOR.get(text.removeprefix("rel:"), text) if isinstance(value, Mapping) else text


def _entities(document: Record) -> Iterator[ProvEntity]:
    for name, record in _named(document, "entity"):
        yield ProvEntity(
            _local(name), EntityKind(record["arch:kind"]), record["prov:label"], _facts(record, frozenset())
        )


def _facts(record: Record, others: frozenset[str]) -> Facts:
    facts: dict[str, str | tuple[str, ...]] = {}
    for name, value in record.items():
        if name in _NOT_FACTS or name in others or name.startswith(_RIGHTS):
            continue
        texts = _texts(value)
        facts[name.partition(":")[2]] = texts[0] if len(texts) == 1 else texts
    return facts


def _events(document: Record) -> Iterator[ProvEvent]:
    used: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for record in _relations(document, "used"):
        role = record.get("prov:role")
        used[record["prov:activity"]].append(
            (_local(record["prov:entity"]), None if role is None else _role(role))
        )
    generated: dict[str, list[str]] = defaultdict(list)
    for record in _relations(document, "wasGeneratedBy"):
        generated[record["prov:activity"]].append(_local(record["prov:entity"]))
    agents: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for record in _relations(document, "wasAssociatedWith"):
        agents[record["prov:activity"]].append((_local(record["prov:agent"]), _role(record["prov:role"])))
    for name, record in _named(document, "activity"):
        yield ProvEvent(
            _local(name),
            record["arch:kind"],
            record["prov:label"],
            _event_type(record.get("prov:type")),
            _event_date(record),
            tuple(used[name]),
            tuple(generated[name]),
            tuple(agents[name]),
            _facts(record, frozenset({"arch:date"})),
        )


def _event_type(stated: Any) -> str | None:
    return None if stated is None else EVENT_TYPES + _text(stated).removeprefix("evt:")


def _event_date(record: Record) -> str | None:
    stated = record.get("prov:startTime", record.get("arch:date"))
    return None if stated is None else _text(stated)


def _agent(agent_id: str, record: Record) -> ProvAgent:
    stated = record.get("prov:type")
    type_ = record.get("arch:type") if stated is None else _AGENT_TYPES.get(_text(stated))
    identifier = record.get("arch:identifier")
    return ProvAgent(
        agent_id,
        record["prov:label"],
        type_,
        None if identifier is None else _text(identifier),
        record.get("arch:version"),
        _texts(record["arch:note"]) if "arch:note" in record else (),
    )


def _attributions(document: Record, entities: Iterable[ProvEntity]) -> Iterator[ProvAttribution]:
    """Yield the attributions as PROV states them, then the rejected ones, which are claims only."""
    claims = {entity.id: entity for entity in entities if entity.kind is EntityKind.ATTRIBUTION}
    evidence: dict[str, list[str]] = defaultdict(list)
    for derived in _relations(document, "wasDerivedFrom"):
        if derived.get("arch:kind") == "evidence":
            evidence[_local(derived["prov:generatedEntity"])].append(_local(derived["prov:usedEntity"]))
    stated = [_attribution(record) for record in _relations(document, "wasAttributedTo")]
    by = {one.entity: one.agent for one in stated if one.entity in claims}
    for one in stated:
        claim = claims.get(one.claim or "")
        yield one if claim is None else _argued(one, claim, tuple(evidence[claim.id]), by.get(claim.id))
    for claim in claims.values():
        if claim.facts.get("status") == "rejected":
            refuted = ProvAttribution(
                _fact(claim, "of") or "",
                _fact(claim, "agent") or "",
                _fact(claim, "role") or "",
                "rejected",
                claim.id,
            )
            yield _argued(refuted, claim, tuple(evidence[claim.id]), by.get(claim.id))


def _attribution(record: Record) -> ProvAttribution:
    claim = record.get("arch:claim")
    return ProvAttribution(
        _local(record["prov:entity"]),
        _local(record["prov:agent"]),
        _role(record["arch:role"]),
        record["arch:status"],
        None if claim is None else _text(claim),
    )


def _argued(
    one: ProvAttribution, claim: ProvEntity, basis: tuple[str, ...], by: str | None
) -> ProvAttribution:
    words = claim.facts.get("basis-in-words", ())
    return ProvAttribution(
        one.entity,
        one.agent,
        one.role,
        one.status,
        claim.id,
        _fact(claim, "evidence-kind"),
        _fact(claim, "certainty"),
        basis,
        (words,) if isinstance(words, str) else words,
        by,
        _fact(claim, "note"),
    )


def _fact(entity: ProvEntity, name: str) -> str | None:
    value = entity.facts.get(name)
    return value if value is None or isinstance(value, str) else value[0]


def _derivation(record: Record) -> Derivation:
    event = record.get("prov:activity")
    return Derivation(
        _local(record["prov:generatedEntity"]),
        _local(record["prov:usedEntity"]),
        record["arch:kind"],
        None if event is None else _local(event),
        _line(record.get("arch:from-line")),
        _line(record.get("arch:to-line")),
    )


def _line(value: Any) -> int | None:
    return None if value is None else int(_text(value))


def _rights(document: Record) -> Iterator[Rights]:
    """Yield the rights; entities that state the same of a layer share one."""
    layers: dict[tuple[Any, ...], list[str]] = {}
    for name, record in _named(document, "entity"):
        for layer in _layers(record):
            key = f"{_RIGHTS}{layer}"
            more = tuple(record.get(f"{key}{part}") for part in ("-holder", "-credit", "-note"))
            layers.setdefault((layer, record[key], *more), []).append(_local(name))
    for (layer_, statement, holder, credit, note), entities in layers.items():
        yield Rights(f"rights-{layer_}", layer_, statement, tuple(entities), holder, credit, note)


def _layers(record: Record) -> list[str]:
    names = [name.removeprefix(_RIGHTS) for name in record if name.startswith(_RIGHTS)]
    return [name for name in names if not name.endswith(_RIGHTS_PARTS)]
