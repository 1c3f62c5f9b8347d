"""Converts a history to what its drawing shows: boxes with texts, agents beside them, and relations.

Each entity, event and agent of the history is in the graph, and each relation between them. A derivation in
the course of an event that used the one thing and made the other has no line of its own: it says no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from archtool.provenance.model import EntityKind, History, ProvAgent, ProvAttribution, ProvEntity, ProvEvent
from archtool.report.provenance.facts import fact_texts, plain_label
from archtool.report.provenance.layout.graph import Edge, Graph, Label, Node, Relation, Shape
from archtool.report.provenance.lines import capital, one_line
from archtool.report.provenance.words.dates import say_date
from archtool.report.provenance.words.model import Words

_HOLDS_OLDER = frozenset({EntityKind.PACKAGE, EntityKind.FOLDER, EntityKind.ADOPTED_BAG})
"""Wholes that are made of parts that existed before, and so stand below them."""
_AGENT_FACTS = ("addressee", "held-by")


def history_graph(history: History, words: Words) -> Graph:
    """Return the graph of a history, with labels in the language of the words."""
    agents = {agent.id: agent for agent in history.agents}
    beside = _agents_beside(history, agents, words)
    labels = history.labels()
    nodes = [_entity_node(one, beside[one.id], labels, words) for one in history.entities]
    bags = {one.id for one in history.entities if one.kind is EntityKind.ADOPTED_BAG}
    nodes += [
        _event_node(
            event,
            beside[_event_id(event.id)],
            words,
            names_itself=bool(event.generated) or any(used in bags for used, _ in event.used),
        )
        for event in history.events
    ]
    nodes += _unused_agents(history, words)
    return Graph(tuple(nodes), tuple(_edges(history)))


def _entity_node(entity: ProvEntity, agents: list[Label], labels: Mapping[str, str], words: Words) -> Node:
    heading = words.entity_kinds[entity.kind]
    number = "".join(fact_texts(entity.facts, "number"))
    details: list[str] = []
    if entity.kind is EntityKind.ATTRIBUTION:
        name, details = _claim_words(entity, words)
    else:
        name = one_line(plain_label(labels.get(_subject_of_list(entity), entity.label), entity.kind.value))
        details = list(_entity_details(entity, words))
    if number:
        heading += f" {one_line(number)}"
    return Node(entity.id, Shape.ENTITY, Label(capital(heading), name, tuple(details)), tuple(agents))


def _subject_of_list(entity: ProvEntity) -> str:
    """Return the document that an inventory is of: its own label says no more than its kind."""
    subjects = fact_texts(entity.facts, "of") if entity.kind is EntityKind.INVENTORY else ()
    return subjects[0] if subjects else ""


def _claim_words(claim: ProvEntity, words: Words) -> tuple[str, list[str]]:
    state = "".join(fact_texts(claim.facts, "status"))
    role = "".join(fact_texts(claim.facts, "role"))
    name = f"{words.roles.get(role, role)} · {words.claim_states.get(state, state)}"
    details = [
        one_line(words.labelled(words.facts[fact], words.values.get(text, text)))
        for fact in ("evidence-kind", "certainty")
        for text in fact_texts(claim.facts, fact)
    ]
    return one_line(capital(name)), details


def _entity_details(entity: ProvEntity, words: Words) -> Iterator[str]:
    facts = entity.facts
    languages = [words.language_name(tag) for tag in fact_texts(facts, "language")]
    if languages and entity.kind is not EntityKind.FILE:
        yield one_line(", ".join(languages))
    if entity.kind in (EntityKind.ANNEXE, EntityKind.ENCLOSURE):
        yield from (words.annexe_states.get(state, one_line(state)) for state in fact_texts(facts, "status"))
    if entity.kind is EntityKind.FILE:
        roles = [words.values.get(role, role) for role in fact_texts(facts, "role")]
        if roles or languages:
            yield one_line(", ".join((*roles, *languages)))
    for name in ("file-count",):
        yield from (one_line(words.labelled(words.facts[name], text)) for text in fact_texts(facts, name))


def _event_id(name: str) -> str:
    """Return the id of an event's node: a manifest from outside can give an entity the same id."""
    return f"event {name}"


