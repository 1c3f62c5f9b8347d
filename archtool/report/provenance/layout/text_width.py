"""Estimates how wide a text is drawn, never too narrow for the usual sans-serif fonts.

The estimates are the largest advance widths among DejaVu Sans (as wide as Verdana) and Liberation Sans (as
wide as Arial and Helvetica). Characters of other scripts count as the widest of their script. A reader's font
is not known when the drawing is made, so an estimate that is too wide is the only safe one.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LATIN = (
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 34, 34, 84, 84, 84, 56, 100, 69, 69, 73, 78, 67, 62, 78, 76, 30, 70, 67, 56, 87, 75, 79, 67, 79,
    73, 67, 62, 74, 69, 99, 69, 67, 69, 40, 34, 40, 84, 56, 50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28,
    58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
)  # fmt: skip
"""Hundredths of the font size, from U+0020 to U+007E."""
_CYRILLIC = (
    69, 69, 69, 61, 79, 67, 108, 65, 75, 75, 71, 76, 87, 76, 79, 76, 67, 73, 62, 64, 87, 69, 78, 69, 107, 110,
    84, 89, 69, 72, 108, 73,
    62, 62, 59, 53, 70, 62, 91, 54, 65, 65, 61, 64, 76, 66, 62, 66, 64, 55, 59, 60, 86, 60, 69, 60, 92, 95,
    71, 79, 59, 55, 85, 61,
)  # fmt: skip
"""Hundredths of the font size, from U+0410 to U+044F."""
_OTHERS = {"«": 62, "»": 62, "’": 35, "‘": 35, "“": 53, "”": 53, "„": 53, "–": 60, "—": 100, "…": 100,
           "·": 35, "°": 55, "№": 108, "\u00a0": 34, "\u202f": 34, "ё": 62, "Ё": 69, "ß": 64}  # fmt: skip
_WIDEST = 150
"""Of a character that no rule knows, in hundredths of the font size."""
_SCRIPTS = (
    ("ARABIC", 100), ("HEBREW", 75), ("GREEK", 95), ("CYRILLIC", 120), ("ARMENIAN", 100), ("GEORGIAN", 108),
    ("LATIN", 145), ("THAI", 90),
)  # fmt: skip
_WITHOUT_WIDTH = frozenset({"Mn", "Me", "Cf", "Cc"})


def text_width(text: str, size: float) -> float:
    """Return an upper estimate of the width of a text at a font size, in the unit of the size."""
    return sum(map(_hundredths, text)) * size / 100


@lru_cache(maxsize=4096)
def _hundredths(char: str) -> int:
    code = ord(char)
    if 0x20 <= code <= 0x7E:
        return _LATIN[code - 0x20]
    if 0x410 <= code <= 0x44F:
        return _CYRILLIC[code - 0x410]
    return _OTHERS[char] if char in _OTHERS else _by_properties(char)


def _by_properties(char: str) -> int:
    if unicodedata.category(char) in _WITHOUT_WIDTH:
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return 140 if ord(char) >= 0x1F000 else 102
    base = unicodedata.normalize("NFD", char)[0]
    if base != char:
        return _hundredths(base) + 2
    name = unicodedata.name(char, "")
    return next((width for script, width in _SCRIPTS if name.startswith(script)), _WIDEST)
