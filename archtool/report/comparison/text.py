"""Formats a comparison for a terminal: the places that differ, the counts and the figures."""

from __future__ import annotations

from collections.abc import Iterator

from archtool.files.paths import shown
from archtool.report.comparison.kind_words import KIND_WORDS, figure_words
from archtool.report.comparison.places import differing_places, whole_texts
from archtool.report.comparison.side_by_side import Part, side_by_side
from archtool.report.comparison.view import ComparisonView
from archtool.report.numbers import counted
from archtool.report.text.page import wrap
from archtool.text.comparing.model import Kind

MAX_SHOWN_PLACES = 50
"""More are not read on a terminal: a page or JSON has them all."""


def format_comparison(view: ComparisonView, width: int, *, is_whole: bool) -> Iterator[list[Part]]:
    """Yield the lines, each in parts; with `is_whole` all words of both texts."""
    comparison = view.comparison
    yield from _texts(view, width)
    last_line = max((words[-1].line for words in (comparison.one, comparison.other) if words), default=1)
    places = [whole_texts(comparison)] if is_whole else list(differing_places(comparison))
    if places and places[0].pieces:
        yield []
        yield from side_by_side(places[:MAX_SHOWN_PLACES], width, last_line)
    if len(places) > MAX_SHOWN_PLACES:
        more = counted(len(places) - MAX_SHOWN_PLACES, "more place")
        yield []
        yield [Part(f"… and {more} (--all, --html PAGE and --json have them all)", "quiet")]
    yield []
    yield from _counts(view, width)
    for name, value, definition in figure_words(comparison.figures):
        yield from _wrapped(f"{value} ({definition})", width, f"{name + ':':<12}")


def _texts(view: ComparisonView, width: int) -> Iterator[list[Part]]:
    sides = (("A", view.one, view.comparison.one), ("B", view.other, view.comparison.other))
    for letter, side, words in sides:
        encoding = "" if side.encoding == "utf-8" else f", {side.encoding}"
        yield from _wrapped(
            f"{shown(side.name)} ({counted(len(words), 'word')}{encoding})", width, f"{letter}: "
        )


def _counts(view: ComparisonView, width: int) -> Iterator[list[Part]]:
    counts = view.comparison.words_by_kind
    parts = [f"{counts.get(Kind.SAME, 0):,} unchanged"]
    for kind, words in KIND_WORDS.items():
        if kind is not Kind.SAME and counts.get(kind):
            parts.append(f"{words.sign} {words.name} {counts[kind]:,}")
    ignored = ", ".join(view.ignored)
    yield from _wrapped(f"{' · '.join(parts)} ({ignored} ignored)", width, f"{'words:':<12}")


def _wrapped(text: str, width: int, lead: str) -> Iterator[list[Part]]:
    return ([Part(line)] for line in wrap(text, width, lead))
