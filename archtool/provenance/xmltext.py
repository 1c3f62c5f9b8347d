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


class Element(NamedTuple):
    """One element: with a text, or with elements inside."""

    # a tuple, because a package of many files has millions of them

    name: str
    text: str | None = None
    children: Iterable[Element] = ()
    """Where there are many, they may be made one after another: none of them is needed twice."""
    attributes: Mapping[str, str] = _NONE


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
            # the most frequent kind, without a call of its own
            called, said, within, marked = child
            if said and not within and not marked and _is_plain(said):
                lines.append(f"{inner}<{called}>{said}</{called}>")
            else:
                _write(child, inner, lines)
        lines.append(f"{indent}</{name}>")
    elif text:
        lines.append(f"{start}>{_text(text)}</{name}>")
    else:
        lines.append(f"{start}/>")


def _text(value: str) -> str:
    return value if _is_plain(value) else escape_text(value).translate(_MARKUP)


def _attribute(value: str) -> str:
    if _PLAIN_ATTRIBUTE.fullmatch(value):
        return value
    return escape_text(value).translate(_MARKUP).translate(_IN_ATTRIBUTE)
