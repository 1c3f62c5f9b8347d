"""Finds the lines that describe a text: `Source: …`, `Transcription/Markup: …`, and their like.

They stand at the beginning of a page or at its end, never behind long lines of text. A word such as `Date:`
or `From:` also begins the lines of letters and telegrams: it counts only beside a label that no letter has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archtool.nearest_names import fold
from archtool.pages.labels import WITHOUT_COLON, Label, Meaning, find_label
from archtool.pages.limits import (
    LONG_LINE_CHARACTERS,
    MAX_FOOTER_LINES,
    MAX_HEADER_LINE_CHARACTERS,
    MAX_HEADER_LINES,
)
from archtool.pages.model import Line, LineKind

# blanks are matched once, and few before a colon: a line of nothing else must not be tried in a million ways
_LABELLED = re.compile(r"[\[(*\s]*+([^:：\t]{1,50}?)\s{0,20}[:：\t]\s*+(.*)", re.S)
_SEPARATORS = " \u00a0:：\t.–—-"
_WEAK_MEANINGS = frozenset([Meaning.AUTHOR, Meaning.TITLE, Meaning.LANGUAGE])
_WEAK_WORDS = frozenset(map(fold, (
    "date", "dated", "delivered", "spoken", "from", "by", "von", "aus", "nach", "datum", "fecha",
    "дата", "gehalten", "prononcé", "edition", "edited", "editor", "html", "rights", "online",
    "published", "publication", "aus-dem", "datiert", "датировано", "права",
)))  # fmt: skip
_MAX_CONTINUATION_LINES = 3
_NEAR_LINES = 3  # between two labels of one group
_ADDRESS = re.compile(r" ?<([^<>\s]+)>")


@dataclass(frozen=True, slots=True)
class HeaderField:
    """One labelled statement of a page."""

    label: str
    """As it is on the page, without its colon."""
    meaning: Meaning | None
    """`None` if the label is not known."""
    value: str
    """Without the addresses of links, unless they lead to another site."""
    number: int | None
    languages: frozenset[str]
    lines: tuple[int, ...]
    """The numbers of its lines among the lines of the page."""
    is_weak: bool = False


@dataclass(frozen=True, slots=True)
class _Split:
    """A line that begins with what can be a label."""

    label: str
    known: Label | None
    value: str
    is_marked: bool
    """Whether the label is in bold, in italics or otherwise apart from the value."""


def find_header(lines: Sequence[Line]) -> list[HeaderField]:
    """Return the labelled statements of a page, in its order."""
    zone = header_zone(lines)
    splits = {at: split for at in zone if (split := _split(lines[at])) is not None}
    fields = [_field(lines, splits, at) for at in sorted(splits) if splits[at].known is not None]
    kept = [field for group in _groups(fields) for field in _described(group, lines)]
    return sorted([*kept, *_unknown(lines, splits, kept)], key=lambda field: field.lines[0])


def header_zone(lines: Sequence[Line]) -> list[int]:
    """Return the numbers of the lines in which a header or a footer can be."""
    long = [at for at, line in enumerate(lines) if _is_body(line)]
    first, last = (long[0], long[-1]) if long else (len(lines), -1)
    start = range(min(first, MAX_HEADER_LINES, len(lines)))
    end = range(max(last + 1, len(lines) - MAX_FOOTER_LINES, 0), len(lines))
    return sorted({*start, *end})


def _is_body(line: Line) -> bool:
    if len(line.text) <= LONG_LINE_CHARACTERS or line.kind is LineKind.HEADING:
        return False
    split = _split(line)
    return split is None or split.known is None


def _split(line: Line) -> _Split | None:
    """Return the label and the value of a line, or `None` if it begins with no label."""
    if line.kind is LineKind.RULE or len(line.text) > MAX_HEADER_LINE_CHARACTERS:
        return None
    bare = line.text.lstrip("[(* ")
    marked = line.label.lstrip("[(* ")
    if marked and bare.startswith(marked):
        rest = bare[len(marked) :]
        after = rest.lstrip(" \u00a0")
        has_colon = marked.rstrip().endswith((":", "：")) or after.startswith((":", "：", "\t"))
        known = find_label(marked)
        if known is not None and (has_colon or not rest.strip() or line.kind is LineKind.TERM):
            return _Split(marked.strip(_SEPARATORS), known, _value(rest), is_marked=True)
    found = _LABELLED.fullmatch(line.text)
    if found is not None:
        is_marked = bool(marked) and len(marked) <= len(found[1]) + 2
        return _Split(found[1].strip(), find_label(found[1]), found[2].strip(" \u00a0"), is_marked)
    return _without_colon(line, bare)


def _without_colon(line: Line, bare: str) -> _Split | None:
    words = bare.split(" ", 3)
    for count in (3, 2, 1):
        start = " ".join(words[:count])
        if len(words) >= count and fold(start.strip(".,")) in WITHOUT_COLON:
            label = find_label(start.strip(".,"))
            if label is not None:
                return _Split(start.strip(".,"), label, _value(bare[len(start) :]), bool(line.label))
    return None


def _value(text: str) -> str:
    return text.lstrip(_SEPARATORS).rstrip(" \u00a0")


def _field(lines: Sequence[Line], splits: dict[int, _Split], at: int) -> HeaderField:
    split = splits[at]
    used = [at, *_continuation(lines, splits, at)]
    texts = [split.value, *(lines[number].text for number in used[1:])]
    value = " ".join(text for text in texts if text)
    known = split.known
    is_weak = known is not None and (known.meaning in _WEAK_MEANINGS or known.text in _WEAK_WORDS)
    return HeaderField(
        split.label,
        known.meaning if known is not None else None,
        _closed(_without_addresses(value).replace("\t", " "), lines[at].text),
        lines[at].number,
        known.languages if known is not None else frozenset(),
        tuple(used),
        is_weak,
    )


def _continuation(lines: Sequence[Line], splits: dict[int, _Split], at: int) -> list[int]:
    """Return the lines that continue a statement: its definition, or the rest of its paragraph."""
    if lines[at].kind is LineKind.TERM:
        return _definition(lines, at)
    following: list[int] = []
    for number in range(at + 1, len(lines)):
        line = lines[number]
        is_same = line.block == lines[at].block and line.kind is lines[at].kind
        if not is_same or (number in splits and (splits[number].known or splits[number].is_marked)):
            break
        following.append(number)
        if len(following) > _MAX_CONTINUATION_LINES or len(line.text) > LONG_LINE_CHARACTERS:
            return []
    if following or splits[at].value:
        return following
    after = at + 1
    is_value = (
        after < len(lines)
        and after not in splits
        and lines[after].kind in (LineKind.TEXT, LineKind.CELLS)
        and len(lines[after].text) <= LONG_LINE_CHARACTERS
    )
    return [after] if is_value else []


def _definition(lines: Sequence[Line], at: int) -> list[int]:
    following = []
    for number in range(at + 1, min(len(lines), at + 1 + _MAX_CONTINUATION_LINES)):
        if lines[number].kind is not LineKind.TEXT or not lines[number].indent:
            break
        following.append(number)
    return following


def _groups(fields: Sequence[HeaderField]) -> Iterator[list[HeaderField]]:
    group: list[HeaderField] = []
    for field in fields:
        if group and field.lines[0] - group[-1].lines[-1] > _NEAR_LINES:
            yield group
            group = []
        group.append(field)
    if group:
        yield group


def _described(group: Sequence[HeaderField], lines: Sequence[Line]) -> Iterator[HeaderField]:
    """Yield the statements of a group that describe the text.

    A weak label counts before a strong one, or in its paragraph; and only the first of its meaning.
    """
    strong = [field for field in group if not field.is_weak]
    seen: set[Meaning | None] = set()
    for field in group:
        is_beside = any(
            field.lines[0] < one.lines[0] or lines[field.lines[0]].block == lines[one.lines[0]].block
            for one in strong
        )
        if not field.is_weak or (is_beside and field.meaning not in seen):
            seen.add(field.meaning)
            yield field


def _unknown(
    lines: Sequence[Line], splits: dict[int, _Split], known: Sequence[HeaderField]
) -> Iterator[HeaderField]:
    """Yield the statements with unknown labels that stand among known ones: in the same paragraph or list."""
    taken = {number for field in known for number in field.lines}
    blocks = {lines[number].block for number in taken}
    edges = [number for field in known for number in (field.lines[0], field.lines[-1])]
    for at in sorted(splits):
        if at in taken or splits[at].known is not None:
            continue
        is_part = lines[at].kind in (LineKind.TERM, LineKind.CELLS)
        is_among = lines[at].block in blocks or (is_part and any(abs(at - edge) <= 1 for edge in edges))
        if is_among and (splits[at].is_marked or is_part):
            field = replace(_field(lines, splits, at), languages=frozenset())
            edges += [field.lines[0], field.lines[-1]]
            yield field


def _without_addresses(text: str) -> str:
    """Remove the addresses of links, unless they lead to another site."""
    return _ADDRESS.sub(lambda found: found[0] if "://" in found[1] else "", text).strip()


def _closed(value: str, line: str) -> str:
    """Remove the bracket at the end of a line that is in brackets as a whole."""
    start = line.lstrip()[:1]
    end = {"(": ")", "[": "]"}.get(start)
    is_last_of_line = end is not None and value.endswith(end) and value.count(start) < value.count(end)
    return value[:-1].strip() if is_last_of_line else value
