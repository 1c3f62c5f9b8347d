"""`pages/1`: removes what belongs to the pages of the source and not to its text.

These are page numbers alone on a line, running heads, and form feeds. A page number is certain as part of an
increasing series, at the distances of pages, that interrupts sentences; chapters are numbered too, but no
chapter begins inside a sentence. A running head is certain where the same words stand beside such numbers, or
with them. A few single numbers are questions for a person; many are lists, and stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from archtool.text.repairing.changes import Change, OpenPlace, Proposal, Reading, RepairContext
from archtool.text.repairing.rules.page_lines import (
    Line,
    edge_lines,
    goes_on,
    interrupts_sentence,
    is_at_page_break,
    read_lines,
)

_MIN_SERIES = 3
_MIN_PAGE_LINES = 12  # between two page numbers; a list or verses have fewer
_MAX_PAGE_LINES = 150  # for each page between two numbers
_MAX_PAGES_FOR_ONE_INSIDE = 12  # page numbers for each that interrupts a sentence; chapters interrupt none
_MAX_STEP = 3  # pages without a number, such as those with a plate
_MAX_PAGES_FOR_ONE_HEAD = 20  # what stands at fewer edges is a coincidence; heads change with the chapters
_LOOK_BACK = 16  # numbers before one that can come before it in its series
_MAX_ASKED = 5
_MAX_BLOCK_LINES = 40
_MAX_BLOCK_TEXTS = 8  # lines with words in such a block: numbers, heads, feet
_MAX_LINE_CHARS = 120
_FORM_FEED = "\f"
_CANDIDATE = re.compile(r"\f|^[^\n]{0,84}\d[^\n]{0,84}$", re.MULTILINE)


class PagesRule:
    """Removes page numbers, running heads and form feeds."""

    name = "pages/1"
    summary = "remove page numbers, running heads and form feeds"

    def propose(self, text: str, context: RepairContext) -> Proposal:
        """See `RuleSet`."""
        del context
        if _CANDIDATE.search(text) is None:
            return Proposal()
        lines = read_lines(text)
        _mark_series(lines)
        _mark_heads(lines)
        blocks = list(_blocks(lines))
        open_places = _asked(text, lines, blocks)
        changes = [_removal(text, lines, *block) for block in blocks]
        taken = [(one.start, one.end) for one in changes] + [(one.start, one.end) for one in open_places]
        changes += _form_feeds(text, taken)
        return Proposal(tuple(sorted(changes, key=lambda one: one.start)), tuple(open_places))

    def may_make(self, before: str, after: str) -> bool:
        """See `RuleSet`."""
        if before == _FORM_FEED:
            return after == ""
        lines = before.split("\n")
        texts = [line for line in lines if line.strip()]
        return (
            after in ("", "\n", "\r\n")
            and 1 < len(lines) <= _MAX_BLOCK_LINES
            and 0 < len(texts) <= _MAX_BLOCK_TEXTS
            and max(map(len, texts)) <= _MAX_LINE_CHARS
        )


def _mark_series(lines: Sequence[Line]) -> None:
    """Mark the numbers that are certainly page numbers: alone on their lines, or in running heads."""
    for kind in (True, False):
        numbered = [
            at
            for at, line in enumerate(lines)
            if line.is_furniture and line.is_bare_number == kind and line.number
        ]
        for series in _series(lines, numbered):
            inside = sum(interrupts_sentence(lines, at) for at in series)
            breaks = sum(is_at_page_break(lines, at) for at in series)
            numbers = [lines[at].number or 0 for at in series]
            follow = sum(one + 1 == other for one, other in pairwise(numbers))
            is_sure = (inside >= 2 and _MAX_PAGES_FOR_ONE_INSIDE * inside >= len(series)) or (
                inside and 5 * breaks >= 4 * len(series)
            )
            if is_sure and 2 * follow >= len(numbers) - 1:
                reason = _series_reason(numbers, inside, breaks)
                for at in series:
                    lines[at].reason = f"{'page number' if kind else 'running head'} {reason}"


def _series_reason(numbers: Sequence[int], inside: int, breaks: int) -> str:
    reason = f"in a series of {len(numbers)} from {numbers[0]} to {numbers[-1]}, {inside} inside sentences"
    return f"{reason}, {breaks} at form feeds" if breaks else reason


def _series(lines: Sequence[Line], numbered: Sequence[int]) -> Iterator[list[int]]:
    """Yield increasing series of numbers at the distances of pages, the longest first."""
    lengths = [1] * len(numbered)
    before: list[int | None] = [None] * len(numbered)
    for this, at in enumerate(numbered):
        for other in range(max(0, this - _LOOK_BACK), this):
            step = (lines[at].number or 0) - (lines[numbered[other]].number or 0)
            distance = at - numbered[other]
            fits = 1 <= step <= _MAX_STEP and _MIN_PAGE_LINES <= distance <= step * _MAX_PAGE_LINES
            if fits and lengths[other] >= lengths[this]:
                lengths[this], before[this] = lengths[other] + 1, other
    used: set[int] = set()
    for last in sorted(range(len(numbered)), key=lambda one: -lengths[one]):
        series, one = [], last if lengths[last] >= _MIN_SERIES else None
        while one is not None and one not in used:
            used.add(one)
            series.append(numbered[one])
            one = before[one]
        if len(series) >= _MIN_SERIES:
            yield series[::-1]


def _mark_heads(lines: Sequence[Line]) -> None:
    """Mark running heads and feet: the same words beside page numbers or form feeds, and hardly elsewhere."""
    beside = Counter(
        line.head
        for at, line in enumerate(lines)
        if line.head and line.is_furniture and _is_beside(lines, at)
    )
    everywhere = Counter(line.head for line in lines if line.head)
    edges = sum(line.reason is not None or line.has_page_break for line in lines)
    least = max(_MIN_SERIES, edges // _MAX_PAGES_FOR_ONE_HEAD)
    heads = {head for head, count in beside.items() if count >= least and everywhere[head] <= count + 1}
    for at, line in enumerate(lines):
        if line.reason is None and line.head in heads and _is_beside(lines, at):
            line.reason = f"running head, {beside[line.head]} times at the edge of a page"


def _is_beside(lines: Sequence[Line], at: int) -> bool:
    """Return whether a line is at the edge of a page: at a form feed, or beside a certain page number."""
    edges = (edge_lines(lines, at, step) for step in (-1, 1))
    return is_at_page_break(lines, at) or any(line.reason is not None for edge in edges for line in edge)


def _blocks(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of what is removed together, with the empty lines around it."""
    at = 0
    while at < len(lines):
        first = at
        while at < len(lines) and (not lines[at].plain or lines[at].reason is not None):
            at += 1
        block = lines[first:at]
        if any(line.reason is not None for line in block) and len(block) < _MAX_BLOCK_LINES:
            yield first, at - 1
        at = max(at, first + 1)


