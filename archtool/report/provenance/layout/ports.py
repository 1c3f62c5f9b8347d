"""Gives each line its own place at the side of each box that it leads to.

Ports below a box are an even number of steps away from its middle, ports above a box an odd number: so a
line that goes down from a box never lies upon one that goes down to the box below. The middle is for straight
lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from archtool.report.provenance.layout.boxes import BOX_WIDTH
from archtool.report.provenance.layout.routes import Lane, Route

_STEP = 12.0  # marks at neighbouring ports do not touch
_REACH = BOX_WIDTH / 2 - 18  # corners stay free


@dataclass(frozen=True, slots=True)
class Ports:
    """The x of each route at each of its boxes, in the order of the routes."""

    below: tuple[dict[str, float], ...]
    """By source, at the lower side of its box."""
    above: tuple[dict[str, float], ...]
    """By target, at the upper side of its box."""


def assign_ports(
    routes: Sequence[Route], lefts: Mapping[str, float], lane_x: Callable[[Lane], float]
) -> Ports:
    """Return the ports of all routes; `lefts` are the left sides of the boxes."""
    below: dict[str, list[tuple[float, int]]] = defaultdict(list)
    above: dict[str, list[tuple[float, int]]] = defaultdict(list)
    ports = Ports(tuple({} for _ in routes), tuple({} for _ in routes))
    middles = {name: left + BOX_WIDTH / 2 for name, left in lefts.items()}
    for number, route in enumerate(routes):
        straight = route.straight or (None, None)
        for source in route.bundle.sources:
            if source == straight[0]:
                ports.below[number][source] = middles[source]
            else:
                below[source].append((_aim(route, source, middles, lane_x), number))
        for target in route.bundle.targets:
            if target == straight[1]:
                ports.above[number][target] = middles[target]
            else:
                above[target].append((_aim(route, target, middles, lane_x), number))
    step = min([_STEP, *(_REACH / (2 * len(lines)) for side in (below, above) for lines in side.values())])
    for side, found, shift in ((below, ports.below, 0), (above, ports.above, 1)):
        for name, lines in side.items():
            for (_, number), place in zip(sorted(lines), _places(lines, middles[name], shift), strict=True):
                found[number][name] = middles[name] + place * step
    return ports


def _aim(route: Route, end: str, middles: Mapping[str, float], lane_x: Callable[[Lane], float]) -> float:
    """Return where the line of a route goes from one of its ends."""
    if route.lane is not None:
        return lane_x(route.lane)
    others = route.bundle.targets if end in route.bundle.sources else route.bundle.sources
    return mean(middles[name] for name in others)


def _places(lines: Sequence[tuple[float, int]], middle: float, shift: int) -> list[int]:
    """Return the steps from the middle, negative ones for lines to the left: even ones, or odd if `shift`."""
    to_left = sum(1 for aim, _ in lines if aim < middle)
    first = 2 - shift
    left = [-(first + 2 * number) for number in reversed(range(to_left))]
    return left + [first + 2 * number for number in range(len(lines) - to_left)]
