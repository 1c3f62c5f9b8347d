"""The markup that reference managers put into CSL-JSON texts, taken out or turned into TeX.

Known are `<i>`, `<b>`, `<sub>`, `<sup>`, `<sc>` and `<span>` with `nocase` or small capitals, their relatives
in HTML and JATS, and character references such as `&amp;`. A tag without its partner, or any other, is text.

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
    _SMALL: r"\textsc{", _CASE: "{", _NONE: "{", _BREAK: "",
}  # fmt: skip
# digits and signs: 10² is not 102. Letters stay: “XIIe siècle” is how it is written without markup
_SUPERSCRIPT = str.maketrans("0123456789+-\N{MINUS SIGN}=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
_SUBSCRIPT = str.maketrans("0123456789+-\N{MINUS SIGN}=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A tag that has its partner."""

    start: int
    end: int
    kind: str
    opens: bool


def without_markup(text: str) -> str:
    """The text alone, with small digits as the characters that there are for them."""
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
    """The text in TeX; `escape` makes each character of what is between the tags stand for itself."""
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
    """The tags that have a partner, and line breaks, in their order."""
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
    """What a tag does; `None`: it is none that is known."""
    kind = _KINDS.get(name)
    said = attributes.lower()
    if name == "span" and "small-caps" in said:
        return _SMALL
    return _CASE if name == "span" and "nocase" in said else kind
