"""Builds XML documents as trees of elements; `xml_text` escapes all texts and attributes.

The same tree always becomes the same bytes. An element contains either elements, one per line, or a text.
`Verbatim` is XML that is already formatted: mixed content, or a document that is embedded unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archtool.xml_text import DECLARATION, INDENT, format_attributes, parent_element, text_element

XML_SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True)
class Verbatim:
    """XML that is written as it is."""

    xml: str


@dataclass(frozen=True, slots=True)
class Element:
    """An element with elements inside, with a text, or empty."""

    name: str
    attributes: Mapping[str, str]
    inside: tuple[Element | Verbatim, ...] = ()
    text: str = ""


Attributes = Mapping[str, str | None]
Content = Element | Verbatim | None


def parent(name: str, attributes: Attributes, *inside: Content | Iterable[Content]) -> Element:
    """Make an element around others; `None` among them, and attributes without value, are left out."""
    flat: list[Element | Verbatim] = []
    for one in inside:
        if isinstance(one, Element | Verbatim):
            flat.append(one)
        elif one is not None:
            flat += [inner for inner in one if inner is not None]
    return Element(name, _present(attributes), tuple(flat))


def leaf(name: str, text: str | None, attributes: Attributes | None = None) -> Element | None:
    """Make an element with a text; `None` without a text."""
    return None if not text else Element(name, _present(attributes or {}), text=text)


def empty(name: str, attributes: Attributes) -> Element:
    """Make an empty element."""
    return Element(name, _present(attributes))


def leaves(name: str, texts: Iterable[str | None], attributes: Attributes | None = None) -> list[Content]:
    """Make an element of each text that is not empty."""
    return [leaf(name, text, attributes) for text in texts if text]


def unless_empty(element: Element) -> Element | None:
    """Return an element that contains something; `None` otherwise."""
    return element if element.inside or element.text else None


def format_document(root: Element) -> str:
    """Format a document with its declaration."""
    return f"{DECLARATION}{format_element(root)}\n"


def format_element(element: Element | Verbatim, depth: int = 0) -> str:
    """Format an element; elements are indented, verbatim XML by its first line only."""
    if isinstance(element, Verbatim):
        return f"{INDENT * depth}{element.xml}"
    attributes = format_attributes(element.attributes)
    if not element.inside:
        return text_element(depth, element.name, element.text, attributes)
    parts = (format_element(one, depth + 1) for one in element.inside)
    return parent_element(depth, element.name, *parts, attributes=attributes)


def _present(attributes: Attributes) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if value}
