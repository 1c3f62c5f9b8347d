"""Names the places of the page that links lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archtool.description.model import Annexe, Description
from archtool.report.annexe_lines import Place
from archtool.report.package_page.limits import MAX_ANNEXES
from archtool.report.package_page.model import PackagePage, ShownText


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the text of an annexe can be read on the page."""

    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class Anchors:
    """The places of one page."""

    readings: Mapping[Place, Reading] = field(default_factory=dict)
    parts: Mapping[str, Reading] = field(default_factory=dict)
    """By the id of a part of the description: its place on the page, and its title."""
    shown_annexes: frozenset[Place] = frozenset()
    annexes: int = 0
    """How many annexes and enclosures there are."""


def anchors_of(page: PackagePage) -> Anchors:
    """Return the places of a page."""
    description = page.view.description
    if description is None:
        return Anchors()
    all_annexes = list(description.all_annexes())
    shown = frozenset(place for place, _ in all_annexes[:MAX_ANNEXES])
    readings = dict(_readings(page.texts))
    return Anchors(
        readings, dict(_parts(description, all_annexes, page.texts, shown)), shown, len(all_annexes)
    )


def annexe_anchor(place: Place) -> str:
    """Return the place of an annexe in the tree."""
    return "annexe-" + "-".join(str(number + 1) for number in place)


def stretch_anchor(place: Place) -> str:
    """Return the place where the lines of an annexe begin."""
    return "lines-of-" + annexe_anchor(place)


def text_anchor(number: int) -> str:
    """Return the place of a text; texts count from 1."""
    return f"text-{number}"


def _readings(texts: Sequence[ShownText]) -> Iterator[tuple[Place, Reading]]:
    for number, text in enumerate(texts, 1):
        if text.annexe is not None and text.lines:
            yield text.annexe, Reading(text_anchor(number), "read it below")
        for stretch in text.stretches:
            if stretch.first <= len(text.lines):
                yield stretch.place, Reading(stretch_anchor(stretch.place), "read it in the text")


def _parts(
    description: Description,
    annexes: Sequence[tuple[Place, Annexe]],
    texts: Sequence[ShownText],
    shown: frozenset[Place],
) -> Iterator[tuple[str, Reading]]:
    numbers = {text.file: number for number, text in enumerate(texts, 1)}
    for part in description.transcription:
        if part.id is not None and part.file in numbers:
            yield part.id, Reading(text_anchor(numbers[part.file]), part.title or part.file)
    for place, annexe in annexes:
        if annexe.id is not None and place in shown:
            yield annexe.id, Reading(annexe_anchor(place), annexe.title)
