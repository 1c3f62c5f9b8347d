"""The open places of a text as questions to a person."""

from __future__ import annotations

from collections.abc import Iterator

from archtool.text.repairing.answers import AskedPlace
from archtool.text.repairing.change_log_file import escape
from archtool.text.repairing.repair import AppliedRule, RepairedText
from archtool.text.repairing.review_file import Question

_AROUND = 40  # characters of the line shown on each side of a place
_FORMULA = ("=", "+", "-", "@")  # a table program takes a cell that begins so for a formula


def questions_of(repaired: RepairedText) -> Iterator[Question]:
    """Yield the questions about a text, in the order of the rule sets."""
    for applied, asked in open_places_of(repaired):
        yield _question(applied, asked)


def open_places_of(repaired: RepairedText) -> Iterator[tuple[AppliedRule, AskedPlace]]:
    """Yield the open places, each with the rule set that leaves it open."""
    for applied in repaired.applied:
        for asked in applied.open_places:
            yield applied, asked


def original_place(applied: AppliedRule, asked: AskedPlace) -> tuple[int, int]:
    """Return the line in the original, and the column, both counted from 1."""
    text, start = applied.text, asked.place.start
    return applied.lines.to_original(text.count("\n", 0, start) + 1), start - text.rfind("\n", 0, start)


def _question(applied: AppliedRule, asked: AskedPlace) -> Question:
    place = asked.place
    line, column = original_place(applied, asked)
    evidence = "; ".join(f"{number}: {one.evidence}" for number, one in enumerate(place.readings, 1))
    return Question(
        key=asked.key,
        before=place.before,
        readings=tuple(reading.after for reading in place.readings),
        place=_shown_place(applied.text, place.start, place.end),
        evidence=evidence,
        where=f"{line}:{column}",
        rule=asked.rule,
    )


def _shown_place(text: str, start: int, end: int) -> str:
    """Return the line around a place on one line, with the place in white brackets."""
    before = text[text.rfind("\n", 0, start) + 1 : start][-_AROUND:]
    line_end = text.find("\n", end)
    after = text[end : line_end if line_end >= 0 else len(text)][:_AROUND]
    shown = escape(f"{before}⟦{text[start:end]}⟧{after}")
    return f" {shown}" if shown.startswith(_FORMULA) else shown
