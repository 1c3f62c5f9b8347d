r"""Escapes characters in untrusted texts that a terminal, a spreadsheet or a browser would obey.

Such are the characters that a program obeys instead of drawing them, and those that change how a reader
understands the text:

- control characters: C0 but LF and TAB, DEL, and C1 (one of which begins an escape sequence like ESC does);
- bidi controls: marks (U+200E, U+200F, U+061C), embeddings, overrides (U+202A-202E), isolates (U+2066-2069);
- line and paragraph separators, and invisible characters (zero-width ones, U+00AD, U+FEFF, tags and others).

Each becomes its code, `\u202e`: nothing is lost, and in JSON the code means the character.

Source: ECMA-48 §5.3, §8.3; Unicode Standard Annex #9 §2; Unicode Technical Report #36 §2.5; RFC 8259 §7.
"""

from __future__ import annotations

import re

_INVISIBLE = (
    "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
_STEERING = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_INVISIBLE}]")
_LONE = re.compile("[\ud800-\udfff]")
_BLANKS = frozenset("\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_JOINERS = frozenset("\u200c\u200d")


def show_steering(text: str) -> str:
    """Replace each such character of a text with its code; LF and TAB stay."""
    return _STEERING.sub(lambda found: _code(found[0]), text)


def show_in_prose(text: str) -> str:
    """Replace each such character with its code, in a text to be read on a page.

    Lone surrogates become codes too. A joiner between two visible characters stays: Persian and Indic words
    are written with joiners.
    """

    def code(found: re.Match[str]) -> str:
        char, start, end = found[0], found.start(), found.end()
        before, after = found.string[max(start - 1, 0) : start], found.string[end : end + 1]
        return char if char in _JOINERS and _is_drawn(before) and _is_drawn(after) else _code(char)

    return _LONE.sub(lambda found: _code(found[0]), _STEERING.sub(code, text))


def escape_in_json(json_text: str) -> str:
    """Escape each such character of a JSON text; the values stay the same (RFC 8259 §7)."""
    return _STEERING.sub(lambda found: _json_code(found[0]), json_text)


def without_steering(text: str) -> tuple[str, tuple[str, ...]]:
    """Remove these characters from a text that is data for other programs.

    In BibTeX or RIS a code would become six characters of the title. Unusual line ends become spaces, the
    other characters are removed. Two things stay: the CR LF line ends of RIS, and a joiner between two
    visible characters, because Persian and Indic words and some emoji are written with joiners.

    Returns:
        The text, and the codes of the removed characters (`U+202E`), each once.
    """
    removed: dict[str, None] = {}

    def replace(found: re.Match[str]) -> str:
        char, start, end = found[0], found.start(), found.end()
        following = found.string[end : end + 1]
        if char == "\r" and following == "\n":
            return char
        if char in _JOINERS and _is_drawn(found.string[max(start - 1, 0) : start]) and _is_drawn(following):
            return char
        removed[f"U+{ord(char):04X}"] = None
        return " " if char in _BLANKS else ""

    return _STEERING.sub(replace, text), tuple(removed)


def _is_drawn(char: str) -> bool:
    return char != "" and not char.isspace() and not _STEERING.match(char)


def _code(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _json_code(char: str) -> str:
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
