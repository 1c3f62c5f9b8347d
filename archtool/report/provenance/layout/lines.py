"""Computes the parts, branching points and marks of lines from their routes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archtool.report.provenance.layout.boxes import Box
from archtool.report.provenance.layout.picture import Line, Mark, Point
from archtool.report.provenance.layout.routes import Route

Segment = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a route runs."""

    below: Mapping[str, float]
    above: Mapping[str, float]
    tracks: Mapping[int, float]
    """The y of the track by space."""
    lane_x: float | None


def bundle_line(route: Route, place: Place, boxes: Mapping[str, Box]) -> Line:
    """Return the line of a route; `boxes` are those that it leads to."""
    segments = list(_segments(route, place, boxes))
    bundle = route.bundle
    if bundle.marks_source:
        marks = [Mark(place.below[name], boxes[name].bottom, points_down=False) for name in bundle.sources]
    else:
        marks = [Mark(place.above[name], boxes[name].y, points_down=True) for name in bundle.targets]
    dots = _branches(segments)
    return Line(bundle.relation, tuple(segments), dots, tuple(marks), (*bundle.sources, *bundle.targets))


def _segments(route: Route, place: Place, boxes: Mapping[str, Box]) -> Iterator[Segment]:
    turns: dict[int, list[float]] = defaultdict(list)
    for source, space in route.exits.items():
        x = place.below[source]
        turns[space].append(x)
        yield (x, boxes[source].bottom), (x, place.tracks[space])
    for target, space in route.entries.items():
        x = place.above[target]
        turns[space].append(x)
        yield (x, place.tracks[space]), (x, boxes[target].y)
    if route.straight is not None:
        source, target = route.straight
        yield (place.below[source], boxes[source].bottom), (place.above[target], boxes[target].y)
    if place.lane_x is not None:
        heights = [place.tracks[space] for space in turns]
        yield (place.lane_x, min(heights)), (place.lane_x, max(heights))
        for places in turns.values():
            places.append(place.lane_x)
    for space, places in turns.items():
        if min(places) < max(places):
            yield (min(places), place.tracks[space]), (max(places), place.tracks[space])


def _branches(segments: Sequence[Segment]) -> tuple[Point, ...]:
    """Return the points where at least three directions of one line meet."""
    found = set()
    for point in dict.fromkeys(point for segment in segments for point in segment):
        directions = {way for segment in segments for way in _directions(point, segment)}
        if len(directions) > 2:
            found.add(point)
    crossings = Counter(
        (v[0][0], h[0][1])
        for v in segments if v[0][0] == v[1][0]
        for h in segments if h[0][1] == h[1][1] and h[0][0] != h[1][0]
        if h[0][0] <= v[0][0] <= h[1][0] and v[0][1] <= h[0][1] <= v[1][1]
    )  # fmt: skip
    for point in crossings:
        if len({way for segment in segments for way in _directions(point, segment)}) > 2:
            found.add(point)
    return tuple(sorted(found))


def _directions(point: Point, segment: Segment) -> Iterable[str]:
    (x1, y1), (x2, y2) = segment
    x, y = point
    if x1 == x2 == x and y1 <= y <= y2:
        yield from (way for way, has in (("up", y1 < y), ("down", y < y2)) if has)
    elif y1 == y2 == y and x1 <= x <= x2:
        yield from (way for way, has in (("left", x1 < x), ("right", x < x2)) if has)


def agent_lines(box: Box, agents: Sequence[Box], lane_x: float | None) -> Line:
    """Return the line from a box to the agents at its right; `lane_x` is where it branches."""
    start = box.y + min(box.height, agents[0].height) / 2
    segments: list[Segment] = [((box.right, start), (agents[0].x, start))]
    dots: list[Point] = []
    if lane_x is not None:
        heights = [agent.y + agent.height / 2 for agent in agents[1:]]
        segments.append(((lane_x, start), (lane_x, heights[-1])))
        segments += [((lane_x, y), (agent.x, y)) for y, agent in zip(heights, agents[1:], strict=True)]
        dots = [(lane_x, start)]
    return Line(None, tuple(segments), tuple(dots), (), (box.node,))
