"""Parses the HTML of a page into a tree and yields it as events, with the line of each element.

lxml is used because libxml2 knows the line of each element, repairs unclosed elements as browsers do, and is
fast and well kept. html5lib has had no release since 2020, selectolax knows no lines, and BeautifulSoup needs
lxml or one of the others to parse.

What libxml2 does silently is refused here: below 2,048 nested elements it drops everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from lxml import etree  # the command imports this module only when a page is read

from archtool.errors import InputError
from archtool.pages.limits import MAX_ELEMENTS, MAX_RECORDED_LINE

_HINT = "repair the page with an editor or a browser (Save as), or extract its text by hand"


class Event(NamedTuple):
    """The start or end of an element, a text, or a comment."""

    what: str
    """`start`, `end`, `text` or `comment`."""
    value: str
    """The name of the element, or the text."""
    attributes: Any
    number: int | None
    """The line on which it begins."""
    element: Any = None


def parse_tree(text: str, where: str) -> Any:
    """Parse a page; returns `None` if it has no elements and no text.

    Raises:
        InputError: it is nested so deeply that the parser would lose a part of it, or has too many elements.
    """
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)
    data = text.encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if any(entry.level_name == "FATAL" and "mpty" not in entry.message for entry in parser.error_log):
            raise InputError(f"the page cannot be parsed: {where}: {error.msg}", hint=_HINT) from error
        return None
    for entry in parser.error_log:
        if "xcessive depth" in entry.message or entry.type_name == "ERR_USER_STOP":
            raise InputError(f"elements are nested too deeply in {where}, line {entry.line}", hint=_HINT)
    return root


def events_of(root: Any, where: str) -> Iterator[Event]:
    """Yield the parts of a tree in the order of the page.

    Raises:
        InputError: the page has too many elements.
    """
    number: int | None = 1
    elements = 0
    # what stands behind </html> is in further elements beside the root
    tops = [*reversed([*root.itersiblings(preceding=True)]), root, *root.itersiblings()]
    for what, node in chain.from_iterable(map(_walk, tops)):
        if what in ("start", "comment", "pi"):
            number = _line_of(node)
            elements += 1
            if elements > MAX_ELEMENTS:
                raise InputError(f"the page has more than {MAX_ELEMENTS:,} elements: {where}", hint=_HINT)
        if what == "start":
            yield Event("start", _name_of(node), node.attrib, number, node)
            if node.text:
                yield Event("text", node.text, None, number)
                number = _after(number, node.text)
            continue
        if what == "end":
            yield Event("end", _name_of(node), node.attrib, number, node)
        else:
            yield Event("comment", node.text or "", None, number)
            number = _after(number, node.text or "")
        if node.tail:
            yield Event("text", node.tail, None, number)
            number = _after(number, node.tail)


def _walk(top: Any) -> Iterable[tuple[str, Any]]:
    """Return the events of an element; a comment beside the root, as before `<html>`, is one by itself."""
    if not isinstance(top.tag, str):
        return [("comment", top)]
    walk: Iterable[tuple[str, Any]] = etree.iterwalk(top, events=("start", "end", "comment", "pi"))
    return walk


def _name_of(node: Any) -> str:
    return str(node.tag).lower()


def _line_of(node: Any) -> int | None:
    line = node.sourceline
    return line if line is not None and line <= MAX_RECORDED_LINE else None


def _after(number: int | None, text: str) -> int | None:
    return None if number is None else number + text.count("\n")
