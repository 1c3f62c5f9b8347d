"""Writes a picture as one SVG element: shapes, texts and lines; no script, no font, no reference outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from archtool.report.provenance.layout.boxes import Box, TextLine
from archtool.report.provenance.layout.graph import Relation, Shape
from archtool.report.provenance.layout.picture import Line, Mark, Picture

STYLE = """
.archtool-history .paper { fill: #fff; }
.archtool-history text { fill: #1c1c1c; text-anchor: middle; }
.archtool-history text { font-family: "DejaVu Sans", Verdana, "Noto Sans", Arial, sans-serif; }
.archtool-history .heading, .archtool-history .detail { font-size: 11px; }
.archtool-history .name, .archtool-history .key { font-size: 13px; }
.archtool-history .key { text-anchor: start; }
.archtool-history .heading { fill: #4a4a4a; }
.archtool-history .box { stroke-width: 1.5; }
.archtool-history .entity .box { fill: #fdf6e0; stroke: #8a6a14; }
.archtool-history .event .box { fill: #e4eefa; stroke: #2a5a8c; }
.archtool-history .agent .box { fill: #f4eaf6; stroke: #70407f; }
.archtool-history .sign { fill: none; stroke: #70407f; stroke-width: 1.5; }
.archtool-history .fold { fill: none; stroke: #8a6a14; stroke-width: 1.2; }
.archtool-history .bar { stroke: #2a5a8c; stroke-width: 1.2; }
.archtool-history .line { fill: none; stroke: #3c3c3c; stroke-width: 1.4; }
.archtool-history .part { stroke-dasharray: 7 3; }
.archtool-history .copy { stroke-dasharray: 9 3 2 3; }
.archtool-history .evidence { stroke-dasharray: 2 3; }
.archtool-history .beside { stroke-width: 1; }
.archtool-history .mark { fill: #3c3c3c; stroke: #3c3c3c; stroke-width: 1.2; }
.archtool-history .open { fill: #fff; }
@media print { .archtool-history { max-width: 100%; height: auto; } }
@media screen and (prefers-color-scheme: dark) {
.archtool-history .paper { fill: #17191c; }
.archtool-history text { fill: #ececec; }
.archtool-history .heading { fill: #bdbdbd; }
.archtool-history .entity .box { fill: #2e2812; stroke: #d3ae4c; }
.archtool-history .event .box { fill: #14273d; stroke: #7fb2e6; }
.archtool-history .agent .box { fill: #2f1f36; stroke: #cf9be0; }
.archtool-history .sign { stroke: #cf9be0; }
.archtool-history .fold { stroke: #d3ae4c; }
.archtool-history .bar { stroke: #7fb2e6; }
.archtool-history .line { stroke: #c8c8c8; }
.archtool-history .mark { fill: #c8c8c8; stroke: #c8c8c8; }
.archtool-history .open { fill: #17191c; }
}
"""
"""The content of the only `<style>` element, which is always the same: a policy can name its digest."""
_NAMESPACE = "http://www.w3.org/2000/svg"
_FOLD = 11
_CUT = 10
_BOX = ' fill="#fff" stroke="#000"'
"""Colours for readers that ignore the style."""
_LINE = ' fill="none" stroke="#000"'


@dataclass(frozen=True, slots=True)
class Texts:
    """What a reader hears instead of the picture."""

    language: str
    title: str
    desc: str


def number(value: float) -> str:
    """Return a length with at most one decimal, the same on every machine."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def svg_document(
    picture: Picture, legend: Iterable[str], legend_height: float, texts: Texts, prefix: str
) -> str:
    """Return the whole element; ids begin with the prefix."""
    width, height = number(picture.width), number(picture.height + legend_height)
    title_id, desc_id = escape(f"{prefix}-title"), escape(f"{prefix}-desc")
    names = f'aria-labelledby="{title_id} {desc_id}"'
    language = f'lang="{escape(texts.language)}" xml:lang="{escape(texts.language)}"'
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    parts = (
        f'<svg xmlns="{_NAMESPACE}" class="archtool-history" role="img" {language} {size} {names}>',
        f'<title id="{title_id}">{escape(texts.title, quote=False)}</title>',
        f'<desc id="{desc_id}">{escape(texts.desc, quote=False)}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{width}" height="{height}" fill="#fff"/>',
        *(part for line in picture.lines for part in draw_line(line)),
        *(draw_box(box) for box in picture.boxes),
        *legend,
        "</svg>",
    )
    return "".join(f"{part}\n" for part in parts)


def draw_box(box: Box) -> str:
    """Return a box with its text, as a group."""
    texts = "".join(draw_text(line, box.x, box.y) for line in box.lines)
    shape = draw_shape(box.shape, box.x, box.y, box.width, box.height)
    return f'<g class="{box.shape.value}">{shape}{texts}</g>'


def draw_text(line: TextLine, x: float, y: float) -> str:
    """Return a line of text, centred; `x` and `y` are the corner of its box."""
    direction = ' direction="rtl"' if line.is_right_to_left else ""
    place = f'x="{number(x + line.x)}" y="{number(y + line.y)}" font-size="{line.size}"'
    text = escape(line.text, quote=False)
    return f'<text class="{line.role}" {place} text-anchor="middle"{direction}>{text}</text>'


def draw_shape(shape: Shape, x: float, y: float, width: float, height: float) -> str:
    """Return an outline: a sheet with a folded corner, cut corners, or round ones with a figure."""
    right, bottom = x + width, y + height
    if shape is Shape.ENTITY:
        path = _path((x, y), (right - _FOLD, y), (right, y + _FOLD), (right, bottom), (x, bottom))
        fold = _open_path((right - _FOLD, y), (right - _FOLD, y + _FOLD), (right, y + _FOLD))
        return f'<path class="box"{_BOX} d="{path}"/><path class="fold"{_LINE} d="{fold}"/>'
    if shape is Shape.EVENT:
        path = _path(
            (x + _CUT, y), (right - _CUT, y), (right, y + _CUT), (right, bottom - _CUT),
            (right - _CUT, bottom), (x + _CUT, bottom), (x, bottom - _CUT), (x, y + _CUT),
        )  # fmt: skip
        return f'<path class="box"{_BOX} d="{path}"/>'
    radius = number(min(18, height / 2))
    middle = y + height / 2
    outline = (
        f'<rect class="box"{_BOX} x="{number(x)}" y="{number(y)}" width="{number(width)}" '
        f'height="{number(height)}" rx="{radius}"/>'
    )
    head = f'<circle class="sign"{_LINE} cx="{number(x + 19)}" cy="{number(middle - 6)}" r="4"/>'
    shoulders = f"M{number(x + 11.5)} {number(middle + 9)}a7.5 8 0 0 1 15 0z"
    return f'{outline}{head}<path class="sign"{_LINE} d="{shoulders}"/>'


def _path(*points: tuple[float, float]) -> str:
    return f"{_open_path(*points)}z"


def _open_path(*points: tuple[float, float]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def draw_line(line: Line) -> Iterator[str]:
    """Yield the parts of a line, its branching points and its marks."""
    path = "".join(_open_path(*segment) for segment in line.segments)
    kind = "beside" if line.relation is None else line.relation.value
    yield f'<path class="line {kind}"{_LINE} d="{path}"/>'
    for x, y in line.dots:
        yield f'<circle class="mark" cx="{number(x)}" cy="{number(y)}" r="2.4"/>'
    if line.relation is not None:
        yield from (draw_mark(mark, line.relation) for mark in line.marks)


def draw_mark(mark: Mark, relation: Relation) -> str:
    """Return an arrow, a diamond at a whole, or an open triangle at an original."""
    x, y, back = mark.x, mark.y, -1 if mark.points_down else 1
    if relation is Relation.PART:
        path = _path((x, y), (x + 4, y + 6 * back), (x, y + 12 * back), (x - 4, y + 6 * back))
        return f'<path class="mark open" d="{path}"/>'
    path = _path((x, y), (x + 4, y + 8 * back), (x - 4, y + 8 * back))
    return f'<path class="mark{" open" if relation is Relation.COPY else ""}" d="{path}"/>'
