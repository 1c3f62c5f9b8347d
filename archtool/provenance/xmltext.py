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
from typing import NamedTuple, NewType

# named by what is in it: the class of all other characters takes a hundred times as long to compile
_NOT_XML = re.compile("[\0-\x08\v\f\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
# a bare carriage return would be read back as a line feed
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
# most texts are plain: one look says so, and they are written as they stand
_PLAIN = re.compile(r"[\t\n -%'-;=?-\[\]-~]*")
_is_plain = _PLAIN.fullmatch
_PLAIN_ATTRIBUTE = re.compile(r"[ !#-%'-;=?-\[\]-~]*")
_NONE: Mapping[str, str] = MappingProxyType({})
_INDENT = "  "
_IN_ATTRIBUTE = str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


class _Hole(str):
    """Known by its type: no text of anybody's is taken for it, and none is written with its character."""

    __slots__ = ()


HOLE = _Hole("\0")
"""In the element of a `Pattern`: the text that is not the same each time."""


Written = NewType("Written", str)
"""Whole elements in words, with the indentation of the place that they stand at."""


class Element(NamedTuple):
    """One element: with a text, or with parts inside."""

    name: str
    text: str | None = None
    children: Iterable[Element | Written] = ()
    """Where there are many, they may be made one after another: none of them is needed twice."""
    attributes: Mapping[str, str] = _NONE


class Pattern:
    """An element whose tags are always the same, and of its texts all but those that are a `HOLE`.

    It is put into words once, for the depth that it stands at. Most of a document is made of a few of them.
    """

    __slots__ = ("_pieces",)

    def __init__(self, element: Element, depth: int) -> None:
        self._pieces = write_element(element, depth).split(HOLE)

    def filled(self, *texts: str) -> Written:
        """The element with these texts in its holes, in the order of the document."""
        pieces = self._pieces
        if len(texts) == 1:  # nearly always
            text = texts[0]
            return Written(f"{pieces[0]}{text if _is_plain(text) else _escaped(text)}{pieces[1]}")
        parts: list[str] = []
        for piece, text in zip(pieces, texts, strict=False):
            parts += piece, text if _is_plain(text) else _escaped(text)
        return Written("".join([*parts, pieces[-1]]))


class Frame:
    """An element with its attributes, around parts that are in words already."""

    __slots__ = ("_end", "_start")

    def __init__(self, name: str, depth: int, attributes: Mapping[str, str] = _NONE) -> None:
        indent = _INDENT * depth
        self._start, self._end = f"{_opened(name, attributes, indent)}>\n", f"\n{indent}</{name}>"

    def around(self, parts: Iterable[Written]) -> Written:
        """The element with these parts inside, of which there is at least one."""
        inside = "\n".join(parts)
        return Written(f"{self._start}{inside}{self._end}")


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
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{write_element(root, 0)}\n'


def write_element(element: Element, depth: int) -> Written:
    """One element with all that is in it, as it stands at that depth of a document."""
    lines: list[str] = []
    _write(element, _INDENT * depth, lines)
    return Written("\n".join(lines))


def _write(element: Element, indent: str, lines: list[str]) -> None:
    name, text, children, attributes = element
    start = _opened(name, attributes, indent)
    if children:
        lines.append(f"{start}>")
        inner = indent + _INDENT
        for child in children:
            if isinstance(child, str):
                lines.append(child)
            else:
                _write(child, inner, lines)
        lines.append(f"{indent}</{name}>")
    elif text:
        lines.append(f"{start}>{text if _is_plain(text) else _escaped(text)}</{name}>")
    else:
        lines.append(f"{start}/>")


def _opened(name: str, attributes: Mapping[str, str], indent: str) -> str:
    start = f"{indent}<{name}"
    for attribute, value in attributes.items():
        start += f' {attribute}="{_attribute(value)}"'
    return start


def _escaped(text: str) -> str:
    return text if isinstance(text, _Hole) else escape_text(text).translate(_MARKUP)


def _attribute(value: str) -> str:
    if _PLAIN_ATTRIBUTE.fullmatch(value):
        return value
    return escape_text(value).translate(_MARKUP).translate(_IN_ATTRIBUTE)
