"""The open places of a text as questions to a person."""

from __future__ import annotations

import itertools
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from archtool.text.repairing.answers import AskedPlace
from archtool.text.repairing.change_log_file import show_line_ends
from archtool.text.repairing.changes import apply_changes
from archtool.text.repairing.repair import RepairedText
from archtool.text.repairing.review_file import Question

_AROUND = 40  # characters of the line shown on each side of a place
_BESIDE = 30  # characters of the words beside a place
_NAMED_WORD = re.compile(r"“([^”]*)”: ")
_FORMULA = ("=", "+", "-", "@")  # a table program takes a cell that begins so for a formula


@dataclass(frozen=True, slots=True)
class LocatedPlace:
    """An open place with the text that it is in, and its position for a person."""

    text: str
    """The text that the rule set makes: what is certain around the place is repaired."""
    start: int
    """The offset of the place in this text."""
    asked: AskedPlace
    line: int
    """The line in the original, counted from 1."""
    column: int

    @property
    def end(self) -> int:
        """The offset after the place, in `text`."""
        return self.start + len(self.asked.place.before)

    @property
    def beside(self) -> tuple[str, str]:
        """The letters of the words that the place divides, before and after it."""
        before = self.text[max(0, self.start - _BESIDE) : self.start]
        after = self.text[self.end : self.end + _BESIDE]
        first = "".join(itertools.takewhile(_is_in_word, reversed(before)))
        return first[::-1], "".join(itertools.takewhile(_is_in_word, after))

    @property
    def readings(self) -> tuple[tuple[str, str], ...]:
        """Each reading in its words and in quotation marks, and what speaks for it."""
        before, after = self.beside
        quoted = [f"“{before}{one.after}{after}”" for one in self.asked.place.readings]
        evidence = [one.evidence for one in self.asked.place.readings]
        return tuple((words, _without(words, one)) for words, one in zip(quoted, evidence, strict=True))


def _without(words: str, evidence: str) -> str:
    """Return evidence without the word that it begins with, if the words that are shown have it anyway."""
    found = _NAMED_WORD.match(evidence)
    return evidence[found.end() :] if found and found[1] in words else evidence


def _is_in_word(char: str) -> bool:
    return not char.isspace() and char.isprintable()


def questions_of(repaired: RepairedText) -> Iterator[Question]:
    """Yield the questions about a text, in the order of the rule sets."""
    return map(_question, open_places_of(repaired))


def open_places_of(repaired: RepairedText) -> Iterator[LocatedPlace]:
    """Yield the open places, in the order of the rule sets."""
    for applied in repaired.applied:
        text, position, line, line_start = applied.text, 0, 1, 0
        if not applied.open_places:
            continue
        made, changes, shift = apply_changes(text, applied.changes), deque(applied.changes), 0
        for asked in applied.open_places:
            start = asked.place.start
            line += text.count("\n", position, start)
            line_start = text.rfind("\n", position, start) + 1 or line_start
            position = start
            while changes and changes[0].start < start:
                change = changes.popleft()
                shift += len(change.after) - len(change.before)
            original_line = applied.lines.to_original(line)
            yield LocatedPlace(made, start + shift, asked, original_line, start - line_start + 1)


def _question(located: LocatedPlace) -> Question:
    place = located.asked.place
    evidence = "; ".join(f"{number}: {one}" for number, (_, one) in enumerate(located.readings, 1))
    return Question(
        key=located.asked.key,
        before=place.before,
        readings=tuple(reading.after for reading in place.readings),
        place=_shown_place(located.text, located.start, located.end),
        evidence=evidence,
        where=f"line {located.line}:{located.column}",
        rule=located.asked.rule,
        beside=located.beside,
    )


def _shown_place(text: str, start: int, end: int) -> str:
    """Return the line around a place on one line, with the place in white brackets."""
    before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    after = text[end : end + _AROUND].partition("\n")[0]
    shown = show_line_ends(f"{before}⟦{text[start:end]}⟧{after}")
    return f" {shown}" if shown.startswith(_FORMULA) else shown