def _removal(text: str, lines: Sequence[Line], first: int, last: int) -> Change:
    reasons = dict.fromkeys(line.reason for line in lines[first : last + 1] if line.reason is not None)
    start, before, after = _cut(text, lines, first, last)
    return Change(start, before, after, "; ".join(reasons))


def _cut(text: str, lines: Sequence[Line], first: int, last: int) -> tuple[int, str, str]:
    """Return where a block begins, the block, and what is left of it: an empty line, or nothing."""
    if first == 0:
        return 0, text[: lines[last + 1].start if last + 1 < len(lines) else lines[last].end], ""
    start, end = lines[first - 1].end, lines[last].end
    is_last = last + 1 == len(lines)
    has_blank = any(not line.plain for line in lines[first : last + 1])
    if is_last or not has_blank or goes_on(lines[first - 1], lines[last + 1]):
        return start, text[start:end], ""
    return start, text[start:end], "\r\n" if text.startswith("\r\n", start) else "\n"


def _asked(text: str, lines: Sequence[Line], blocks: Sequence[tuple[int, int]]) -> list[OpenPlace]:
    """Return the questions about single numbers between empty lines."""
    removed = {at for first, last in blocks for at in range(first, last + 1)}
    single = [
        at
        for at, line in enumerate(lines)
        if line.is_bare_number and line.number and at not in removed and _is_between_blanks(lines, at)
    ]
    if len(single) > _MAX_ASKED:
        return []
    questions: list[OpenPlace] = []
    for at in single:
        question = _question(text, lines, at, removed)
        if not questions or question.start >= questions[-1].end:
            questions.append(question)
    return questions


def _is_between_blanks(lines: Sequence[Line], at: int) -> bool:
    beside = (lines[at - 1] if at else None, lines[at + 1] if at + 1 < len(lines) else None)
    return all(line is None or not line.plain for line in beside)


def _question(text: str, lines: Sequence[Line], at: int, removed: Collection[int]) -> OpenPlace:
    first = last = at
    while first > 0 and not lines[first - 1].plain and first - 1 not in removed:
        first -= 1
    while last + 1 < len(lines) and not lines[last + 1].plain and last + 1 not in removed:
        last += 1
    start, before, after = _cut(text, lines, first, last)
    place = "inside a sentence" if interrupts_sentence(lines, at) else "between two paragraphs"
    at_break = ", at a form feed" if is_at_page_break(lines, at) else ""
    readings = (
        Reading(after, f"a page number, removed: {lines[at].plain} stands alone {place}{at_break}"),
        Reading(before, "the number of a part of the text, kept; no series of page numbers is known"),
    )
    return OpenPlace(start, before, readings)


def _form_feeds(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Change]:
    """Yield the form feeds at the beginnings of lines that are in no block."""
    at = 0
    ranges = iter(sorted(taken))
    start, end = next(ranges, (len(text), len(text)))
    for found in re.finditer(r"^[ \f]*\f", text, re.MULTILINE):
        for at in (found.start() + n for n, char in enumerate(found[0]) if char == _FORM_FEED):
            while at >= end and start < len(text):
                start, end = next(ranges, (len(text), len(text)))
            if not start <= at < end:
                yield Change(at, _FORM_FEED, "", "a form feed ends a page of the source")
