"""Draws a history as one self-contained SVG element, without any program of the system."""

from __future__ import annotations

from xml.sax.saxutils import escape

from archtool.provenance.model import History

STYLE = ".archtool-history text { fill: currentColor; font-family: sans-serif; font-size: 13px }"
"""The content of the drawing's only `<style>` element, which is always the same: a policy can name its digest."""


def draw_history(history: History, *, language: str = "en", prefix: str = "history") -> str:
    """Draw the history as one `<svg>` element; ids in it begin with `prefix`. The same history gives the same text."""
    lines = [event.label for event in history.events]
    texts = "".join(f'<text x="8" y="{20 * n}">{escape(line)}</text>' for n, line in enumerate(lines, 1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="archtool-history" role="img" width="1000" '
        f'height="{20 * len(lines) + 20}" aria-labelledby="{prefix}-title {prefix}-desc">'
        f'<title id="{prefix}-title">History</title><desc id="{prefix}-desc">{len(lines)} events</desc>'
        f"<style>{STYLE}</style>{texts}</svg>\n"
    )
