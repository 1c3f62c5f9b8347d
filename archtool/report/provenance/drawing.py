"""Draws a history as one self-contained SVG element, without any program of the system."""

from __future__ import annotations

from dataclasses import replace

from archtool.provenance.model import History
from archtool.report.provenance.history_graph import history_graph
from archtool.report.provenance.layout.arrange import arrange
from archtool.report.provenance.layout.condense import JoinedWords, condense
from archtool.report.provenance.legend import MIN_WIDTH, draw_legend
from archtool.report.provenance.lines import one_line
from archtool.report.provenance.svg import STYLE, Texts, svg_document
from archtool.report.provenance.words.choice import words_for

__all__ = ["STYLE", "draw_history"]


def draw_history(history: History, *, language: str = "en", prefix: str = "history") -> str:
    """Draw a history as one `<svg>` element that needs nothing else; the same history gives the same text.

    The oldest things are at the top, the package is at the bottom. Ids in the element begin with `prefix`, so
    that a page can have several drawings. `STYLE` is the content of its `<style>` element.
    """
    words = words_for(language)
    graph = condense(history_graph(history, words), JoinedWords(words.drawn.more, words.drawn.more_different))
    picture = arrange(graph)
    picture = replace(picture, width=max(picture.width, MIN_WIDTH))
    legend, legend_height = draw_legend(words.drawn, picture)
    name = one_line(history.package_id)
    desc = words.drawn.description.format(
        entities=len(history.entities), events=len(history.events), agents=len(history.agents)
    )
    texts = Texts(words.language, words.drawn.title.format(name=name), desc)
    return svg_document(picture, legend, legend_height, texts, prefix)
