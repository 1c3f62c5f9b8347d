"""Arranges a graph as a picture: places for all boxes and lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from archtool.report.provenance.layout.boxes import BOX_WIDTH, Box, make_box
from archtool.report.provenance.layout.bundles import bundle_edges
from archtool.report.provenance.layout.graph import Graph, Node, Shape
from archtool.report.provenance.layout.lines import Place, agent_lines, bundle_line
from archtool.report.provenance.layout.picture import Line, Picture
from archtool.report.provenance.layout.ports import Ports, assign_ports
from archtool.report.provenance.layout.routes import Gutters, Lane, Route, route_bundles
from archtool.report.provenance.layout.rows import Cell, Placement, place_nodes
from archtool.report.provenance.layout.tracks import Tracks, assign_tracks

_LANE_GAP = 9
_GUTTER_MARGIN = 16
_MIN_GUTTER = 34
_OUTER_MARGIN = 10
_TRACK_GAP = 8
_ABOVE_TRACKS, _BELOW_TRACKS = 14, 22  # an arrow has its place below
_NO_TRACKS = 34
_AGENT_GAP = 8


@dataclass(frozen=True, slots=True)
class _Block:
    """The boxes of a node and its agents, all with their upper left corners at (0, 0)."""

    node: Box
    agents: tuple[Box, ...]

    @property
    def height(self) -> float:
        stack = sum(box.height + _AGENT_GAP for box in self.agents) - _AGENT_GAP
        return max(self.node.height, stack)


def arrange(graph: Graph) -> Picture:
    """Return the places of all boxes and lines of a graph; the same graph always has the same picture."""
    placement = place_nodes(graph)
    blocks = {node.id: _block(node) for node in graph.nodes}
    gutters = Gutters()
    brackets = _brackets(graph.nodes, placement.cells, gutters)
    taken = list(_taken_cells(graph.nodes, placement.cells))
    routes = route_bundles(bundle_edges(placement.edges), placement.cells, taken, gutters)
    lefts, width = _columns(placement.columns, gutters)
    place = _LanePlaces(lefts, gutters)
    columns = {name: lefts[cell.column] for name, cell in placement.cells.items()}
    ports = assign_ports(routes, columns, place.x)
    tracks = assign_tracks(routes, ports, place.x)
    tops, height = _rows(placement, blocks, tracks)
    boxes = _placed(graph.nodes, placement, blocks, lefts, tops)
    return Picture(
        width,
        height,
        tuple(box for node in graph.nodes for box in boxes[node.id]),
        (
            *_bundle_lines(routes, ports, tracks, place, boxes, tops),
            *_agent_lines(graph.nodes, boxes, brackets, place),
        ),
    )


def _block(node: Node) -> _Block:
    agents = tuple(make_box(node.id, Shape.AGENT, label, 0, 0) for label in node.agents)
    return _Block(make_box(node.id, node.shape, node.label, 0, 0), agents)


def _taken_cells(nodes: Iterable[Node], cells: Mapping[str, Cell]) -> Iterable[Cell]:
    for node in nodes:
        yield cells[node.id]
        if node.agents:
            yield Cell(cells[node.id].row, cells[node.id].column + 1)


def _brackets(nodes: Iterable[Node], cells: Mapping[str, Cell], gutters: Gutters) -> dict[str, Lane]:
    """Reserve a lane beside each box with several agents, for the line that leads to all of them."""
    return {
        node.id: gutters.take(cells[node.id].column + 1, (2 * cells[node.id].row, 2 * cells[node.id].row))
        for node in nodes
        if len(node.agents) > 1
    }


def _columns(count: int, gutters: Gutters) -> tuple[list[float], float]:
    """Return the left side of each column, and the width of the drawing."""
    widths = [
        _gutter_width(gutters.count(number), is_outer=number in (0, count)) for number in range(count + 1)
    ]
    lefts = [before + number * BOX_WIDTH for number, before in enumerate(accumulate(widths[:-1]))]
    return lefts, sum(widths) + count * BOX_WIDTH


def _gutter_width(lanes: int, *, is_outer: bool) -> float:
    if is_outer:
        return _OUTER_MARGIN + (lanes * _LANE_GAP + _GUTTER_MARGIN - _LANE_GAP if lanes else 0)
    return max(_MIN_GUTTER, 2 * _GUTTER_MARGIN + (lanes - 1) * _LANE_GAP)


@dataclass(frozen=True, slots=True)
class _LanePlaces:
    """Where the lanes are."""

    lefts: Sequence[float]
    gutters: Gutters

    def x(self, lane: Lane) -> float:
        """Return the x of a lane: in the middle of its gutter, in the outer gutters next to the boxes."""
        if lane.gutter == len(self.lefts):
            return self.lefts[-1] + BOX_WIDTH + _GUTTER_MARGIN + lane.number * _LANE_GAP
        if lane.gutter == 0:
            return self.lefts[0] - _GUTTER_MARGIN - lane.number * _LANE_GAP
        begin, end = self.lefts[lane.gutter - 1] + BOX_WIDTH, self.lefts[lane.gutter]
        first = (begin + end - (self.gutters.count(lane.gutter) - 1) * _LANE_GAP) / 2
        return first + lane.number * _LANE_GAP


def _rows(
    placement: Placement, blocks: Mapping[str, _Block], tracks: Tracks
) -> tuple[list[tuple[float, float]], float]:
    """Return for each row its top and the y of the first track below it, and the height of the drawing."""
    heights: dict[int, float] = defaultdict(float)
    for name, cell in placement.cells.items():
        heights[cell.row] = max(heights[cell.row], blocks[name].height)
    places, y = [], float(_OUTER_MARGIN)
    for row in range(placement.rows):
        bottom = y + heights[row]
        places.append((y, bottom + _ABOVE_TRACKS))
        used = tracks.count(row)
        y = bottom + (_ABOVE_TRACKS + (used - 1) * _TRACK_GAP + _BELOW_TRACKS if used else _NO_TRACKS)
    last = placement.rows - 1
    return places, places[last][0] + heights[last] + _OUTER_MARGIN if places else 2 * _OUTER_MARGIN


def _placed(
    nodes: Iterable[Node],
    placement: Placement,
    blocks: Mapping[str, _Block],
    lefts: Sequence[float],
    tops: Sequence[tuple[float, float]],
) -> dict[str, list[Box]]:
    """Return the box of each node, followed by the boxes of its agents, at their places."""
    placed: dict[str, list[Box]] = {}
    for node in nodes:
        cell, block = placement.cells[node.id], blocks[node.id]
        y = tops[cell.row][0]
        placed[node.id] = [replace(block.node, x=lefts[cell.column], y=y)]
        for agent in block.agents:
            placed[node.id].append(replace(agent, x=lefts[cell.column + 1], y=y))
            y += agent.height + _AGENT_GAP
    return placed


def _bundle_lines(
    routes: Iterable[Route],
    ports: Ports,
    tracks: Tracks,
    place: _LanePlaces,
    boxes: Mapping[str, list[Box]],
    tops: Sequence[tuple[float, float]],
) -> Iterable[Line]:
    for number, route in enumerate(routes):
        ends = {name: boxes[name][0] for name in (*route.bundle.sources, *route.bundle.targets)}
        heights = {
            space: tops[space][1] + track * _TRACK_GAP for space, track in tracks.of_route(number).items()
        }
        lane_x = None if route.lane is None else place.x(route.lane)
        yield bundle_line(route, Place(ports.below[number], ports.above[number], heights, lane_x), ends)


def _agent_lines(
    nodes: Iterable[Node],
    boxes: Mapping[str, list[Box]],
    brackets: Mapping[str, Lane],
    place: _LanePlaces,
) -> Iterable[Line]:
    for node in nodes:
        if node.agents:
            lane = brackets.get(node.id)
            yield agent_lines(boxes[node.id][0], boxes[node.id][1:], None if lane is None else place.x(lane))
