"""What must hold for the places of boxes and lines in a drawing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from archtool.report.provenance.layout.boxes import Box
from archtool.report.provenance.layout.picture import Line, Picture, Point

Segment = tuple[Point, Point]
_TOUCH = 0.01


def overlapping_boxes(picture: Picture) -> list[tuple[str, str]]:
    return [(a.node, b.node) for a, b in combinations(picture.boxes, 2) if _overlap(a, b)]


def _overlap(a: Box, b: Box) -> bool:
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


def lines_through_boxes(picture: Picture) -> list[tuple[Line, str]]:
    """Return the lines that enter a box, also one that they lead to: they end at its side."""
    return [
        (line, box.node)
        for line in picture.lines
        for segment in line.segments
        for box in picture.boxes
        if _enters(segment, box)
    ]


def _enters(segment: Segment, box: Box) -> bool:
    (x1, y1), (x2, y2) = segment
    left, right, top, bottom = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    return (
        left < box.right - _TOUCH
        and right > box.x + _TOUCH
        and top < box.bottom - _TOUCH
        and bottom > box.y + _TOUCH
    )


def lines_upon_each_other(picture: Picture) -> list[tuple[Segment, Segment]]:
    """Return parts of different lines that have more than a point in common."""
    return [
        (one, other)
        for a, b in combinations(picture.lines, 2)
        for one in a.segments
        for other in b.segments
        if _shared(one, other)
    ]


def _shared(one: Segment, other: Segment) -> bool:
    for axis in (0, 1):
        fixed = 1 - axis
        same = {round(point[fixed], 2) for point in (*one, *other)}
        if len(same) == 1:
            (a1, a2), (b1, b2) = (sorted(point[axis] for point in s) for s in (one, other))
            return min(a2, b2) - max(a1, b1) > _TOUCH
    return False


def slanting_parts(picture: Picture) -> Iterator[Segment]:
    for line in picture.lines:
        yield from (((x1, y1), (x2, y2)) for (x1, y1), (x2, y2) in line.segments if x1 != x2 and y1 != y2)


def outside(picture: Picture) -> list[str]:
    """Return the boxes that are not completely in the picture."""
    return [
        box.node
        for box in picture.boxes
        if box.x < 0 or box.y < 0 or box.right > picture.width or box.bottom > picture.height
    ]
