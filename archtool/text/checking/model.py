"""The model of a checked text: kinds of faults, how often each occurs, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextPlace:
    """One place in a text, with the text around it in the same line."""

    line: int
    """Counted from 1; a line ends at LF."""
    column: int
    """The character in the line, counted from 1; a byte-order mark at the start is not counted."""
    before: str
    """Some text before the place; empty at the beginning of the line."""
    marked: str
    """The characters in question."""
    after: str
    """Some text after the place, in the same line."""


@dataclass(frozen=True, slots=True)
class TextFault:
    """All places of one kind in a text."""

    kind: str
    """The name of the kind, such as `line-end-hyphens`."""
    count: int
    """The number of places."""
    places: tuple[TextPlace, ...] = ()
    """The first places, in the order of the text."""
    variants: tuple[tuple[str, int], ...] = ()
    """Different forms of the fault with their counts, the most frequent first: `eé`, 318 times."""
    detail: str = ""
    """What else is known, in a few words for a person."""


@dataclass(frozen=True, slots=True)
class TextReport:
    """What was found in a text."""

    encoding: str
    """The encoding in which the text was read."""
    size_bytes: int
    lines: int
    """The number of lines; a text after the last LF is a line."""
    characters: int
    language: str | None
    """The language that the words show; `None` if they do not show one clearly."""
    faults: tuple[TextFault, ...] = ()
    """One for each kind that was found, in the order of the kinds."""
    fault_places_left_out: bool = False
    """Whether a fault has more places than were kept although all were asked for."""
