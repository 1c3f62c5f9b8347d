r"""Formats XML elements: one per line, indented by depth, always the same bytes for the same content.

`ElementTree` is not used: it does not indent on its own, and it accepts characters that XML does not allow.

XML 1.0 does not allow some characters at all, not even as references: most control characters, lone
surrogates, U+FFFE and U+FFFF. They are written as `\u{1}`, and a literal `\u{` as `\u{5c}u{`, so that
`unescape_text` returns the original text.

Source: XML 1.0 (fifth edition) §2.2 (Char), §2.11 (line ends).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# lists the forbidden characters: the negated class of allowed ones takes a hundred times as long to compile
_NOT_XML = re.compile("[\0-\x08\v\f\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
# a bare carriage return would be read back as a line feed
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE = str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})
# most texts are plain ASCII without markup and backslashes: they are written unchanged
_is_plain = re.compile(r"[\t\n -%'-;=?-\[\]-~]*").fullmatch
INDENT = "  "
"""For each level of depth."""
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
"""The first line of each document."""


def text_element(depth: int, name: str, text: str, attributes: str = "") -> str:
    """Format an element with a text; `attributes` is the result of `format_attributes`."""
    if not text:
        return f"{INDENT * depth}<{name}{attributes}/>"
    return f"{INDENT * depth}<{name}{attributes}>{format_text(text)}</{name}>"


def parent_element(depth: int, name: str, *parts: str, attributes: str = "") -> str:
    """Format an element around at least one other, which must be formatted one level deeper."""
    indent, inside = INDENT * depth, "\n".join(parts)
    return f"{indent}<{name}{attributes}>\n{inside}\n{indent}</{name}>"


def format_text(text: str) -> str:
    """Format a text between two tags."""
    return text if _is_plain(text) else escape_text(text).translate(_MARKUP)


def format_attributes(attributes: Mapping[str, str]) -> str:
    """Format the attributes of a start tag, with a space before each."""
    return "".join(
        f' {name}="{escape_text(value).translate(_MARKUP).translate(_IN_ATTRIBUTE)}"'
        for name, value in attributes.items()
    )


def escape_text(text: str) -> str:
    """Escape the characters that XML 1.0 does not allow; `unescape_text` is the inverse."""
    shown = text.replace("\\u{", "\\u{5c}u{")
    return _NOT_XML.sub(lambda found: f"\\u{{{ord(found.group()):x}}}", shown)


def escaped_characters(document: str) -> tuple[str, ...]:
    """Return the codes (`U+0001`) of the characters that are escaped in a document, each once."""
    numbers = {int(found, 16) for found in _ESCAPED.findall(document)}
    return tuple(f"U+{number:04X}" for number in sorted(numbers))


def unescape_text(text: str) -> str:
    """Reverse `escape_text`; a number that is not a code point stays unchanged."""
    return _ESCAPED.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    number = int(found.group(1), 16)
    return chr(number) if number <= 0x10FFFF else found.group()
