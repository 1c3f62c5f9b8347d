"""Removes the markup of reference managers from CSL-JSON texts, or converts it to TeX.

Supported are `<i>`, `<b>`, `<sub>`, `<sup>`, `<sc>` and `<span>` with `nocase` or small capitals, their
equivalents in HTML and JATS, and character references such as `&amp;`. Unpaired and unknown tags are text.

Source: CSL-JSON as citeproc-js reads it, "HTML-like formatting tags"; HTML Living Standard §13.5 (names).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_TAG = re.compile(
    r"<(?P<slash>/?)(?:jats:)?(?P<name>[a-z]{1,12})(?P<more>(?:\s+[a-z-]{1,20}\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*)"
    r"\s*/?>",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ITALIC, _BOLD, _SUB, _SUP, _SMALL, _CASE = "italic", "bold", "sub", "sup", "small capitals", "no case"
_NONE, _BREAK = "nothing", "break"
_KINDS = {
    "i": _ITALIC, "em": _ITALIC, "italic": _ITALIC, "b": _BOLD, "strong": _BOLD, "bold": _BOLD,
    "sub": _SUB, "sup": _SUP, "sc": _SMALL, "scp": _SMALL, "nocase": _CASE, "span": _NONE, "u": _NONE,
    "p": _BREAK, "br": _BREAK,
}  # fmt: skip
_TEX = {
    _ITALIC: r"\textit{", _BOLD: r"\textbf{", _SUB: r"\textsubscript{", _SUP: r"\textsuperscript{",
    _SMALL: r"\textsc{", _CASE: "{", _NONE: "{",
}  # fmt: skip
# digits and signs: 10² is not 102. Letters are kept: without markup, one writes “XIIe siècle”
_SUPERSCRIPT = str.maketrans("0123456789+-\N{MINUS SIGN}=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
_SUBSCRIPT = str.maketrans("0123456789+-\N{MINUS SIGN}=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A paired tag, or a line break."""

    start: int
    end: int
    kind: str
    opens: bool


def without_markup(text: str) -> str:
    """Return the text without markup; superscript and subscript digits become Unicode characters."""
    if "<" not in text and "&" not in text:
        return text
    inside: list[str] = []
    parts: list[str] = []
    for piece in _pieces(text):
        if isinstance(piece, str):
            parts.append(_in_small(_unescaped(piece), inside))
        elif piece.kind == _BREAK:
            parts.append(" ")
        elif piece.opens:
            inside.append(piece.kind)
        else:
            inside.remove(piece.kind)
    return "".join(parts).strip() if any(part == " " for part in parts) else "".join(parts)


def _in_small(text: str, inside: list[str]) -> str:
    small = next((kind for kind in reversed(inside) if kind in (_SUB, _SUP)), None)
    if small is None:
        return text
    return text.translate(_SUPERSCRIPT if small == _SUP else _SUBSCRIPT)


def markup_to_tex(text: str, escape: Callable[[str], str]) -> str:
    """Convert a text to TeX; `escape` escapes the text between the tags."""
    if "<" not in text and "&" not in text:
        return escape(text)
    parts: list[str] = []
    for piece in _pieces(text):
        if isinstance(piece, str):
            parts.append(escape(_unescaped(piece)))
        elif piece.kind == _BREAK:
            parts.append(" ")
        else:
            parts.append(_TEX[piece.kind] if piece.opens else "}")
    return "".join(parts)


def _unescaped(text: str) -> str:
    return _REFERENCE.sub(lambda match: html.unescape(match.group()), text)


def _pieces(text: str) -> Iterator[str | _Mark]:
    position = 0
    for mark in _marks(text):
        if mark.start > position:
            yield text[position : mark.start]
        yield mark
        position = mark.end
    if position < len(text):
        yield text[position:]


def _marks(text: str) -> list[_Mark]:
    """Return the paired tags and the line breaks in order."""
    waiting: dict[str, list[_Mark]] = {}
    found: list[_Mark] = []
    for match in _TAG.finditer(text):
        name, start, end = match["name"].lower(), match.start(), match.end()
        kind = _kind_of(name, match["more"])
        if kind is None:
            continue
        if name == "br":
            found.append(_Mark(start, end, kind, opens=True))
        elif not match["slash"]:
            waiting.setdefault(name, []).append(_Mark(start, end, kind, opens=True))
        elif waiting.get(name):
            opening = waiting[name].pop()
            found += [opening, _Mark(start, end, opening.kind, opens=False)]
    return sorted(found, key=lambda mark: mark.start)


def _kind_of(name: str, attributes: str) -> str | None:
    """Return the effect of a tag; `None` for an unknown tag."""
    kind = _KINDS.get(name)
    lower = attributes.lower()
    if name == "span" and "small-caps" in lower:
        return _SMALL
    return _CASE if name == "span" and "nocase" in lower else kind
