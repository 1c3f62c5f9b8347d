"""The open places of a text as questions to a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archtool.text.repairing.answers import AskedPlace
from archtool.text.repairing.change_log_file import escape
from archtool.text.repairing.repair import RepairedText
from archtool.text.repairing.review_file import Question

_AROUND = 40  # characters of the line shown on each side of a place
_FORMULA = ("=", "+", "-", "@")  # a table program takes a cell that begins so for a formula


@dataclass(frozen=True, slots=True)
class LocatedPlace:
    """An open place with the text that it is in, and its position for a person."""

    text: str
    """The text that the rule set was given."""
    asked: AskedPlace
    line: int
    """The line in the original, counted from 1."""
    column: int


def questions_of(repaired: RepairedText) -> Iterator[Question]:
    """Yield the questions about a text, in the order of the rule sets."""
    return map(_question, open_places_of(repaired))


def open_places_of(repaired: RepairedText) -> Iterator[LocatedPlace]:
    """Yield the open places, in the order of the rule sets."""
    for applied in repaired.applied:
        text, position, line, line_start = applied.text, 0, 1, 0
        for asked in applied.open_places:
            start = asked.place.start
            line += text.count("\n", position, start)
            line_start = text.rfind("\n", position, start) + 1 or line_start
            position = start
            yield LocatedPlace(text, asked, applied.lines.to_original(line), start - line_start + 1)


def _question(located: LocatedPlace) -> Question:
    place = located.asked.place
    evidence = "; ".join(f"{number}: {one.evidence}" for number, one in enumerate(place.readings, 1))
    return Question(
        key=located.asked.key,
        before=place.before,
        readings=tuple(reading.after for reading in place.readings),
        place=_shown_place(located.text, place.start, place.end),
        evidence=evidence,
        where=f"{located.line}:{located.column}",
        rule=located.asked.rule,
    )


def _shown_place(text: str, start: int, end: int) -> str:
    """Return the line around a place on one line, with the place in white brackets."""
    before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    after = text[end : end + _AROUND].partition("\n")[0]
    shown = escape(f"{before}⟦{text[start:end]}⟧{after}")
    return f" {shown}" if shown.startswith(_FORMULA) else shown
