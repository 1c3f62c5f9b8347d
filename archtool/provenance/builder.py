"""Builds a history step by step, so that each part has an id before another part refers to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from archtool.provenance.ids import IdRegister, readable_id
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

StatedFacts = Mapping[str, str | Sequence[str] | bool | int | None]


def stated_facts(facts: StatedFacts) -> Facts:
    """Return the facts that have a value, as text: `None` and empty lists are left out."""
    kept: dict[str, str | tuple[str, ...]] = {}
    for name, value in facts.items():
        if value is None:  # the usual case
            continue
        if isinstance(value, str):
            kept[name] = value
        elif isinstance(value, bool):
            kept[name] = "true" if value else "false"
        elif isinstance(value, int):
            kept[name] = str(value)
        elif value:
            values = tuple(dict.fromkeys(value))
            kept[name] = values[0] if len(values) == 1 else values
    return kept


class HistoryBuilder:
    """A history under construction."""

    def __init__(self, package_id: str) -> None:
        self._package_id = package_id
        self._register = IdRegister()
        self._agents: dict[str, ProvAgent] = {}
        self._namesakes: dict[str, list[str]] = {}
        self._entities: dict[str, ProvEntity] = {}
        self._events: list[ProvEvent] = []
        self._attributions: list[ProvAttribution] = []
        self._derivations: dict[Derivation, None] = {}
        self._specialisations: list[Specialisation] = []
        self._memberships: list[Membership] = []
        self._rights: list[Rights] = []

    def new_id(self, preferred: str) -> str:
        """Return an id that is unique in this history."""
        return self._register.reserve(preferred)

    def agent(
        self,
        name: str,
        type_: str | None = None,
        identifier: str | None = None,
        *,
        version: str | None = None,
        note: str | None = None,
    ) -> str:
        """Add an agent, or find it, and return its id.

        Two mentions of a name are the same agent unless their types, identifiers or versions differ; the
        agent keeps what either mention states.
        """
        stated = ProvAgent("", name, type_, identifier, version, (note,) if note else ())
        namesakes = self._namesakes.setdefault(name, [])
        for known in (self._agents[agent_id] for agent_id in namesakes):
            if _can_be_same(known, stated):
                self._agents[known.id] = _merged(known, stated)
                return known.id
        number = len(self._agents) + 1
        agent_id = self.new_id(f"agent-{readable_id(name, str(number))}")
        self._agents[agent_id] = ProvAgent(agent_id, name, type_, identifier, version, stated.notes)
        namesakes.append(agent_id)
        return agent_id

    def entity(self, entity_id: str, kind: EntityKind, label: str, facts: StatedFacts | None = None) -> str:
        """Add an entity with an id from `new_id`, and return the id."""
        self._entities[entity_id] = ProvEntity(entity_id, kind, label, stated_facts(facts or {}))
        return entity_id

    def event(self, event: ProvEvent) -> str:
        """Add an event, and return its id."""
        self._events.append(event)
        return event.id

    def attribute(self, attribution: ProvAttribution) -> None:
        """Add a claim that an agent made an entity."""
        self._attributions.append(attribution)

    def derive(self, derivation: Derivation) -> None:
        """Add that an entity was made from another; duplicates are ignored."""
        self._derivations[derivation] = None

    def specialise(self, entity: str, general: str) -> None:
        """Add that an entity is a particular form of another."""
        self._specialisations.append(Specialisation(entity, general))

    def add_member(self, collection: str, member: str) -> None:
        """Add that an entity is a part of another."""
        self._memberships.append(Membership(collection, member))

    def add_rights(self, rights: Rights) -> None:
        """Add the rights in entities."""
        self._rights.append(rights)

    def history(self) -> History:
        """Return the history, with its parts in the order in which they were added."""
        return History(
            self._package_id,
            tuple(self._agents.values()),
            tuple(self._entities.values()),
            tuple(self._events),
            tuple(self._attributions),
            tuple(self._derivations),
            tuple(self._specialisations),
            tuple(self._memberships),
            tuple(self._rights),
        )


def _can_be_same(known: ProvAgent, stated: ProvAgent) -> bool:
    pairs = (
        (known.type, stated.type),
        (known.identifier, stated.identifier),
        (known.version, stated.version),
    )
    return all(a is None or b is None or a == b for a, b in pairs)


def _merged(known: ProvAgent, stated: ProvAgent) -> ProvAgent:
    return replace(
        known,
        type=known.type or stated.type,
        identifier=known.identifier or stated.identifier,
        version=known.version or stated.version,
        notes=tuple(dict.fromkeys((*known.notes, *stated.notes))),
    )
