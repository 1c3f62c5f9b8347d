"""Makes the tables that have the same facts as the picture of a history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archtool.provenance.model import History, ProvEvent
from archtool.report.package_page.limits import MAX_ROWS
from archtool.report.provenance.chronology import in_order_of_time

_KINDS = {
    "adopted-bag": "bag of the payload",
    "predecessor": "package before this one",
}


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event of the history."""

    date: str | None
    label: str
    kind: str
    agents: tuple[str, ...]
    used: tuple[str, ...]
    generated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelationRow:
    """Something that came from something else, or that an agent is said to have made."""

    entity: str
    words: str
    other: str


@dataclass(frozen=True, slots=True)
class HistoryRows:
    """The rows of the tables, and how many were left out."""

    events: tuple[EventRow, ...] = ()
    relations: tuple[RelationRow, ...] = ()
    things: tuple[tuple[str, str], ...] = ()
    """Kinds and labels of the entities."""
    left_out: int = 0


def history_rows(history: History | None) -> HistoryRows:
    """Return the rows for a history."""
    if history is None:
        return HistoryRows()
    labels = history.labels()
    events = tuple(_event(event, labels) for event in in_order_of_time(history))
    relations = tuple(_relations(history, labels))
    things = tuple((_KINDS.get(e.kind.value, e.kind.value), e.label) for e in history.entities)
    left_out = sum(max(0, len(rows) - MAX_ROWS) for rows in (events, relations, things))
    return HistoryRows(events[:MAX_ROWS], relations[:MAX_ROWS], things[:MAX_ROWS], left_out)


def _event(event: ProvEvent, labels: Mapping[str, str]) -> EventRow:
    return EventRow(
        event.date,
        event.label,
        event.kind,
        tuple(f"{labels.get(agent, agent)} ({role.replace('-', ' ')})" for agent, role in event.agents),
        tuple(labels.get(used, used) for used, _ in event.used),
        tuple(labels.get(made, made) for made in event.generated),
    )


def _relations(history: History, labels: Mapping[str, str]) -> Iterator[RelationRow]:
    def name(key: str) -> str:
        return labels.get(key, key)

    for claim in history.attributions:
        words = f"{claim.role}, {claim.status}" if claim.status != "stated" else claim.role
        yield RelationRow(name(claim.entity), words, name(claim.agent))
    for derived in history.derivations:
        yield RelationRow(name(derived.entity), f"from ({derived.kind})", name(derived.source))
    for special in history.specialisations:
        yield RelationRow(name(special.entity), "is a form of", name(special.general))
    for member in history.memberships:
        yield RelationRow(name(member.member), "is part of", name(member.collection))
