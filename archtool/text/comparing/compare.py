"""Compares two texts by words, step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from rapidfuzz.distance import Levenshtein

from archtool.text.comparing.figures import measure
from archtool.text.comparing.letters import letter_differences
from archtool.text.comparing.model import CompareRules, Kind, Piece, TextComparison, Word
from archtool.text.comparing.moves import find_moves
from archtool.text.comparing.places import Span, match_words
from archtool.text.comparing.words import core_of, join_divided, letters_of, read_words

_ONE_SIDED = frozenset((Kind.MISSING, Kind.ADDED))


def compare_texts(one: str, other: str, rules: CompareRules | None = None) -> TextComparison:
    """Compare two texts; line ends, and blanks besides those between words, are no difference."""
    rules = rules or CompareRules()
    # 1. words; those that are divided at a line's end are joined
    first, second = (_considered(read_words(text), rules) for text in (one, other))
    first, second = join_divided(first, second), join_divided(second, first)
    # 2. words whose letters are the same, in the order that needs the fewest changes
    sides = _Sides(first, second, rules)
    spans = _align(sides.cores, sides.other_cores)
    # 3. between them, words that correspond
    pieces = [piece for is_same, span in spans for piece in sides.pieces(span, is_same=is_same)]
    pieces = list(_ordered(sides.join_signs(pieces)))
    # 4. words that are the same in another place
    pieces = _with_moves(pieces, sides)
    return TextComparison(
        tuple(first), tuple(second), tuple(pieces), measure(sides.forms, sides.other_forms, pieces)
    )


def _considered(words: list[Word], rules: CompareRules) -> list[Word]:
    """Return the words that are compared: without signs that stand alone if punctuation is ignored."""
    if not rules.ignores_punctuation:
        return words
    return [word for word in words if any(char.isalnum() for char in word.text)]


class _Sides:
    """The words of both texts, as they are compared."""

    def __init__(self, one: Sequence[Word], other: Sequence[Word], rules: CompareRules) -> None:
        self._rules = rules
        self.forms = [self._form(word.text) for word in one]
        self.other_forms = [self._form(word.text) for word in other]
        self._texts = [word.text for word in one]
        self._other_texts = [word.text for word in other]
        self.cores = [core_of(word.text) for word in one]
        self.other_cores = [core_of(word.text) for word in other]

    def _form(self, text: str) -> str:
        """Return a word without what is no difference."""
        if self._rules.ignores_punctuation:
            text = letters_of(text)
        return text.casefold() if self._rules.ignores_case else text

    def pieces(self, span: Span, *, is_same: bool) -> Iterator[Piece]:
        """Yield the pieces of a span; with `is_same` the letters of its words are the same, one by one."""
        if is_same:
            shift = span.other_start - span.start
            kinds = (
                self._kind(Span(at, at + 1, at + shift, at + shift + 1)) for at in range(span.start, span.end)
            )
            at = span.start
            for kind, some in groupby(kinds):
                size = len(list(some))
                if kind is Kind.SAME:
                    yield Piece(kind, (at, at + size), (at + shift, at + shift + size))
                else:
                    yield from (
                        self._piece(Span(n, n + 1, n + shift, n + shift + 1)) for n in range(at, at + size)
                    )
                at += size
        else:
            yield from map(self._piece, match_words(self.cores, self.other_cores, span))

    def join_signs(self, pieces: Sequence[Piece]) -> Iterator[Piece]:
        """Join a word and signs that only one text has apart: `que :` and `que:`, `« mot »` and `«mot»`."""
        at = 0
        while at < len(pieces):
            size = next((size for size in (3, 2) if self._differ_in_blanks(pieces[at : at + size])), 1)
            first, last = pieces[at], pieces[at + size - 1]
            at += size
            if size == 1:
                yield first
            else:
                yield self._piece(Span(first.one[0], last.one[1], first.other[0], last.other[1]))

    def _differ_in_blanks(self, pieces: Sequence[Piece]) -> bool:
        """Return whether a word and what stands alone beside it have the same signs in the same order."""
        kinds = [piece.kind for piece in pieces]
        if kinds.count(Kind.PUNCTUATION) != 1 or any(
            kind is not Kind.PUNCTUATION and (kind not in _ONE_SIDED or piece.size > 1)
            for kind, piece in zip(kinds, pieces, strict=True)
        ):
            return False
        first, last = pieces[0], pieces[-1]
        one, other = self.forms[first.one[0] : last.one[1]], self.other_forms[first.other[0] : last.other[1]]
        return len(pieces) > 1 and _joined(one) == _joined(other)

    def _piece(self, span: Span) -> Piece:
        kind = self._kind(span)
        one, other = (span.start, span.end), (span.other_start, span.other_end)
        if kind is Kind.SAME or kind in _ONE_SIDED:
            return Piece(kind, one, other)
        texts = " ".join(self._texts[slice(*one)]), " ".join(self._other_texts[slice(*other)])
        return Piece(kind, one, other, letter_differences(*texts))

    def _kind(self, span: Span) -> Kind:
        """Return how words relate that correspond to each other."""
        one, other = self.forms[span.start : span.end], self.other_forms[span.other_start : span.other_end]
        if one == other:
            return Kind.SAME
        if not one or not other:
            return Kind.ADDED if other else Kind.MISSING
        cores = (
            "".join(self.cores[span.start : span.end]),
            "".join(self.other_cores[span.other_start : span.other_end]),
        )
        if len(one) != len(other) and _joined(one) == _joined(other):
            return Kind.SPACING
        if cores[0] != cores[1]:
            return Kind.SPELLING
        if len(one) != len(other):
            return Kind.SPACING
        return Kind.CASE if [*map(str.casefold, one)] == [*map(str.casefold, other)] else Kind.PUNCTUATION


def _joined(words: Iterable[str]) -> str:
    return "".join(words).casefold()


def _align(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[bool, Span]]:
    """Yield spans in which all words are the same, and spans between them."""
    # the nearer this guess is, the less of the table of all pairs is computed
    common = (Counter(one) & Counter(other)).total()
    guess = 2 * (max(len(one), len(other)) - common) + 32
    codes = Levenshtein.opcodes(one, other, score_hint=guess)
    for is_same, some in groupby(codes, key=lambda code: code.tag == "equal"):
        first, *rest = some
        last = rest[-1] if rest else first
        yield is_same, Span(first.src_start, last.src_end, first.dest_start, last.dest_end)


def _ordered(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Join pieces that only one text has: what is missing first, then what is added."""
    for is_one_sided, some in groupby(pieces, key=lambda piece: piece.kind in _ONE_SIDED):
        if not is_one_sided:
            yield from some
            continue
        group = list(some)
        first, last = group[0], group[-1]
        middle = (last.one[1], first.other[0])
        if first.one[0] < last.one[1]:
            yield Piece(Kind.MISSING, (first.one[0], middle[0]), (middle[1], middle[1]))
        if first.other[0] < last.other[1]:
            yield Piece(Kind.ADDED, (middle[0], middle[0]), (middle[1], last.other[1]))


