r"""A small XML writer: elements as values, the same bytes for the same facts.

Some characters cannot stand in XML 1.0 at all, not even as references: most control characters, lone
surrogates, U+FFFE and U+FFFF. They are written visibly as `\u{1}`, and a literal `\u{` as `\u{5c}u{`, so
that `unescape_text` gives back exactly what was there.

Source: XML 1.0 (fifth edition) §2.2 (Char), §2.11 (line ends).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
# a bare carriage return would be read back as a line feed
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
# most texts are plain: one look says so, and they are written as they stand
_PLAIN = re.compile(r"[\t\n -%'-;=?-\[\]-~]*")
_is_plain = _PLAIN.fullmatch
_PLAIN_ATTRIBUTE = re.compile(r"[ !#-%'-;=?-\[\]-~]*")
_NONE: Mapping[str, str] = MappingProxyType({})
_IN_ATTRIBUTE = str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


class _Hole(str):
    """Known by its type: no text of anybody's is taken for it, and none is written with its character."""

    __slots__ = ()


HOLE = _Hole("\0")
"""In the element of a `Pattern`: the text that is not the same each time."""


class Element(NamedTuple):
    """One element: with a text, or with parts inside."""

    # a tuple, because a package of many files has millions of them

    name: str
    text: str | None = None
    children: Iterable[Part] = ()
    """Where there are many, they may be made one after another: none of them is needed twice."""
    attributes: Mapping[str, str] = _NONE


class Pattern:
    """An element whose tags are always the same, and of its texts all but those that are a `HOLE`.

    It is put into words once for each depth that it stands at. Most of a document is made of a few of them.
    """

    def __init__(self, element: Element) -> None:
        self._element = element
        self._written: dict[str, list[str]] = {}

    def filled(self, *texts: str) -> Filled:
        """The element with these texts in its holes, in the order of the document."""
        return Filled(self, texts)

    def at(self, indent: str) -> list[str]:
        """The lines at that depth, cut in two at each hole."""
        if indent not in self._written:
            lines: list[str] = []
            _write(self._element, indent, lines)
            self._written[indent] = "\n".join(lines).split(HOLE)
        return self._written[indent]


class Filled(NamedTuple):
    """A pattern with its texts."""

    pattern: Pattern
    texts: tuple[str, ...]


Part = Element | Filled


def escape_text(text: str) -> str:
    """Make the characters visible that XML 1.0 cannot hold; `unescape_text` is the way back."""
    shown = text.replace("\\u{", "\\u{5c}u{")
    return _NOT_XML.sub(lambda found: f"\\u{{{ord(found.group()):x}}}", shown)


def unescape_text(text: str) -> str:
    """Give back what `escape_text` was given; what is no character's number stays as it is."""
    return _ESCAPED.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    number = int(found.group(1), 16)
    return chr(number) if number <= 0x10FFFF else found.group()


def format_xml(root: Element) -> str:
    """Write a document in UTF-8: one element a line, two spaces for each level, LF."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    _write(root, "", lines)
    return "\n".join(lines) + "\n"


def _write(element: Element, indent: str, lines: list[str]) -> None:
    name, text, children, attributes = element
    start = f"{indent}<{name}"
    for attribute, value in attributes.items():
        start += f' {attribute}="{_attribute(value)}"'
    if children:
        lines.append(f"{start}>")
        inner = indent + "  "
        for child in children:
            if isinstance(child, Filled):
                lines.append(_fill(child, inner))
            else:
                _write(child, inner, lines)
        lines.append(f"{indent}</{name}>")
    elif text:
        lines.append(f"{start}>{text if _is_plain(text) else _escaped(text)}</{name}>")
    else:
        lines.append(f"{start}/>")


def _fill(filled: Filled, indent: str) -> str:
    pattern, texts = filled
    pieces = pattern.at(indent)
    if len(texts) == 1:  # nearly always
        text = texts[0]
        return f"{pieces[0]}{text if _is_plain(text) else _escaped(text)}{pieces[1]}"
    parts: list[str] = []
    for piece, text in zip(pieces, texts, strict=False):
        parts += piece, text if _is_plain(text) else _escaped(text)
    return "".join([*parts, pieces[-1]])


def _escaped(text: str) -> str:
    return text if isinstance(text, _Hole) else escape_text(text).translate(_MARKUP)


def _attribute(value: str) -> str:
    if _PLAIN_ATTRIBUTE.fullmatch(value):
        return value
    return escape_text(value).translate(_MARKUP).translate(_IN_ATTRIBUTE)
