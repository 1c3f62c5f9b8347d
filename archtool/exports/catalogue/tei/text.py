"""Makes the `text`: every line of each transcription with its number, and each annexe as a `div`.

A line is kept as it is, blanks included (`xml:space`). An annexe that is a range of lines becomes a `div` of
its own; the text around it is then divided too, because TEI has no text after a `div`. Of two ranges that
cross, the later one is marked by a `milestone` where it begins; so is one that is nested too deep.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archtool.description.model import Annexe
from archtool.exports.catalogue.elements import Element, Verbatim, empty, parent
from archtool.exports.catalogue.record import Record, Text, relative_url
from archtool.exports.catalogue.tei.places import annexe_id
from archtool.xml_text import format_text

_MAX_NESTED = 64  # divisions in each other; a hostile description could nest thousands of ranges
_DOCUMENT, _ANNEXE = "document", "annexe"
Place = tuple[int, ...]


@dataclass(slots=True)
class _Stretch:
    """A range of lines with the ranges inside it; lines count from 1."""

    first: int
    last: int
    annexe: Annexe | None = None
    place: Place = ()
    inside: list[_Stretch] = field(default_factory=list)
    milestones: dict[int, list[str]] = field(default_factory=dict)
    """The ids of ranges that begin in a line and cross another, for the whole file."""


def text_of(record: Record) -> Element:
    """Return all texts of a package: one, or a group of them."""
    annexes = {
        annexe.file: (place, annexe) for place, annexe in record.description.all_annexes() if annexe.file
    }
    texts = [_text(record, name, text, annexes.get(name)) for name, text in record.texts.items()]
    if not texts:
        return parent("text", {}, parent("body", {}, _gap("the package has no text")))
    return texts[0] if len(texts) == 1 else parent("text", {}, parent("group", {}, texts))


def _text(record: Record, name: str, text: Text, annexe: tuple[Place, Annexe] | None) -> Element:
    language = _language(record, name, annexe)
    attributes = {
        "type": None if annexe is None else _ANNEXE,
        "xml:lang": language,
        "corresp": None if annexe is None else f"#{annexe_id(annexe[0])}",
        "source": relative_url(f"data/{name}"),
    }
    if text.problem is not None:
        return parent("text", attributes, parent("body", {}, _gap(text.problem)))
    whole = _nest(record, name, len(text.lines))
    return parent("text", attributes, parent("body", {}, _divisions(whole, text.lines, whole.milestones)))


def _gap(reason: str) -> Element:
    return parent("ab", {}, empty("gap", {"reason": reason}))


def _language(record: Record, name: str, annexe: tuple[Place, Annexe] | None) -> str | None:
    parts = [part.language for part in record.description.transcription if part.file == name]
    if annexe is not None and annexe[1].language:
        return annexe[1].language
    return next(iter(parts), None) or (record.description.language if annexe is None else None)


def _nest(record: Record, name: str, lines: int) -> _Stretch:
    """Return the whole file with the ranges of annexes inside each other."""
    whole = _Stretch(1, lines)
    found = [
        _Stretch(within.from_line, min(within.to_line or lines, lines), annexe, place)
        for place, annexe in record.description.all_annexes()
        if (within := annexe.within) is not None and within.file == name and not within.is_backwards
    ]
    ranges = [one for one in found if one.first <= one.last]
    open_ranges = [whole]
    for one in sorted(ranges, key=lambda r: (r.first, -r.last, r.place)):
        while open_ranges[-1].last < one.first:
            open_ranges.pop()
        if one.last > open_ranges[-1].last or len(open_ranges) > _MAX_NESTED:
            whole.milestones.setdefault(one.first, []).append(annexe_id(one.place))
            continue
        open_ranges[-1].inside.append(one)
        open_ranges.append(one)
    return whole


def _divisions(
    stretch: _Stretch, lines: Sequence[str], milestones: dict[int, list[str]]
) -> Iterator[Element | Verbatim]:
    """Yield the content of a stretch: its blocks, or divisions if there are ranges inside."""
    if not stretch.inside:
        blocks = [*_blocks(stretch.first, stretch.last, lines, milestones)]
        yield from blocks or [Verbatim("<ab/>")]
        return
    own = [*_own_parts(stretch)]
    texts = [(part, [*_blocks(*part, lines, milestones)]) for part in own]
    known = [(part, blocks) for part, blocks in texts if blocks]
    divisions: list[tuple[int, Element]] = []
    for number, ((first, _), blocks) in enumerate(known):
        part = None if len(known) == 1 else "I" if number == 0 else "F" if number == len(known) - 1 else "M"
        kind = _DOCUMENT if stretch.annexe is None else "annexe-text"
        divisions.append((first, parent("div", {"type": kind, "part": part}, blocks)))
    divisions += [(one.first, _annexe_division(one, lines, milestones)) for one in stretch.inside]
    yield from (division for _, division in sorted(divisions, key=lambda pair: pair[0]))


def _own_parts(stretch: _Stretch) -> Iterator[tuple[int, int]]:
    """Yield the first and last lines before, between and behind the ranges inside."""
    first = stretch.first
    for one in stretch.inside:
        if first < one.first:
            yield first, one.first - 1
        first = one.last + 1
    if first <= stretch.last:
        yield first, stretch.last


def _annexe_division(one: _Stretch, lines: Sequence[str], milestones: dict[int, list[str]]) -> Element:
    annexe = one.annexe
    attributes = {
        "type": _ANNEXE,
        "n": annexe.number if annexe is not None else None,
        "xml:lang": annexe.language if annexe is not None else None,
        "corresp": f"#{annexe_id(one.place)}",
    }
    return parent("div", attributes, _divisions(one, lines, milestones))


def _blocks(
    first: int, last: int, lines: Sequence[str], milestones: dict[int, list[str]]
) -> Iterator[Verbatim]:
    """Yield the stretches of lines with words; the line breaks of the file are kept."""
    block: list[str] = []
    for number in range(first, last + 1):
        line = lines[number - 1]
        marks = "".join(f'<milestone unit="annexe" corresp="#{one}"/>' for one in milestones.get(number, ()))
        if line.strip() or marks:
            block.append(f'{marks}<lb n="{number}"/>{format_text(line)}')
        elif block:
            yield _block(block)
            block = []
    if block:
        yield _block(block)


def _block(lines: list[str]) -> Verbatim:
    return Verbatim('<ab xml:space="preserve">' + "\n".join(lines) + "</ab>")
