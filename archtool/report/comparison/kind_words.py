"""What the kinds of a comparison are called, and the sign that stands for each without colours."""

from __future__ import annotations

from typing import NamedTuple

from archtool.text.comparing.model import Figures, Kind


class KindWords(NamedTuple):
    """How a kind is shown."""

    sign: str
    name: str
    meaning: str


KIND_WORDS = {
    Kind.SAME: KindWords(" ", "unchanged", "the same in both texts"),
    Kind.SPELLING: KindWords("~", "spelling", "other letters or digits"),
    Kind.PUNCTUATION: KindWords(",", "punctuation", "only other signs"),
    Kind.CASE: KindWords("A", "capitals", "only other capitals"),
    Kind.SPACING: KindWords("_", "spacing", "only other blanks"),
    Kind.MISSING: KindWords("-", "missing", "only in A"),
    Kind.ADDED: KindWords("+", "added", "only in B"),
    Kind.MOVED: KindWords(">", "moved", "in another place"),
}
"""In the order in which they are counted."""
SEVERAL = "*"
"""The sign of a line with differences of several kinds."""


def percent(share: float) -> str:
    """Format a share: `98.7 %`; it is 100 % or 0 % only if it is exactly that."""
    rounded = round(share * 100, 1)
    if rounded == 100 and share < 1:
        return "more than 99.9 %"
    if rounded == 0 and share > 0:
        return "less than 0.1 %"
    return f"{rounded:.1f} %"


def figure_words(figures: Figures) -> list[tuple[str, str, str]]:
    """Return name, value and definition of each figure."""
    at_most = "" if figures.is_exact else "at most "
    at_least = "" if figures.is_exact else "at least "
    characters, longer = figures.character_distance, max(figures.characters_one, figures.characters_other)
    formula = f"1 - {characters:,} characters to replace, delete or insert / {longer:,} of the longer text"
    rows = [("similarity", at_least + percent(figures.similarity), formula)]
    if figures.character_error_rate is not None and figures.word_error_rate is not None:
        rows += [
            (
                "CER",
                at_most + percent(figures.character_error_rate),
                f"character error rate: {characters:,} / {figures.characters_one:,} characters of A",
            ),
            (
                "WER",
                percent(figures.word_error_rate),
                f"word error rate: {figures.word_distance:,} / {figures.words_one:,} words of A",
            ),
        ]
    return rows