def _with_moves(pieces: Iterable[Piece], sides: _Sides) -> list[Piece]:
    """Cut moved words out of what is missing and added."""
    kept = list(pieces)
    missing = [piece.one for piece in kept if piece.kind is Kind.MISSING]
    added = [piece.other for piece in kept if piece.kind is Kind.ADDED]
    moves = find_moves(sides.cores, sides.other_cores, missing, added)
    if not moves:
        return kept
    here = {move.start: (number, move.size) for number, move in enumerate(moves)}
    there = {move.other_start: (number, move.size) for number, move in enumerate(moves)}
    cut: list[Piece] = []
    places: dict[tuple[int, Kind], int] = {}
    numbers: dict[int, tuple[int, Kind]] = {}
    for piece in kept:
        if piece.kind not in _ONE_SIDED:
            cut.append(piece)
            continue
        is_missing = piece.kind is Kind.MISSING
        for number, start, end in _parts(
            piece.one if is_missing else piece.other, here if is_missing else there
        ):
            kind = piece.kind if number is None else Kind.MOVED
            one = (start, end) if is_missing else piece.one
            other = piece.other if is_missing else (start, end)
            if number is not None:
                places[number, piece.kind] = len(cut)
                numbers[len(cut)] = (number, Kind.ADDED if is_missing else Kind.MISSING)
            cut.append(Piece(kind, one, other))
    return [
        replace(piece, moved_with=places[numbers[at]]) if at in numbers else piece
        for at, piece in enumerate(cut)
    ]


def _parts(
    words: tuple[int, int], moved: dict[int, tuple[int, int]]
) -> Iterator[tuple[int | None, int, int]]:
    """Yield the parts of a range of words: moved ones with their number, and what is between them."""
    start = at = words[0]
    while at < words[1]:
        if at not in moved:
            at += 1
            continue
        number, size = moved[at]
        if start < at:
            yield None, start, at
        yield number, at, at + size
        start = at = at + size
    if start < words[1]:
        yield None, start, words[1]
