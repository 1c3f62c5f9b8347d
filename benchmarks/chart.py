"""Draws the results as bars in SVG, without a drawing library."""

from __future__ import annotations

from xml.sax.saxutils import escape

from benchmarks.model import Metric
from benchmarks.results import WorkResult, limit_of, median_of

_WIDTH, _LEFT, _LINE, _GAP = 960, 360, 20, 34  # pixels
_BAR_WIDTH = _WIDTH - _LEFT - 90
_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #222 }
.work { font-weight: 600; font-size: 13px }
.said { fill: #666 }
.theirs { fill: #9aa5b1 }
.ours { fill: #0b6bcb }
.limit { stroke: #c2410c; stroke-width: 3 }
.ground { fill: #fff }
@media (prefers-color-scheme: dark) {
  text { fill: #e6e6e6 }
  .said { fill: #a0a0a0 }
  .theirs { fill: #5b6673 }
  .ours { fill: #58a6ff }
  .limit { stroke: #fb923c }
  .ground { fill: #161b22 }
}
"""


def format_chart(results: list[WorkResult]) -> str:
    """Return a group of bars for each work, each with its own scale, and a mark at each limit."""
    parts: list[str] = []
    top = _GAP
    for result in results:
        for metric in _metrics(result):
            top = _group(parts, result, metric, top)
    key = "blue: archtool · grey: the others · orange: where archtool must end · each group has its own scale"
    parts.append(f'<text class="said" x="10" y="{top}">{key}</text>')
    height = top + 14
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
            f"<title>Benchmarks of archtool</title><style>{_STYLE}</style>",
            f'<rect class="ground" width="{_WIDTH}" height="{height}"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _metrics(result: WorkResult) -> list[Metric]:
    """Return the metrics to draw for a work: its time or first finding, and memory if that has a bar."""
    is_watched = any(median_of(one, Metric.FIRST_SECONDS) for one in result.outcomes)
    has_memory_bar = any(bar.metric is Metric.PEAK_BYTES for bar in result.bars)
    return [
        Metric.FIRST_SECONDS if is_watched else Metric.SECONDS,
        *([Metric.PEAK_BYTES] if has_memory_bar else []),
    ]


def _group(parts: list[str], result: WorkResult, metric: Metric, top: int) -> int:
    """Draw one work; returns the position of the next one."""
    unit = "MB, largest process" if metric is Metric.PEAK_BYTES else "seconds"
    parts.append(f'<text class="work" x="10" y="{top}">{escape(result.title)} ({unit})</text>')
    values = {one.name: median_of(one, metric) for one in result.outcomes}
    limits = [(bar.ours, limit_of(result, bar) or 0) for bar in result.bars if bar.metric is metric]
    most = max([*(value or 0 for value in values.values()), *(limit for _, limit in limits)], default=0) or 1
    begin = top + 8
    rows = {name: begin + row * _LINE for row, name in enumerate(values)}
    for outcome in result.outcomes:
        value = values[outcome.name]
        label = outcome.failure or "not run" if value is None else _shown(value, metric)
        _bar(parts, outcome.name, label, rows[outcome.name], (value or 0) / most * _BAR_WIDTH)
    for ours, limit in limits:
        x, y = _LEFT + limit / most * _BAR_WIDTH, rows[ours]
        if limit:
            parts.append(f'<line class="limit" x1="{x:.1f}" x2="{x:.1f}" y1="{y}" y2="{y + _LINE}"/>')
    return begin + len(rows) * _LINE + _GAP


def _bar(parts: list[str], name: str, label: str, y: int, width: float) -> None:
    kind = "ours" if name.startswith("archtool") else "theirs"
    parts += [
        f'<text x="{_LEFT - 8}" y="{y + 14}" text-anchor="end">{escape(name)}</text>',
        f'<rect class="{kind}" x="{_LEFT}" y="{y + 3}" width="{width:.1f}" height="{_LINE - 6}" rx="2"/>',
        f'<text class="said" x="{_LEFT + width + 6:.1f}" y="{y + 14}">{escape(label)}</text>',
    ]


def _shown(value: float, metric: Metric) -> str:
    return f"{value / 1e6:.0f}" if metric is Metric.PEAK_BYTES else f"{value:.3g}"
