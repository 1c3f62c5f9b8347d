"""Puts the nodes of a graph into rows and columns, older ones above.

Rows are filled one after the other with nodes whose predecessors are all in earlier rows. What goes on from
the row before comes first, and stands below it if possible: so a page, its transcription and its facsimile
form a column, and not three groups with long lines between them. A node that nothing leads to waits until
what comes from it needs nothing else. A node with agents takes two columns, its own and the next one for its
agents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from archtool.report.provenance.layout.circles import without_circles
from archtool.report.provenance.layout.graph import Edge, Graph, Node, Relation

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
    edges = without_circles(graph)
    filler = _Filler(graph.nodes, edges)
    rows = 0
    while filler.waiting:
        filler.fill_row(rows)
        rows += 1
    cells = filler.cells
    first = min((cell.column for cell in cells.values()), default=0)
    end = max((cells[node.id].column + _width(node) for node in graph.nodes), default=0)
    moved = {name: Cell(cell.row, cell.column - first) for name, cell in cells.items()}
    return Placement(moved, edges, rows, end - first)


def _width(node: Node) -> int:
    return 2 if node.agents else 1


class _Filler:
    """The rows that are filled, and the nodes that wait."""

    def __init__(self, nodes: Sequence[Node], edges: Sequence[Edge]) -> None:
        self.cells: dict[str, Cell] = {}
        self.waiting = {node.id: node for node in nodes}
        self._numbers = {node.id: number for number, node in enumerate(nodes)}
        self._before: dict[str, list[str]] = defaultdict(list)
        self._after: dict[str, list[str]] = defaultdict(list)
        self._flow: dict[str, list[str]] = defaultdict(list)
        self._flow_after: dict[str, list[str]] = defaultdict(list)
        for edge in edges:
            self._before[edge.target].append(edge.source)
            self._after[edge.source].append(edge.target)
            if edge.relation is Relation.FLOW:
                self._flow[edge.target].append(edge.source)
                self._flow_after[edge.source].append(edge.target)
        self._room = {name: self._needed_room(node) for name, node in self.waiting.items()}

    def fill_row(self, row: int) -> None:
        """Fill a row with the nodes that come next, and remove them from those that wait."""
        free = set(range(COLUMNS))
        columns: dict[str, int] = {}
        wishes: dict[str, float] = {}
        for name in sorted(self._ready(), key=lambda one: self._priority(one, row)):
            wishes[name] = self._wished_column(name)
            column = _nearest(free, self._room[name], wishes[name])
            if column is not None:
                columns[name] = column
                free.difference_update(range(column, column + self._room[name]))
        for name, column in self._in_reading_order(columns, wishes).items():
            self.cells[name] = Cell(row, column)
            del self.waiting[name]

    def _in_reading_order(self, columns: Mapping[str, int], wishes: Mapping[str, float]) -> dict[str, int]:
        """Exchange the columns of nodes with the same wish, so that they stand in the order of the graph."""
        alike: dict[tuple[float, int], list[str]] = defaultdict(list)
        for name in columns:
            alike[(wishes[name], self._room[name])].append(name)
        return {
            name: column
            for names in alike.values()
            for name, column in zip(
                sorted(names, key=lambda one: self._numbers[one]),
                sorted(columns[one] for one in names),
                strict=True,
            )
        }

    def _needed_room(self, node: Node) -> int:
        """Return the columns of a node; as many as those of the only thing that comes from it."""
        below = self._flow_after[node.id]
        next_width = _width(self.waiting[below[0]]) if len(set(below)) == 1 else 1
        return max(_width(node), next_width)

    def _ready(self) -> Iterator[str]:
        for name in self.waiting:
            if all(source in self.cells for source in self._before[name]) and self._is_due(name):
                yield name

    def _is_due(self, name: str) -> bool:
        """Whether a node stands late enough: one that nothing leads to waits for what is needed beside it."""
        if self._before[name] or not self._after[name]:
            return bool(self._before[name]) or self._only_single_nodes_wait()
        return any(
            all(source in self.cells or not self._before[source] for source in self._before[target])
            for target in self._after[name]
        )

    def _only_single_nodes_wait(self) -> bool:
        return not any(self._before[name] or self._after[name] for name in self.waiting)

    def _priority(self, name: str, row: int) -> tuple[int, float, int]:
        follows = [source for source in self._flow[name] if self._is_followed_here(source, row)]
        if follows:
            return (0, min(self.cells[source].column for source in follows), self._numbers[name])
        goes_on = any(self.cells[source].row == row - 1 for source in self._before[name])
        return (1 if goes_on else 2, 0, self._numbers[name])

    def _is_followed_here(self, source: str, row: int) -> bool:
        """Whether a node stands in the row before, or waits for its only successor."""
        return self.cells[source].row == row - 1 or len(set(self._flow_after[source])) == 1

    def _wished_column(self, name: str) -> float:
        """Return the mean column of what leads to a node, of the main line if there is one."""
        above = self._flow[name] or self._before[name]
        if not above:
            beside = [c for target in self._after[name] for c in self._columns_before(target)]
            return mean(beside) if beside else COLUMNS / 2
        return mean(self.cells[source].column for source in above)

    def _columns_before(self, name: str) -> list[int]:
        return [self.cells[source].column for source in self._before[name] if source in self.cells]


def _nearest(free: set[int], room: int, wish: float) -> int | None:
    """Return the free columns that are nearest to the wished one, as the first of them."""
    starts = [c for c in range(COLUMNS) if all(c + more in free for more in range(room))]
    return min(starts, key=lambda column: (abs(column - wish), column), default=None)
