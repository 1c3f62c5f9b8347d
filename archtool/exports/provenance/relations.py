"""Lists the relations of a history with the names that PROV gives them, for programs that draw graphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archtool.provenance.model import History, ProvEvent


class NamedRelation(NamedTuple):
    """A relation; as in PROV it leads from the later thing to the earlier one."""

    source: str
    target: str
    name: str
    detail: str = ""
    """A role, or the kind of a derivation."""

    @property
    def label(self) -> str:
        """The name, with the detail in brackets."""
        return f"{self.name} ({self.detail})" if self.detail else self.name


def event_label(event: ProvEvent) -> str:
    """Return the label of an event, with its date if it has one."""
    return f"{event.label}, {event.date}" if event.date else event.label


def named_relations(history: History) -> Iterator[NamedRelation]:
    """Yield all relations between things that the history has."""
    known = history.labels()
    return (one for one in _relations(history) if one.source in known and one.target in known)


def _relations(history: History) -> Iterator[NamedRelation]:
    for event in history.events:
        for entity, role in event.used:
            yield NamedRelation(event.id, entity, "used", role or "")
        for entity in event.generated:
            yield NamedRelation(entity, event.id, "wasGeneratedBy")
        for agent, role in event.agents:
            yield NamedRelation(event.id, agent, "wasAssociatedWith", role)
    for one in history.attributions:
        if not one.is_rejected:
            detail = one.role if one.status == "stated" else f"{one.role}, {one.status}"
            yield NamedRelation(one.entity, one.agent, "wasAttributedTo", detail)
    for derived in history.derivations:
        yield NamedRelation(derived.entity, derived.source, "wasDerivedFrom", derived.kind)
    for special in history.specialisations:
        yield NamedRelation(special.entity, special.general, "specializationOf")
    for part in history.memberships:
        yield NamedRelation(part.collection, part.member, "hadMember")
