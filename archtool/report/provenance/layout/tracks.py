"""Gives the horizontal parts of lines between two rows heights on which they do not touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from archtool.report.provenance.layout.ports import Ports
from archtool.report.provenance.layout.routes import Lane, Route

_GAP = 8.0


@dataclass(slots=True)
class Tracks:
    """The number of the track of each route, by the space between rows and the number of the route."""

    numbers: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def count(self, space: int) -> int:
        """Return how many tracks a space has."""
        return max(self.numbers.get(space, {}).values(), default=-1) + 1

    def of_route(self, number: int) -> Mapping[int, int]:
        """Return the tracks of a route by space."""
        return {space: tracks[number] for space, tracks in self.numbers.items() if number in tracks}


def assign_tracks(routes: Sequence[Route], ports: Ports, lane_x: Callable[[Lane], float]) -> Tracks:
    """Return a track for each route in each space in which it turns."""
    wanted: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    for number, route in enumerate(routes):
        for space, places in places_by_space(route, number, ports, lane_x).items():
            wanted[space].append((min(places), max(places), number))
    tracks = Tracks()
    for space, spans in wanted.items():
        taken: list[float] = []
        for begin, end, number in sorted(spans):
            track = next((n for n, last in enumerate(taken) if last + _GAP < begin), len(taken))
            taken[track : track + 1] = [end]
            tracks.numbers[space][number] = track
    return tracks


def places_by_space(
    route: Route, number: int, ports: Ports, lane_x: Callable[[Lane], float]
) -> dict[int, list[float]]:
    """Return the x of all vertical parts of a route, by the space in which they meet the track."""
    places: dict[int, list[float]] = defaultdict(list)
    for source, space in route.exits.items():
        places[space].append(ports.below[number][source])
    for target, space in route.entries.items():
        places[space].append(ports.above[number][target])
    if route.lane is not None:
        for found in places.values():
            found.append(lane_x(route.lane))
    return places
