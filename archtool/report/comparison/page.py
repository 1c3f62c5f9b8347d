"""Formats a comparison as an HTML page: self-contained, without scripts, safe with hostile texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from archtool.files.paths import shown
from archtool.printable import show_in_prose
from archtool.report.comparison.kind_words import KIND_WORDS, figure_words
from archtool.report.comparison.places import Place, ShownPiece, differing_places, places_by_line
from archtool.report.comparison.style import STYLE
from archtool.report.comparison.view import ComparisonView, TextSide
from archtool.report.html.environment import make_environment, policy_of, render
from archtool.report.numbers import counted
from archtool.text.comparing.model import Kind, Letters, Word

if TYPE_CHECKING:
    from jinja2 import Environment

MAX_PAGE_PLACES = 10_000
"""Some megabytes: browsers become slow with more."""
GENERATOR = '<meta name="generator" content="archtool text compare">'
_PACKAGE = "archtool.report.comparison"
_MORE_POLICY = "; base-uri 'none'; form-action 'none'"
_TAGS = {Kind.MISSING: "del", Kind.ADDED: "ins"}


class _Run(NamedTuple):
    """Words of one text that are marked in one way."""

    tag: str
    """Empty for words that are the same."""
    kind: str
    letters: Sequence[tuple[str, bool]]
    """Texts, and whether they are the same in the other one."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _PageRow:
    """One row of the table."""

    line: int | None
    other_line: int | None
    one: Sequence[_Run]
    other: Sequence[_Run]
    kinds: str
    is_cut_before: bool
    is_cut_after: bool


def format_page(view: ComparisonView, *, is_whole: bool) -> Iterator[str]:
    """Yield the page in parts; with `is_whole` all words of both texts."""
    comparison = view.comparison
    places = places_by_line(comparison) if is_whole else differing_places(comparison)
    rows = [_row(place) for place in islice(places, MAX_PAGE_PLACES)]
    counts = comparison.words_by_kind
    return render(
        _environment(),
        "comparison.html.jinja",
        title=f"{_name(view.one)} and {_name(view.other)}",
        sides=[
            (letter, shown(side.name), side.encoding, counted(len(words), "word"))
            for letter, side, words in (("A", view.one, comparison.one), ("B", view.other, comparison.other))
        ],
        figures=figure_words(comparison.figures),
        counts=[(words.name, words.meaning, counts.get(kind, 0)) for kind, words in KIND_WORDS.items()],
        ignored=", ".join(view.ignored),
        rows=rows,
        left_out=sum(1 for _ in places),
        is_whole=is_whole,
    )


@cache
def _environment() -> Environment:
    return make_environment([_PACKAGE], STYLE, GENERATOR, policy_of(STYLE, more=_MORE_POLICY), show_in_prose)


def _name(side: TextSide) -> str:
    return shown(side.name).rpartition("/")[2]


def _row(place: Place) -> _PageRow:
    return _PageRow(
        next((word.line for piece in place.pieces for word in piece.one), None),
        next((word.line for piece in place.pieces for word in piece.other), None),
        [_run(piece, is_one=True) for piece in place.pieces if piece.one],
        [_run(piece, is_one=False) for piece in place.pieces if piece.other],
        ", ".join(KIND_WORDS[kind].name for kind in place.kinds),
        place.is_cut_before,
        place.is_cut_after,
    )


def _run(piece: ShownPiece, *, is_one: bool) -> _Run:
    if piece.letters:
        return _Run("mark", piece.kind.value, [_letters(part, is_one=is_one) for part in piece.letters])
    words = _joined(piece.one if is_one else piece.other)
    if piece.elsewhere is not None:
        note = f"line {piece.elsewhere.line:,} of {'B' if is_one else 'A'}"
        return _Run("mark", piece.kind.value, [(words, True)], note)
    return _Run(_TAGS.get(piece.kind, ""), piece.kind.value, [(words, True)])


def _letters(part: Letters, *, is_one: bool) -> tuple[str, bool]:
    return (part.one if is_one else part.other), part.is_same


def _joined(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)
