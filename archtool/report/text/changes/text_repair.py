"""The page of a repair of a text: what each rule set changes, what is open, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from archtool.files.paths import shown
from archtool.report.numbers import counted
from archtool.report.text.changes.changed_words import PLAIN, QUIET, Edit, Part, show_changes
from archtool.report.text.page import MIN_WIDTH, wrap

Parts = tuple[Part, ...]
_SHOWN = 5  # lines of one rule set; `--all` shows the others
_SHOWN_OPEN = 20  # as many as a person can be expected to answer
_NUMBER_COLUMNS = 8
_READING_CHARS = 60
COMMAND = "  "
"""How a note begins that is a command to be copied: it is never broken over lines."""


@dataclass(frozen=True, slots=True)
class RuleView:
    """What one rule set does."""

    name: str
    text: str
    """The text that it is given."""
    edits: tuple[Edit, ...]
    original_line: Callable[[int], int]
    """Returns the line of the original for a line of the text."""


@dataclass(frozen=True, slots=True)
class OpenView:
    """One open place."""

    rule: str
    where: str
    """Line and column."""
    place: Edit
    """What is in question; its `after` has no meaning."""
    text: str
    """The text that the place is in."""
    readings: tuple[tuple[str, str], ...]
    """Each text in its words and in quotation marks, and what speaks for it."""


@dataclass(frozen=True, slots=True)
class RepairView:
    """All that is shown of a repair."""

    title: str
    rules: tuple[RuleView, ...]
    open_places: tuple[OpenView, ...]
    notes: tuple[str, ...]
    """Sentences at the end: moved lines, what was written, what to do next."""


def format_text_repair(view: RepairView, width: int, *, shows_all: bool = False) -> Iterator[Parts]:
    """Yield the lines of the page, as parts with their styles."""
    width = max(width, MIN_WIDTH)
    yield from _plain(wrap(view.title, width, hanging=2))
    for rule in view.rules:
        yield from _rule(rule, width, shows_all=shows_all)
    if view.open_places:
        yield ()
        yield ((f"open: {counted(len(view.open_places), 'place')} for a person to decide", PLAIN),)
        yield from _open(view.open_places, width, shows_all=shows_all)
    if view.notes:
        yield ()
    for note in view.notes:
        if note.startswith(COMMAND):
            yield ((note, PLAIN),)
        else:
            yield from _plain(wrap(note, width, hanging=2))


def _plain(lines: Sequence[str]) -> Iterator[Parts]:
    return (((line, PLAIN),) for line in lines)


def _rule(rule: RuleView, width: int, *, shows_all: bool) -> Iterator[Parts]:
    yield ()
    yield ((f"{rule.name}: {counted(len(rule.edits), 'change')}", PLAIN),)
    for number, change in enumerate(show_changes(rule.text, rule.edits, width - _NUMBER_COLUMNS)):
        if number == _SHOWN and not shows_all:
            yield (("        … --all shows all changes", QUIET),)
            return
        yield ((f"{rule.original_line(change.line):>6}  ", QUIET), *change.parts)


def _open(places: Sequence[OpenView], width: int, *, shows_all: bool) -> Iterator[Parts]:
    for number, place in enumerate(places):
        if number == _SHOWN_OPEN and not shows_all:
            yield ((f"  … {len(places) - number} more; --all shows them", QUIET),)
            return
        lead = f"  {place.where}  "
        (place_shown,) = show_changes(place.text, [place.place], width - len(lead), by_words=False)
        yield ((lead, QUIET), *place_shown.parts)
        for option, (text, evidence) in enumerate(place.readings, 1):
            reading = text.replace("\n", "⏎")
            reading = reading if len(reading) <= _READING_CHARS else f"{reading[: _READING_CHARS - 1]}…"
            yield from _plain(wrap(f"{option}  {shown(reading)}   {evidence}", width, "      ", hanging=9))
