"""Turns relations round that close a circle, so that all relations lead downwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from archtool.report.provenance.layout.graph import Edge, Graph


def without_circles(graph: Graph) -> tuple[Edge, ...]:
    """Return the edges between different nodes of the graph, those that close a circle turned round.

    An edge keeps its mark at the node where it was.
    """
    names = [node.id for node in graph.nodes]
    known = frozenset(names)
    edges = [e for e in graph.edges if e.source in known and e.target in known and e.source != e.target]
    order = _order(names, edges)
    return tuple(
        edge
        if order[edge.source] < order[edge.target]
        else replace(edge, source=edge.target, target=edge.source, marks_source=not edge.marks_source)
        for edge in edges
    )


def _order(names: Sequence[str], edges: Iterable[Edge]) -> dict[str, int]:
    """Number the nodes so that edges lead to higher numbers, as far as there are no circles."""
    after: dict[str, list[str]] = defaultdict(list)
    waiting = dict.fromkeys(names, 0)
    for edge in edges:
        after[edge.source].append(edge.target)
        waiting[edge.target] += 1
    order: dict[str, int] = {}
    free = [name for name in reversed(names) if not waiting[name]]
    left = iter(names)
    while len(order) < len(names):
        name = free.pop() if free else next(other for other in left if other not in order)
        if name in order:
            continue
        order[name] = len(order)
        for target in after[name]:
            waiting[target] -= 1
            if not waiting[target] and target not in order:
                free.append(target)
    return order
