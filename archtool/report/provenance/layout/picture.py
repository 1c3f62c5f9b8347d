"""Defines a drawing as boxes and lines with their places, independent of the format that it is written in."""

from __future__ import annotations

from dataclasses import dataclass

from archtool.report.provenance.layout.boxes import Box
from archtool.report.provenance.layout.graph import Relation

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """The arrow or sign at an end of a line, with its tip at the side of a box."""

    x: float
    y: float
    points_down: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line, which can branch."""

    relation: Relation | None
    """`None` for the line between a box and its agents."""
    segments: tuple[tuple[Point, Point], ...]
    """Horizontal and vertical parts."""
    dots: tuple[Point, ...] = ()
    """Where it branches."""
    marks: tuple[Mark, ...] = ()
    ends: tuple[str, ...] = ()
    """The ids of the boxes that it leads to."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole drawing in pixels; (0, 0) is the upper left corner."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
