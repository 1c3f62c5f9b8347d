"""Gathers a history piece by piece, so that each piece has an id before another speaks of it."""

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
    """Only what was stated: None and empty lists go, true and false and counts become words."""
    kept: dict[str, str | tuple[str, ...]] = {}
    for name, value in facts.items():
        if value is None:  # nearly always
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
    """A history while it is being told."""

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

    def new_id(self, wanted: str) -> str:
        """An id that nothing else of this history has."""
        return self._register.take(wanted)

    def agent(
        self,
        name: str,
        type_: str | None = None,
        identifier: str | None = None,
        *,
        version: str | None = None,
        note: str | None = None,
    ) -> str:
        """The id of an agent.

        The same name twice in one description is the same agent, unless its type or its identifier
        elsewhere says otherwise; what is stated at one mention is kept for all.
        """
        stated = ProvAgent("", name, type_, identifier, version, (note,) if note else ())
        namesakes = self._namesakes.setdefault(name, [])
        for known in (self._agents[agent_id] for agent_id in namesakes):
            if _may_be_the_same(known, stated):
                self._agents[known.id] = _joined(known, stated)
                return known.id
        number = len(self._agents) + 1
        agent_id = self.new_id(f"agent-{readable_id(name, str(number))}")
        self._agents[agent_id] = ProvAgent(agent_id, name, type_, identifier, version, stated.notes)
        namesakes.append(agent_id)
        return agent_id

    def entity(self, entity_id: str, kind: EntityKind, label: str, facts: StatedFacts | None = None) -> str:
        """Put an entity on record under an id from `new_id`."""
        self._entities[entity_id] = ProvEntity(entity_id, kind, label, stated_facts(facts or {}))
        return entity_id

    def event(self, event: ProvEvent) -> str:
        """Put an event on record."""
        self._events.append(event)
        return event.id

    def attribute(self, attribution: ProvAttribution) -> None:
        """Put on record who is held to have made something."""
        self._attributions.append(attribution)

    def derive(self, derivation: Derivation) -> None:
        """Put on record what something was made from; the same twice is said once."""
        self._derivations[derivation] = None

    def specialise(self, entity: str, general: str) -> None:
        """Put on record that one is a particular form of the other."""
        self._specialisations.append(Specialisation(entity, general))

    def belong(self, collection: str, member: str) -> None:
        """Put on record that one is part of the other."""
        self._memberships.append(Membership(collection, member))

    def permit(self, rights: Rights) -> None:
        """Put on record what may be done with something."""
        self._rights.append(rights)

    def history(self) -> History:
        """All of it, in the order in which it was told."""
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


def _may_be_the_same(known: ProvAgent, stated: ProvAgent) -> bool:
    pairs = (
        (known.type, stated.type),
        (known.identifier, stated.identifier),
        (known.version, stated.version),
    )
    return all(a is None or b is None or a == b for a, b in pairs)


def _joined(known: ProvAgent, stated: ProvAgent) -> ProvAgent:
    return replace(
        known,
        type=known.type or stated.type,
        identifier=known.identifier or stated.identifier,
        version=known.version or stated.version,
        notes=tuple(dict.fromkeys((*known.notes, *stated.notes))),
    )
