"""Measures boxes: wraps the text of each, and computes its height and the place of each line of text."""

from __future__ import annotations

from dataclasses import dataclass

from archtool.report.provenance.layout.graph import Label, Shape
from archtool.report.provenance.layout.wrapping import is_right_to_left, wrap_text

BOX_WIDTH = 232  # pixels: about 30 letters in a line
HEADING_SIZE, NAME_SIZE, DETAIL_SIZE = 11, 13, 11
_LINE_HEIGHT = 1.35
_PADDING = 9
_MARGINS = {Shape.ENTITY: (12, 16), Shape.EVENT: (14, 14), Shape.AGENT: (34, 14)}
"""What stays free of text at the left and at the right; an agent has a small figure at its left."""
MAX_TEXT_CHARACTERS = 400  # a title can have any length, and all boxes of a row become as high as the highest


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text in a box; `x` is its middle and `y` its baseline, relative to the box."""

    text: str
    x: float
    y: float
    size: int
    role: str
    """heading | name | detail"""
    is_right_to_left: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its text, at its place in the drawing."""

    node: str
    shape: Shape
    x: float
    y: float
    width: float
    height: float
    lines: tuple[TextLine, ...]

    @property
    def right(self) -> float:
        """The x of the right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower side."""
        return self.y + self.height


def make_box(node: str, shape: Shape, label: Label, x: float, y: float) -> Box:
    """Wrap the text of a box and return the box, as high as its text needs."""
    left, right = _MARGINS[shape]
    width = BOX_WIDTH - left - right
    lines: list[TextLine] = []
    bottom = float(_PADDING)
    parts = [("heading", HEADING_SIZE, label.heading), ("name", NAME_SIZE, label.name)]
    for role, size, text in (*parts, *(("detail", DETAIL_SIZE, detail) for detail in label.details)):
        turned = is_right_to_left(text)
        for line in wrap_text(_shortened(text), width, size):
            lines.append(TextLine(line, left + width / 2, round(bottom + size, 1), size, role, turned))
            bottom = round(bottom + size * _LINE_HEIGHT, 1)
    return Box(node, shape, x, y, BOX_WIDTH, bottom + _PADDING, tuple(lines))


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_TEXT_CHARACTERS else f"{text[:MAX_TEXT_CHARACTERS].rstrip()} …"