def _event_node(event: ProvEvent, agents: list[Label], words: Words, *, names_itself: bool) -> Node:
    kind = words.event_kinds.get(event.kind.casefold(), event.kind)
    date = [one_line(say_date(event.date, words.language))] if event.date else []
    name = one_line(plain_label(event.label, event.kind))
    if event.kind.casefold() in words.event_kinds and names_itself:
        # what was made, or taken over, stands in the next box: its name would be there twice
        return Node(
            _event_id(event.id),
            Shape.EVENT,
            Label(capital(words.drawn.event), one_line(kind), tuple(date)),
            tuple(agents),
        )
    heading = f"{words.drawn.event} · {one_line(kind)}"
    return Node(_event_id(event.id), Shape.EVENT, Label(capital(heading), name, tuple(date)), tuple(agents))


def _agent_label(agent: ProvAgent | None, agent_id: str, role: str) -> Label:
    name = agent_id if agent is None else agent.name
    if agent is not None and agent.version:
        name = f"{name} {agent.version}"
    return Label(one_line(capital(role)), one_line(name))


def _agents_beside(history: History, agents: Mapping[str, ProvAgent], words: Words) -> dict[str, list[Label]]:
    """Return the agents of each entity and event, with their roles."""
    beside: dict[str, list[Label]] = defaultdict(list)
    claims = {entity.id for entity in history.entities if entity.kind is EntityKind.ATTRIBUTION}
    for one in history.attributions:
        label = _agent_label(agents.get(one.agent), one.agent, _attributed_role(one, words))
        if not one.is_rejected:
            beside[one.entity].append(label)
        if one.claim in claims:
            beside[one.claim].append(label)
    for event in history.events:
        for agent, role in event.agents:
            beside[_event_id(event.id)].append(
                _agent_label(agents.get(agent), agent, words.roles.get(role, role))
            )
    for entity in history.entities:
        for fact in _AGENT_FACTS:
            for agent in fact_texts(entity.facts, fact):
                beside[entity.id].append(_agent_label(agents.get(agent), agent, words.roles[fact]))
    return beside


def _attributed_role(one: ProvAttribution, words: Words) -> str:
    role = words.roles.get(one.role, one.role)
    state = words.claim_states.get(one.status, one.status)
    return role if one.status == "stated" else f"{role} ({state})"


def _unused_agents(history: History, words: Words) -> Iterator[Node]:
    """Yield agents without any role as nodes of their own."""
    used = {one.agent for one in history.attributions}
    used |= {agent for event in history.events for agent, _ in event.agents}
    used |= {a for one in history.entities for fact in _AGENT_FACTS for a in fact_texts(one.facts, fact)}
    for agent in history.agents:
        if agent.id not in used:
            type_ = words.agent_types.get(agent.type or "", agent.type or words.drawn.agent)
            yield Node(f"agent {agent.id}", Shape.AGENT, _agent_label(agent, agent.id, type_))


def _edges(history: History) -> Iterator[Edge]:
    kinds = {entity.id: entity.kind for entity in history.entities}
    for event in history.events:
        yield from (Edge(entity, _event_id(event.id), Relation.FLOW) for entity, _ in event.used)
        yield from (Edge(_event_id(event.id), entity, Relation.FLOW) for entity in event.generated)
        for entity in fact_texts(event.facts, "evidence"):
            yield Edge(entity, _event_id(event.id), Relation.EVIDENCE)
    yield from _derivation_edges(history)
    for special in history.specialisations:
        yield Edge(special.general, special.entity, Relation.COPY, marks_source=True)
    for part in history.memberships:
        if kinds.get(part.collection) in _HOLDS_OLDER:
            yield Edge(part.member, part.collection, Relation.PART)
        else:
            yield Edge(part.collection, part.member, Relation.PART, marks_source=True)
    for one in history.entities:
        yield from _reference_edges(one)


def _derivation_edges(history: History) -> Iterable[Edge]:
    used = {(event.id, entity) for event in history.events for entity, _ in event.used}
    made = {(event.id, entity) for event in history.events for entity in event.generated}
    for one in history.derivations:
        if one.event and (one.event, one.source) in used and (one.event, one.entity) in made:
            continue
        relation = Relation.EVIDENCE if one.kind == "evidence" else Relation.FLOW
        yield Edge(one.source, one.entity, relation)


def _reference_edges(entity: ProvEntity) -> Iterator[Edge]:
    for subject in fact_texts(entity.facts, "of"):
        yield Edge(subject, entity.id, Relation.EVIDENCE)
    for record in fact_texts(entity.facts, "according-to-record"):
        yield Edge(record, entity.id, Relation.EVIDENCE)
