"""Chooses the way of each line: ports at the boxes, lanes between the columns, tracks between the rows.

A line leaves a box at its lower side and enters a box at its upper side. Between two rows it runs on a track
(a height that no other line has there), past rows in a lane (a place between two columns that no other line
has in these rows). So no line crosses a box, and two lines can cross but never lie upon each other. A target
straight below its source is reached by a straight line if the cells between them are empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import mean

from archtool.report.provenance.layout.bundles import Bundle
from archtool.report.provenance.layout.rows import Cell

Interval = tuple[int, int]
"""Places from top to bottom: row `r` is 2·r, the space below it 2·r + 1."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A vertical line between two columns; gutter `g` is to the left of column `g`."""

    gutter: int
    number: int


@dataclass(slots=True)
class Route:
    """The way of one bundle."""

    bundle: Bundle
    straight: tuple[str, str] | None = None
    """A source and the target straight below it."""
    lane: Lane | None = None
    exits: dict[str, int] = field(default_factory=dict)
    """By source: the space below which row its line turns."""
    entries: dict[str, int] = field(default_factory=dict)
    """By target: the space above its row."""

    @property
    def spaces(self) -> Interval | None:
        """The first and the last space between rows in which the line turns."""
        used = (*self.exits.values(), *self.entries.values())
        return (min(used), max(used)) if used else None


@dataclass(slots=True)
class Gutters:
    """The lanes between the columns, each with what it is used for."""

    lanes: dict[int, list[list[Interval]]] = field(default_factory=lambda: defaultdict(list))

    def take(self, gutter: int, wanted: Interval) -> Lane:
        """Return the first lane of a gutter that is free there, or a new one."""
        lanes = self.lanes[gutter]
        for number, taken in enumerate(lanes):
            if all(end < wanted[0] or wanted[1] < begin for begin, end in taken):
                taken.append(wanted)
                return Lane(gutter, number)
        lanes.append([wanted])
        return Lane(gutter, len(lanes) - 1)

    def count(self, gutter: int) -> int:
        """Return how many lanes a gutter has."""
        return len(self.lanes.get(gutter, ()))


def route_bundles(
    bundles: Iterable[Bundle], cells: Mapping[str, Cell], taken: Iterable[Cell], gutters: Gutters
) -> tuple[Route, ...]:
    """Return the route of each bundle; `taken` are all cells with boxes, also those of agents."""
    routes = [Route(bundle) for bundle in bundles]
    _find_straight_lines(routes, cells, frozenset((cell.row, cell.column) for cell in taken))
    for route in routes:
        _find_turns(route, cells)
    for route in sorted(routes, key=_length):
        spaces = route.spaces
        if spaces is not None and spaces[0] < spaces[1]:
            ends = [cells[name].column for name in (*route.exits, *route.entries)]
            route.lane = gutters.take(_nearest_gutter(ends), (2 * spaces[0] + 1, 2 * spaces[1] + 1))
    return tuple(routes)


def _length(route: Route) -> int:
    spaces = route.spaces
    return 0 if spaces is None else spaces[1] - spaces[0]


def _nearest_gutter(columns: Sequence[int]) -> int:
    """Return the gutter with the shortest ways to all columns; `c` and `c + 1` are beside column `c`."""
    ways = {gutter: sum(abs(c + 0.5 - gutter) for c in columns) for gutter in range(max(columns) + 2)}
    middle = mean(columns)
    return min(ways, key=lambda gutter: (ways[gutter], abs(gutter - middle), gutter))


def _find_straight_lines(
    routes: Sequence[Route], cells: Mapping[str, Cell], taken: frozenset[tuple[int, int]]
) -> None:
    """Give straight lines to pairs of boxes with nothing between them, one above and one below each box."""
    below: set[str] = set()
    above: set[str] = set()
    for route in routes:
        pairs = ((s, t) for s in route.bundle.sources for t in route.bundle.targets)
        for source, target in pairs:
            is_free = source not in below and target not in above
            if is_free and _is_clear(cells[source], cells[target], taken):
                route.straight = (source, target)
                below.add(source)
                above.add(target)
                break


def _is_clear(source: Cell, target: Cell, taken: frozenset[tuple[int, int]]) -> bool:
    if source.column != target.column:
        return False
    return all((row, source.column) not in taken for row in range(source.row + 1, target.row))


def _find_turns(route: Route, cells: Mapping[str, Cell]) -> None:
    """Set the spaces in which the lines of a bundle turn; ends that only have a straight line have none."""
    sources, targets = route.bundle.sources, route.bundle.targets
    if len(sources) == 1:
        turning = [t for t in targets if route.straight is None or t != route.straight[1]]
        route.entries = {target: cells[target].row - 1 for target in turning}
        route.exits = {sources[0]: cells[sources[0]].row} if turning else {}
    else:
        turning = [s for s in sources if route.straight is None or s != route.straight[0]]
        route.exits = {source: cells[source].row for source in turning}
        route.entries = {targets[0]: cells[targets[0]].row - 1} if turning else {}
