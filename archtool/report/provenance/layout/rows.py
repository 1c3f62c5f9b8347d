"""Puts the nodes of a graph into rows, older ones above, and into the columns of each row.

A row never has more columns than `COLUMNS`: ranks with more nodes continue in the next row. A node with
agents takes two columns, its own and the one to its right for its agents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import mean

from archtool.report.provenance.layout.graph import Edge, Graph, Node

COLUMNS = 4  # at about 270 pixels each the drawing is as wide as a usual window, and readable on A4


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of a node: a row and a column, both counted from 0."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Placement:
    """The cells of all nodes, and edges that all lead downwards."""

    cells: Mapping[str, Cell]
    edges: tuple[Edge, ...]
    rows: int
    columns: int


def place_nodes(graph: Graph) -> Placement:
    """Return the cell of each node; edges that would lead upwards are turned round, with their marks."""
    edges = _without_circles(graph)
    ranks = _ranks(graph.nodes, edges)
    cells: dict[str, Cell] = {}
    row = 0
    for nodes in _nodes_by_rank(graph.nodes, ranks):
        wishes = _wished_columns(nodes, edges, cells)
        for members in _split(sorted(nodes, key=lambda node: wishes[node.id])):
            for node, column in zip(members, _columns(members, wishes), strict=True):
                cells[node.id] = Cell(row, column)
            row += 1
    first = min((cell.column for cell in cells.values()), default=0)
    end = max((cells[node.id].column + _width(node) for node in graph.nodes), default=0)
    moved = {name: Cell(cell.row, cell.column - first) for name, cell in cells.items()}
    return Placement(moved, edges, row, end - first)


def _width(node: Node) -> int:
    return 2 if node.agents else 1


def _without_circles(graph: Graph) -> tuple[Edge, ...]:
    """Turn round the edges that close a circle; drop edges from a node to itself and to unknown nodes."""
    known = {node.id: number for number, node in enumerate(graph.nodes)}
    edges = [e for e in graph.edges if e.source in known and e.target in known and e.source != e.target]
    order = _order(list(known), edges)
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
    free = [name for name in names if not waiting[name]]
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


def _ranks(nodes: Sequence[Node], edges: Sequence[Edge]) -> dict[str, int]:
    """Give each node the first rank below all that lead to it; without any, the one above its first use."""
    order = _order([node.id for node in nodes], edges)
    before, after = defaultdict(list), defaultdict(list)
    for edge in edges:
        before[edge.target].append(edge.source)
        after[edge.source].append(edge.target)
    ranks: dict[str, int] = {}
    for name in sorted(order, key=lambda one: order[one]):
        ranks[name] = max((ranks[source] + 1 for source in before[name]), default=0)
    last = max(ranks.values(), default=0) + 1
    for name, rank in tuple(ranks.items()):
        if not before[name]:
            ranks[name] = min((ranks[t] - 1 for t in after[name]), default=last if rank == 0 else rank)
    return ranks


def _nodes_by_rank(nodes: Iterable[Node], ranks: Mapping[str, int]) -> list[list[Node]]:
    groups: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        groups[ranks[node.id]].append(node)
    return [groups[rank] for rank in sorted(groups)]


def _wished_columns(
    nodes: Iterable[Node], edges: Iterable[Edge], cells: Mapping[str, Cell]
) -> dict[str, float]:
    """Return the mean column of what leads to each node; what nothing leads to stands at the right."""
    above: dict[str, list[int]] = defaultdict(list)
    for edge in edges:
        if edge.source in cells:
            above[edge.target].append(cells[edge.source].column)
    return {node.id: mean(above[node.id]) if above[node.id] else COLUMNS / 2 for node in nodes}


def _split(nodes: Iterable[Node]) -> list[list[Node]]:
    """Divide the nodes of a rank into rows that are not too wide."""
    rows: list[list[Node]] = []
    free = 0
    for node in nodes:
        if _width(node) > free:
            rows.append([])
            free = COLUMNS
        rows[-1].append(node)
        free -= _width(node)
    return rows


def _columns(nodes: Sequence[Node], wishes: Mapping[str, float]) -> list[int]:
    """Put the nodes of a row as near to the wished columns as the others leave room for."""
    columns: list[int] = []
    free = 0
    for node in nodes:
        columns.append(max(free, round(wishes[node.id])))
        free = columns[-1] + _width(node)
    limit = COLUMNS
    for number in reversed(range(len(nodes))):
        limit = columns[number] = min(columns[number], limit - _width(nodes[number]))
    return columns
