"""Draws the key below a picture: what the shapes and the lines mean."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from archtool.report.provenance.layout.graph import Relation, Shape
from archtool.report.provenance.layout.picture import Line, Mark, Picture
from archtool.report.provenance.layout.text_width import text_width
from archtool.report.provenance.layout.wrapping import wrap_text
from archtool.report.provenance.svg import draw_line, draw_shape, number
from archtool.report.provenance.words.model import Drawn

_SIZE = 13
_LINE = 18.0
_SAMPLE_WIDTH, _SAMPLE_HEIGHT = 44.0, 30.0
_GAP = 10.0
_MARGIN = 12.0
MIN_WIDTH = 300.0


def draw_legend(words: Drawn, picture: Picture) -> tuple[tuple[str, ...], float]:
    """Return the key to what a picture has, as elements that begin below it, and its height."""
    width, top = picture.width, picture.height
    used = {box.shape for box in picture.boxes} | {line.relation for line in picture.lines}
    parts: list[str] = []
    x, y = _MARGIN, top + _MARGIN
    room = width - 2 * _MARGIN - _SAMPLE_WIDTH - _GAP
    for kind, text in _entries(words):
        if kind not in used:
            continue
        lines = wrap_text(text, room, _SIZE)
        needed = _SAMPLE_WIDTH + _GAP + max(text_width(line, _SIZE) for line in lines)
        if x > _MARGIN and x + needed > width - _MARGIN:
            x, y = _MARGIN, y + _SAMPLE_HEIGHT + _GAP
        parts += _sample(kind, x, y)
        parts += _texts(lines, x + _SAMPLE_WIDTH + _GAP, y + _SAMPLE_HEIGHT / 2 + 4.5)
        if len(lines) > 1:
            x, y = _MARGIN, y + max(_SAMPLE_HEIGHT, len(lines) * _LINE) + _GAP
        else:
            x += needed + 3 * _GAP
    y += _SAMPLE_HEIGHT + _GAP if x > _MARGIN else 0
    note = wrap_text(words.beside, width - 2 * _MARGIN, _SIZE) if Shape.AGENT in used else ()
    parts += _texts(note, _MARGIN, y + _SIZE)
    return tuple(parts), y + len(note) * _LINE + _MARGIN - top


def _entries(words: Drawn) -> Iterator[tuple[Shape | Relation, str]]:
    yield Shape.ENTITY, words.entity
    yield Shape.EVENT, words.event
    yield Shape.AGENT, words.agent
    yield Relation.FLOW, words.flow
    yield Relation.PART, words.part
    yield Relation.COPY, words.copy
    yield Relation.EVIDENCE, words.evidence


def _sample(kind: Shape | Relation, x: float, y: float) -> Iterator[str]:
    if isinstance(kind, Shape):
        yield f'<g class="{kind.value}">{draw_shape(kind, x, y, _SAMPLE_WIDTH, _SAMPLE_HEIGHT)}</g>'
        return
    at_source = kind in (Relation.PART, Relation.COPY)
    middle = x + _SAMPLE_WIDTH / 2
    mark = Mark(middle, y if at_source else y + _SAMPLE_HEIGHT, points_down=not at_source)
    line = Line(kind, (((middle, y), (middle, y + _SAMPLE_HEIGHT)),), (), (mark,))
    yield from draw_line(line)


def _texts(lines: tuple[str, ...], x: float, y: float) -> Iterator[str]:
    for count, line in enumerate(lines):
        yield (
            f'<text class="key" x="{number(x)}" y="{number(y + count * _LINE)}" font-size="{_SIZE}" '
            f'text-anchor="start">{escape(line, quote=False)}</text>'
        )
