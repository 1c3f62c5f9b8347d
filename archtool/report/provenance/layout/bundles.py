"""Joins edges of one kind with the same source or the same target: they become one branching line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from archtool.report.provenance.layout.graph import Edge, Relation


@dataclass(frozen=True, slots=True)
class Bundle:
    """Edges that share a line: from one source to several targets, or from several sources to one target."""

    relation: Relation
    marks_source: bool
    sources: tuple[str, ...]
    targets: tuple[str, ...]


def bundle_edges(edges: Iterable[Edge]) -> tuple[Bundle, ...]:
    """Join the edges, each with the larger of the two groups that it can join."""
    distinct = tuple(dict.fromkeys(edges))
    from_same = Counter((e.source, e.relation, e.marks_source) for e in distinct)
    to_same = Counter((e.target, e.relation, e.marks_source) for e in distinct)
    groups: dict[tuple[str, str, Relation, bool], list[Edge]] = {}
    for edge in distinct:
        shared = (edge.relation, edge.marks_source)
        if from_same[(edge.source, *shared)] >= to_same[(edge.target, *shared)]:
            groups.setdefault(("from", edge.source, *shared), []).append(edge)
        else:
            groups.setdefault(("to", edge.target, *shared), []).append(edge)
    return tuple(
        Bundle(
            relation,
            marks_source,
            tuple(dict.fromkeys(edge.source for edge in members)),
            tuple(dict.fromkeys(edge.target for edge in members)),
        )
        for (_, _, relation, marks_source), members in groups.items()
    )
