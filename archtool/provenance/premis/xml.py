r"""Formats XML elements: one a line, indented by depth, the same bytes for the same facts.

`ElementTree` writes no indentation of its own, and lets characters pass that XML cannot hold.

Some characters cannot stand in XML 1.0 at all, not even as references: most control characters, lone
surrogates, U+FFFE and U+FFFF. They are written visibly as `\u{1}`, and a literal `\u{` as `\u{5c}u{`, so
that `unescape_text` gives back exactly what was there.

Source: XML 1.0 (fifth edition) §2.2 (Char), §2.11 (line ends).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# named by what is in it: the class of all other characters takes a hundred times as long to compile
_NOT_XML = re.compile("[\0-\x08\v\f\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
# a bare carriage return would be read back as a line feed
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE = str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})
# most texts are plain ASCII without markup and backslashes: they are written as they stand
_is_plain = re.compile(r"[\t\n -%'-;=?-\[\]-~]*").fullmatch
_INDENT = "  "
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
"""How each document begins."""


def text_element(depth: int, name: str, text: str, attributes: str = "") -> str:
    """Format an element that holds a text; `attributes` is what `format_attributes` returned."""
    if not text:
        return f"{_INDENT * depth}<{name}{attributes}/>"
    escaped = text if _is_plain(text) else escape_text(text).translate(_MARKUP)
    return f"{_INDENT * depth}<{name}{attributes}>{escaped}</{name}>"


def parent_element(depth: int, name: str, *parts: str, attributes: str = "") -> str:
    """Format an element around others, of which there is at least one, formatted for one level deeper."""
    indent, inside = _INDENT * depth, "\n".join(parts)
    return f"{indent}<{name}{attributes}>\n{inside}\n{indent}</{name}>"


def format_attributes(attributes: Mapping[str, str]) -> str:
    """Format the attributes of a start tag, with a blank before each."""
    return "".join(
        f' {name}="{escape_text(value).translate(_MARKUP).translate(_IN_ATTRIBUTE)}"'
        for name, value in attributes.items()
    )


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
