"""Defines what a page consists of: its lines of text, and what its head says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum


class LineKind(Enum):
    """What a line of a page is."""

    TEXT = "text"
    HEADING = "heading"
    RULE = "rule"
    """A horizontal rule: it has no text on the page."""
    CELLS = "cells"
    """A row of a table; its cells are separated by tabs."""
    TERM = "term"
    """The term of a definition list."""
    VERBATIM = "verbatim"
    """A line of preformatted text: its blanks count."""


class LinkUse(Enum):
    """How much of a line is a link."""

    PART = "part"
    """Nothing, or only a part."""
    ALL = "all"
    """All of it, but within this page."""
    OTHER_PAGES = "other pages"
    """All of it, and at least one link leads to another page."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page, as a reader sees it: it ends at a line break or with its paragraph."""

    text: str
    number: int | None
    """The line of the HTML text on which it begins, from 1; `None` if it is not known."""
    block: int
    """Lines of the same paragraph have the same number."""
    kind: LineKind = LineKind.TEXT
    heading_level: int = 0
    label: str = ""
    """What stands first in bold, in italics, underlined or in a span of its own; it can be a label."""
    links: LinkUse = LinkUse.PART
    in_navigation: bool = False
    """Whether it is inside an element for navigation."""
    indent: str = ""
    """What precedes it: blanks in a quotation, a dash or a number in a list."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something of a page that is not in its text, with its line."""

    what: str
    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a page says about the page."""

    title: str = ""
    title_number: int | None = None
    language: str = ""
    address: str = ""
    """The address that the page gives as its own (canonical link)."""
    remarks: Sequence[Remark] = ()
    """The other statements: meta elements such as author, description or generator."""


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A page as lines."""

    head: Head
    lines: Sequence[Line]
    remarks: Sequence[Remark] = ()
    """What is in the page and no reader sees as text: scripts, comments, hidden parts, fields of forms."""
    formatting: Sequence[tuple[str, int]] = field(default=())
    """What plain text cannot show, with how often: italics, bold, underlined."""
