"""`drop-capitals/1`: puts a displaced initial back to the beginning of its paragraph.

An extraction writes a large initial where its lower edge is: at the end of the paragraph, or on a line of its
own. It is put back if it makes a known word of the letters that the paragraph begins with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archtool.text.repairing.changes import (
    Change,
    OpenPlace,
    Proposal,
    Reading,
    RepairContext,
    apply_changes,
)
from archtool.text.repairing.rules.word_evidence import WordEvidence
from archtool.text.words import WORD

_PARAGRAPH = re.compile(r"(?:^[^\S\n]*\S[^\n]*(?:\n|\Z))+", re.MULTILINE)
_BEGINNING = re.compile(rf"[^\S\n]*(?P<word>['’]?{WORD.pattern})")
_ALONE = re.compile(r"[^\S\n]*(?P<capital>[^\W\d_])[^\S\n]*(?:\n|\Z)")
# after a sign or a blank, or on a line of its own: `exil :L`
_AT_END = re.compile(
    r"(?:(?<=[.:;!?…»”\")\]])|[^\S\n]|\r?\n[^\S\n]*)(?P<capital>[^\W\d_])(?P<blanks>[^\S\n]*)(?:\n|\Z)\Z"
)
_ENDS_SENTENCE = re.compile(r"[.:;!?…»”\")\]*][^\S\n]*\n?\Z")
_MADE = re.compile(r"(?:\r?\n)?[^\S\n]*(?P<capital>[^\W\d_])[^\S\n]*(?:\r?\n[^\S\n]*)*")
_ELIDED = frozenset("CDJLMNST")  # before an apostrophe in French, Italian and Catalan
_MAX_HEADING_WORDS = 12
_MIN_WORDS = 3  # a shorter paragraph can be the cell of a table
_MAX_ASKED = 5  # more are lists of letters


@dataclass(frozen=True, slots=True)
class _Displaced:
    """A capital and the paragraph that it can belong to."""

    capital: str
    start: int
    """Where the text to be removed begins."""
    removed: str
    """The capital, with its line end if it has a line of its own."""
    word_start: int
    """Where the paragraph begins."""
    word: str
    """The letters that it begins with."""


class DropCapitalsRule:
    """Moves an initial to the beginning of its paragraph, if a known word results."""

    name = "drop-capitals/1"
    summary = "put displaced initials back to their paragraphs"

    def propose(self, text: str, context: RepairContext) -> Proposal:
        """See `RuleSet`."""
        found = list(_find(text))
        if not found:
            return Proposal()
        known = WordEvidence(text, context)
        changes: list[Change] = []
        open_places: list[OpenPlace] = []
        for one in found:
            evidence = _evidence(one, known)
            if evidence is not None:
                changes += _moves(one, evidence)
            elif not one.removed.startswith((" ", "\t")):  # `plan B` is no question
                open_places.append(_asked(text, one))
        return Proposal(tuple(changes), tuple(open_places) if len(open_places) <= _MAX_ASKED else ())

    def may_make(self, before: str, after: str) -> bool:
        """See `RuleSet`."""
        if before and after:
            return False
        found = _MADE.fullmatch(before or after)
        return found is not None and found["capital"].isupper() and (not after or len(after) == 1)


def _find(text: str) -> Iterator[_Displaced]:
    """Yield the capitals that stand alone at the end of, or before, a paragraph that begins in lower case."""
    previous: re.Match[str] | None = None
    for paragraph in _PARAGRAPH.finditer(text):
        first_line = _ALONE.match(paragraph[0])
        start = first_line.end() if first_line is not None and _is_capital(first_line) else 0
        beginning = _BEGINNING.match(paragraph[0], start)
        is_prose = len(paragraph[0].split()) >= _MIN_WORDS
        if is_prose and beginning is not None and _begins_small(beginning["word"]):
            word = paragraph.start() + beginning.start("word"), beginning["word"]
            if start and first_line is not None:
                yield _alone(text, paragraph.start(), first_line, paragraph.start() + start, *word)
            elif previous is not None and (alone := _ALONE.fullmatch(previous[0])) and _is_capital(alone):
                yield _alone(text, previous.start(), alone, paragraph.start(), *word)
            elif not _continues(previous):
                yield from _at_end(paragraph, beginning, *word)
        previous = paragraph


def _is_capital(found: re.Match[str]) -> bool:
    return found["capital"].isupper()


def _begins_small(word: str) -> bool:
    return word[0] in "'’" or word[0].islower()


def _continues(previous: re.Match[str] | None) -> bool:
    """Return whether the next paragraph can go on with a sentence of this one."""
    if previous is None:
        return False
    is_heading = len(previous[0].split()) <= _MAX_HEADING_WORDS and previous[0].lstrip()[0].isupper()
    ends = _ENDS_SENTENCE.search(previous[0]) or _AT_END.search(previous[0])
    return not is_heading and ends is None


def _alone(
    text: str, line_start: int, line: re.Match[str], paragraph_start: int, word_start: int, word: str
) -> _Displaced:
    """Return a capital on a line of its own; the line before it keeps its end."""
    end = paragraph_start
    if line_start == 0:
        return _Displaced(line["capital"], 0, text[:end], word_start, word)
    line_end = "\r\n" if text.endswith("\r\n", 0, line_start) else "\n"
    start = line_start - len(line_end)
    end -= len(line_end)
    return _Displaced(line["capital"], start, text[start:end], word_start, word)


def _at_end(
    paragraph: re.Match[str], beginning: re.Match[str], word_start: int, word: str
) -> Iterator[_Displaced]:
    found = _AT_END.search(paragraph[0], beginning.end())
    if found is not None and _is_capital(found):
        end = found.end("capital") if paragraph[0].endswith("\r\n") else found.end("blanks")
        removed = paragraph[0][found.start() : end]
        yield _Displaced(found["capital"], paragraph.start() + found.start(), removed, word_start, word)


def _evidence(one: _Displaced, known: WordEvidence) -> str | None:
    if one.word[0] in "'’":
        return f"{one.capital} is elided before {one.word[0]}" if one.capital in _ELIDED else None
    return known.evidence_for(one.capital + one.word)


def _moves(one: _Displaced, evidence: str) -> list[Change]:
    moves = [
        Change(one.word_start, "", one.capital, f"displaced initial: {evidence}"),
        Change(one.start, one.removed, "", f"displaced initial of {one.capital + one.word!r}"),
    ]
    return sorted(moves, key=lambda change: change.start)


def _asked(text: str, one: _Displaced) -> OpenPlace:
    start = min(one.start, one.word_start)
    end = max(one.start + len(one.removed), one.word_start)
    before = text[start:end]
    moved = apply_changes(text[:end], _moves(one, ""))[start:]
    readings = (
        Reading(moved, f"a capital stands alone, and the paragraph begins in lower case: {one.word!r}"),
        Reading(before, f"{one.capital + one.word!r} is not in the words that are known"),
    )
    return OpenPlace(start, before, readings)
