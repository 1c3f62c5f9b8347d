"""Collects what each part of an RO-Crate is made from: the history, its relations by id, and the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from archtool.exports.crate.identifiers import make_identifiers
from archtool.exports.crate.model import CrateFacts
from archtool.exports.crate.values import reference, references
from archtool.provenance.model import (
    Derivation,
    EntityKind,
    History,
    ProvAttribution,
    ProvEntity,
    ProvEvent,
    Rights,
)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class CrateGraph:
    """A history with its relations grouped by the entity that each is about."""

    history: History
    facts: CrateFacts
    identifiers: Mapping[str, str]
    attributions: Mapping[str, list[ProvAttribution]]
    """By the entity that is attributed to an agent; without claims, whose agent is the one who claims."""
    derivations: Mapping[str, list[Derivation]]
    """By the entity that was made from another."""
    texts: Mapping[str, list[Derivation]]
    """By the annexe or document whose text is in a file."""
    members: Mapping[str, list[str]]
    """The ids of the parts of an entity."""
    generals: Mapping[str, list[str]]
    """The ids of the entities that an entity is a copy of."""
    rights: Mapping[str, list[Rights]]
    events: Mapping[str, list[ProvEvent]]
    """By what each event has generated."""

    @classmethod
    def of(cls, history: History, facts: CrateFacts) -> CrateGraph:
        """Group the relations of a history."""
        claims = {entity.id for entity in history.entities if entity.kind is EntityKind.ATTRIBUTION}
        return cls(
            history,
            facts,
            make_identifiers(history),
            _grouped(history.attributions, lambda one: () if one.entity in claims else (one.entity,)),
            _grouped(history.derivations, lambda one: [one.entity]),
            _grouped(history.derivations, lambda one: [one.source] if one.kind == "text" else []),
            _pairs((one.collection, one.member) for one in history.memberships),
            _pairs((one.entity, one.general) for one in history.specialisations),
            _grouped(history.rights, lambda one: one.entities),
            _grouped(history.events, lambda one: one.generated),
        )

    def of_kind(self, *kinds: EntityKind) -> list[ProvEntity]:
        """Return the entities of some kinds, in the order of the history."""
        return [entity for entity in self.history.entities if entity.kind in kinds]

    def identifier(self, own_id: str) -> str:
        """Return the identifier in the crate for an id of the history."""
        return self.identifiers.get(own_id, f"#{own_id}")

    def refer(self, ids: Iterable[str]) -> Any:
        """Return references to entities of the history; one that does not need a list stands alone."""
        return references(self.identifier(own_id) for own_id in ids)

    def refer_to(self, own_id: str) -> dict[str, str]:
        """Return a reference to one entity of the history."""
        return reference(self.identifier(own_id))


def fact(entity: ProvEntity | ProvEvent, name: str) -> str | None:
    """Return a fact as one text; several values are joined."""
    stated = entity.facts.get(name)
    return "; ".join(stated) if isinstance(stated, tuple) else stated


def facts_of(entity: ProvEntity | ProvEvent, name: str) -> tuple[str, ...]:
    """Return all values of a fact."""
    stated = entity.facts.get(name, ())
    return (stated,) if isinstance(stated, str) else stated


def _grouped(items: Iterable[_T], keys: Callable[[_T], Iterable[str]]) -> dict[str, list[_T]]:
    groups: dict[str, list[_T]] = {}
    for item in items:
        for key in keys(item):
            groups.setdefault(key, []).append(item)
    return groups


def _pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
