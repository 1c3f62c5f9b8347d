"""Reads a page: its header, its navigation, and the text of the document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from archtool.nearest_names import fold
from archtool.pages.header import HeaderField, find_header, header_zone
from archtool.pages.layout import parse_page
from archtool.pages.model import Line, LineKind, LinkUse, ParsedPage
from archtool.pages.plain_text import format_text

_TO_THE_TOP = frozenset(map(fold, (
    "top", "top of page", "top of the page", "back to top", "to the top", "haut", "haut de page",
    "retour en haut", "nach oben", "zum seitenanfang", "arriba", "volver arriba", "наверх", "в начало",
    "к началу", "начало",
)))  # fmt: skip
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a transcription archive."""

    parsed: ParsedPage
    header: Sequence[HeaderField]
    left_out: Sequence[Line]
    """Navigation, which is not in the text."""
    headings: Sequence[Line]
    """The headings before the text."""
    text: str
    """The text of the document, as plain text that ends in a line end."""
    steering: Sequence[tuple[str, int]]
    """Invisible and control characters in the text, with how often each occurs."""


def read_page(text: str, where: str) -> Page:
    """Read the HTML text of a page; `where` is its name for messages.

    Raises:
        InputError: its HTML cannot be parsed completely.
    """
    parsed = parse_page(text, where)
    lines = parsed.lines
    header = find_header(lines)
    described = {number for field in header for number in field.lines}
    zone = header_zone(lines)
    left_out = [
        at for at, line in enumerate(lines) if at not in described and _is_navigation(line, at in zone)
    ]
    gone = described.union(left_out)
    kept = [line for at, line in enumerate(lines) if at not in gone]
    plain = format_text(kept)
    headings = [lines[at] for at in zone if lines[at].kind is LineKind.HEADING and at not in gone]
    return Page(parsed, header, [lines[at] for at in left_out], headings, plain, _steering_in(plain))


def verbatim_lines(page: Page, field: HeaderField) -> list[str]:
    """Return the lines of a statement as they are on the page."""
    return [page.parsed.lines[number].text for number in field.lines]


def _is_navigation(line: Line, in_zone: bool) -> bool:
    if line.in_navigation:
        return line.kind is not LineKind.RULE
    if not in_zone or line.kind is LineKind.HEADING:
        return False
    if line.links is LinkUse.ALL:
        return fold(line.text) in _TO_THE_TOP
    return line.links is LinkUse.OTHER_PAGES and not line.indent


def _steering_in(text: str) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for char in _HIDDEN.findall(text):
        name = f"U+{ord(char):04X} {unicodedata.name(char, 'control character')}"
        found[name] = found.get(name, 0) + 1
    return sorted(found.items())
