r"""A small XML writer: elements as values, the same bytes for the same facts.

Some characters cannot stand in XML 1.0 at all, not even as references: most control characters, lone
surrogates, U+FFFE and U+FFFF. They are written visibly as `\u{1}`, and a literal `\u{` as `\u{5c}u{`, so
that `unescape_text` gives back exactly what was there.

Source: XML 1.0 (fifth edition) §2.2 (Char), §2.11 (line ends).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
# a bare carriage return would be read back as a line feed
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE = str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


@dataclass(frozen=True, slots=True)
class Element:
    """One element: with a text, or with elements inside."""

    name: str
    text: str | None = None
    children: tuple[Element, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


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
    pairs = (f' {name}="{_attribute(value)}"' for name, value in element.attributes.items())
    start = f"{indent}<{element.name}{''.join(pairs)}"
    if element.children:
        lines.append(f"{start}>")
        for child in element.children:
            _write(child, indent + "  ", lines)
        lines.append(f"{indent}</{element.name}>")
    elif element.text:
        lines.append(f"{start}>{escape_text(element.text).translate(_MARKUP)}</{element.name}>")
    else:
        lines.append(f"{start}/>")


def _attribute(value: str) -> str:
    return escape_text(value).translate(_MARKUP).translate(_IN_ATTRIBUTE)
