"""Shows changes of a text by whole words, each in a little of its line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archtool.printable import show_steering

REMOVED, ADDED, PLAIN, QUIET = "removed", "added", "", "quiet"
Part = tuple[str, str]
"""A text and its style."""
_CONTEXT = 24  # characters of the line on each side
_BRACKETS = 4  # columns around a removed or added text, where there are no colours
_VISIBLE = str.maketrans({" ": "·", "\n": "⏎", "\t": "→", "\f": "␌", "\r": "␍", "\u00a0": "⍽", "\u202f": "⍽"})
_HYPHENS = "-\u2010¬\u00ad"
_MAX_CHARS = 200  # of one changed text


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement in a text."""

    start: int
    before: str
    after: str

    @property
    def end(self) -> int:
        """The offset after the last replaced character."""
        return self.start + len(self.before)


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One line of the display."""

    line: int
    """The line of the text, counted from 1."""
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    """Whole words that one or more edits change."""

    start: int
    end: int
    before: str
    after: str

    @property
    def columns(self) -> int:
        return sum(len(text) + _BRACKETS for text in (self.before, self.after) if text)


def visible(text: str) -> str:
    """Return a text in which blanks, line ends and invisible characters can be seen."""
    return show_steering(text.translate(_VISIBLE))


def show_changes(
    text: str, edits: Sequence[Edit], width: int, *, by_words: bool = True
) -> Iterator[ShownChange]:
    """Yield sorted changes of a text as lines of at most `width` columns; those of one line go together.

    With `by_words`, whole words are shown that the changes touch.
    """
    position, line = 0, 1
    group: list[_Words] = []
    for words in _whole_words(text, edits, by_words=by_words):
        if group and not _fits(text, group, words, width):
            line += text.count("\n", position, group[0].start)
            position = group[0].start
            yield ShownChange(line, _parts(text, group, width))
            group = []
        group.append(words)
    if group:
        line += text.count("\n", position, group[0].start)
        yield ShownChange(line, _parts(text, group, width))


def _whole_words(text: str, edits: Sequence[Edit], *, by_words: bool) -> Iterator[_Words]:
    group: list[Edit] = []
    start = end = 0
    for edit in edits:
        first, last = _extended(text, edit) if by_words else (edit.start, edit.end)
        if group and first < end:
            end = max(end, last)
        else:
            if group:
                yield _words(text, group, start, end)
            group, start, end = [], first, last
        group.append(edit)
    if group:
        yield _words(text, group, start, end)


def _extended(text: str, edit: Edit) -> tuple[int, int]:
    """Return the ends of the words that an edit touches; changed blanks alone touch none."""
    start, end = edit.start, edit.end
    is_inside = not edit.before or not edit.after  # what is beside it is put together, or apart
    if not edit.before.strip() and not edit.after.strip():
        return start, end
    if is_inside or _is_letter(edit.before[0]) or _is_letter(edit.after[0]) or edit.before[0] in _HYPHENS:
        while start > 0 and _is_letter(text[start - 1]):
            start -= 1
    if is_inside or _is_letter(edit.before[-1]) or _is_letter(edit.after[-1]):
        while end < len(text) and _is_letter(text[end]):
            end += 1
    return start, end


def _is_letter(char: str) -> bool:
    return char.isalpha() or unicodedata.combining(char) > 0


def _words(text: str, edits: Sequence[Edit], start: int, end: int) -> _Words:
    parts: list[str] = []
    position = start
    for edit in edits:
        parts += (text[position : edit.start], edit.after)
        position = edit.end
    after = "".join([*parts, text[position:end]])
    return _Words(start, end, _clipped(visible(text[start:end])), _clipped(visible(after)))


def _clipped(text: str) -> str:
    return text if len(text) <= _MAX_CHARS else f"{text[: _MAX_CHARS // 2]}…{text[-_MAX_CHARS // 2 + 1 :]}"


def _fits(text: str, group: Sequence[_Words], words: _Words, width: int) -> bool:
    between = text[group[-1].end : words.start]
    if "\n" in between or len(between) > 2 * _CONTEXT:
        return False
    columns = sum(one.columns for one in group) + words.columns + words.start - group[0].start
    return columns + _CONTEXT <= width


def _parts(text: str, group: Sequence[_Words], width: int) -> tuple[Part, ...]:
    columns = sum(one.columns for one in group) + sum(
        len(text[one.end : other.start]) for one, other in pairwise(group)
    )
    room = max(0, min(_CONTEXT, (width - columns) // 2))
    parts: list[Part] = [(_before(text, group[0].start, room), PLAIN)]
    for number, one in enumerate(group):
        if number:
            parts.append((show_steering(text[group[number - 1].end : one.start]), PLAIN))
        parts += ((shown, style) for shown, style in ((one.before, REMOVED), (one.after, ADDED)) if shown)
    parts.append((_after(text, group[-1].end, room), PLAIN))
    return tuple((shown, style) for shown, style in parts if shown)


def _before(text: str, at: int, room: int) -> str:
    line_start = text.rfind("\n", max(0, at - room - 1), at) + 1
    if line_start or at <= room:
        return show_steering(text[line_start:at])
    return "…" + show_steering(text[at - room + 1 : at]) if room else ""


def _after(text: str, at: int, room: int) -> str:
    line_end = text.find("\n", at, at + room + 1)
    if line_end < 0 and len(text) - at > room:
        return show_steering(text[at : at + room - 1]) + "…" if room else ""
    return show_steering(text[at : line_end if line_end >= 0 else len(text)]).rstrip("\r")
