"""`spacing/1`: closes runs of blanks between words, and removes blanks at the ends of lines.

Whether blanks are layout is decided for each paragraph as a whole, so that a second run decides the same.
Indentation stays, and so do non-breaking and thin spaces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from archtool.text.repairing.changes import Change, Proposal, RepairContext
from archtool.text.sentence_gaps import SENTENCE_ENDS, is_typing_habit

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_RUN = re.compile(r"(?<=[^ \t\r\n]) {2,}(?=[^ \t\r\n])")
_TAB = re.compile(r"(?<=[^ \t\r\n])[ ]*\t[ \t]*(?=[^ \t\r\n])")
_LABEL = re.compile(r"[ \t]*(?:\(?(?:\d{1,3}|[^\W\d_])[.)]|[-–—*•])")
_SPACED_LETTERS = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,}[^\W\d_](?!\S)")
_SIGNS = frozenset(":;!?»%")  # French puts a blank before them
_LAYOUT_BLANKS = 4  # a justified line is rarely widened so far at one place
_ALIGNED_BLANKS = 3
_ROWS = 3  # with as many gaps each: half-lines of verse, or columns
_JUSTIFIED = "a single blank between words; the line is widened by more of them"
_AT_END = "a blank at the end of a line"


@dataclass(frozen=True, slots=True)
class _Gap:
    start: int
    blanks: str
    column: int
    """Where the next word begins in its line."""
    before_sign: bool
    after_label: bool
    """Whether the number or sign of a list item is before it."""


class SpacingRule:
    """Makes doubled blanks of justified lines single ones."""

    name = "spacing/1"
    summary = "close doubled blanks, drop blanks at line ends"

    def propose(self, text: str, context: RepairContext) -> Proposal:
        """See `RuleSet`."""
        del context
        changes: list[Change] = []
        closed: list[Change] = []
        paragraph: list[list[_Gap]] = []
        is_set = False
        for line in _LINE.finditer(text):
            body = line[0].removesuffix("\n").removesuffix("\r")
            trailing = body[len(body.rstrip(" \t")) :]
            if not line[0].strip():
                closed += _closed(paragraph, is_set=is_set)
                paragraph, is_set = [], False
            else:
                paragraph.append(_gaps(line[0], line.start()))
                is_set = is_set or _is_set(line[0])
            if trailing:
                changes.append(Change(line.start() + len(body) - len(trailing), trailing, "", _AT_END))
        closed += _closed(paragraph, is_set=is_set)
        if not _is_habit(text, closed):
            changes += closed
        return Proposal(tuple(sorted(changes, key=lambda change: change.start)))

    def may_make(self, before: str, after: str) -> bool:
        """See `RuleSet`."""
        if after == " ":
            return len(before) > 1 and not before.strip(" ")
        return after == "" and before != "" and not before.strip(" \t")


def _gaps(line: str, start: int) -> list[_Gap]:
    if "  " not in line:
        return []
    label = _LABEL.match(line)
    label_end = label.end() if label is not None else -1
    gaps = [
        _Gap(
            start + found.start(),
            found[0],
            found.end(),
            line[found.end()] in _SIGNS,
            found.start() == label_end,
        )
        for found in _RUN.finditer(line)
    ]
    return [] if len(gaps) == 1 and gaps[0].after_label else gaps


def _is_set(line: str) -> bool:
    """Return whether a line has tabs between words, or letters that are spaced out for emphasis."""
    return ("\t" in line and _TAB.search(line) is not None) or _SPACED_LETTERS.search(line) is not None


def _closed(paragraph: Sequence[Sequence[_Gap]], *, is_set: bool) -> list[Change]:
    if is_set or _is_layout(paragraph):
        return []
    return [Change(gap.start, gap.blanks, " ", _JUSTIFIED) for gaps in paragraph for gap in gaps]


def _is_habit(text: str, closed: Sequence[Change]) -> bool:
    """Return whether blanks are doubled after sentences only, as typists do: that is no damage."""
    after_sentences = sum(text[change.start - 1] in SENTENCE_ENDS for change in closed)
    return is_typing_habit(after_sentences, len(closed) - after_sentences)


def _is_layout(paragraph: Sequence[Sequence[_Gap]]) -> bool:
    """Return whether the blanks of a paragraph put words in columns."""
    rows = [[gap for gap in gaps if not gap.before_sign] for gaps in paragraph]
    if any(len(gap.blanks) >= _LAYOUT_BLANKS for gaps in rows for gap in gaps):
        return True
    if len(rows) >= _ROWS and rows[0] and len({len(gaps) for gaps in rows}) == 1:
        return True
    if (
        len(rows) > 1
        and all(rows)
        and len(set.intersection(*({g.column for g in gaps} for gaps in rows))) > 0
    ):
        return True
    return any(_are_aligned(one, other) for one, other in pairwise(rows))


def _are_aligned(one: Sequence[_Gap], other: Sequence[_Gap]) -> bool:
    """Return whether two lines have a wide gap that ends in the same column."""
    wide = {gap.column for gap in one if len(gap.blanks) >= _ALIGNED_BLANKS}
    return any(gap.column in wide and len(gap.blanks) >= _ALIGNED_BLANKS for gap in other)
