"""Parses the number format of a spreadsheet cell into sections of tokens that determine what the cell shows.

Format codes use English letters in every workbook, independent of the language of the spreadsheet.

Source: ECMA-376 part 1, §18.8.30 and §18.8.31 (number formats); [MS-OE376] §2.1.739 for `[$symbol-locale]`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from archtool.tables.limits import MAX_FORMAT_CHARACTERS


class FormatPart(Enum):
    """The meaning of a token in a format code."""

    LITERAL = "literal"
    """Text that is shown unchanged."""
    DATE = "date"
    """A run of one letter: `yyyy`, `mmm`, `d`, `h`, `s`; or `AM/PM`."""
    DIGITS = "digits"
    """A run of digit placeholders: `0`, `#`, `?`, with `.` and `,`."""
    GENERAL = "general"
    """The number as shown without a format."""
    TEXT = "text"
    """`@`: the text of the cell."""
    PERCENT = "percent"
    OTHER = "other"
    """Tokens that are not supported: conditions, exponents, fractions, other calendars."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a section."""

    part: FormatPart
    text: str


Section = tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """The sections of a format code."""

    code: str
    numbers: tuple[Section, ...]
    """One section for all numbers, or for positive and negative ones, or for positive, negative and zero."""
    text: Section | None
    """The section for texts, if the code has one; otherwise a text is shown unchanged."""

    def section_for(self, value: float) -> Section:
        """Return the section that applies to a number."""
        count = len(self.numbers)
        if value < 0 and count > 1:
            return self.numbers[1]
        return self.numbers[2] if value == 0 and count > 2 else self.numbers[0]


_GENERAL = (Token(FormatPart.GENERAL, "General"),)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|\\(?P<escaped>.)"
    r"|_.(?P<blank>)"  # a space as wide as the next character
    r"|\*.(?P<fill>)"  # the next character fills the column
    r"|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<general>general)"
    r"|(?P<half>am/pm|a/p)"
    r"|(?P<date>y+|m+|d+|h+|s+|e+(?![+-])|g+|b+[0-9]?|q+|n{3,4})"
    r"|(?P<digits>[0#?][0#?.,]*|\.[0#?]+)"
    r"|(?P<percent>%)"
    r"|(?P<text>@)"
    r"|(?P<exponent>e[+-])"
    r"|(?P<section>;)"
    r"|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
_COLOUR = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|color ?[0-9]{1,2}", re.IGNORECASE)
_CURRENCY = re.compile(r"\$([^-]*)(?:-([0-9A-F]{1,8}))?(?:,[0-9]+)?", re.IGNORECASE)
# the calendar CC in `[$-NNCCLLLL]`: Gregorian, or one of its variants in other languages
_GREGORIAN = frozenset([0x00, 0x01, 0x02, 0x09, 0x0A, 0x0B, 0x0C])
_OF_DATES = frozenset("ymdhs")


@lru_cache(maxsize=1024)
def parse_number_format(code: str) -> NumberFormat:
    """Parse a format code. Nothing is raised: an unsupported token becomes `FormatPart.OTHER`."""
    if len(code) > MAX_FORMAT_CHARACTERS:
        return NumberFormat(code, ((Token(FormatPart.OTHER, ""),),), None)
    sections: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code):
        if match.lastgroup == "section":
            sections.append([])
        else:
            sections[-1] += _tokens_of(match)
    return _assembled(code, [_with_months(section) for section in sections])


def _assembled(code: str, sections: Sequence[Section]) -> NumberFormat:
    """Assign the sections: the last one is for texts if it contains `@`, and a fourth always is."""
    *numbers, last = sections
    if len(sections) > 4:
        return NumberFormat(code, ((Token(FormatPart.OTHER, ""),),), None)
    if len(sections) == 4:
        return NumberFormat(code, tuple(numbers), last)
    if any(token.part is FormatPart.TEXT for token in last):
        # a format that consists of a text section also applies to numbers
        as_number = tuple(Token(FormatPart.GENERAL, "") if t.part is FormatPart.TEXT else t for t in last)
        return NumberFormat(code, tuple(numbers) or (as_number,), last)
    sections = [section or _GENERAL for section in sections] if len(sections) == 1 else sections
    return NumberFormat(code, tuple(sections), None)


def _tokens_of(match: re.Match[str]) -> list[Token]:
    kind, text = str(match.lastgroup), match.group()
    if kind in ("quoted", "escaped", "literal"):
        return [Token(FormatPart.LITERAL, match[kind])]
    if kind == "bracket":
        return _bracket(match["bracket"])
    if kind in ("digits", "percent", "text", "general"):
        return [Token(FormatPart(kind), text)]
    special = {
        "blank": [Token(FormatPart.LITERAL, " ")],
        "fill": [],
        "half": [Token(FormatPart.DATE, "am/pm")],
    }
    if kind == "date" and text[0].lower() in _OF_DATES:
        return [Token(FormatPart.DATE, text.lower())]
    return special.get(kind, [Token(FormatPart.OTHER, text)])


def _bracket(inner: str) -> list[Token]:
    if _COLOUR.fullmatch(inner):
        return []
    currency = _CURRENCY.fullmatch(inner)
    if currency is None or (int(currency[2] or "0", 16) >> 16) & 0xFF not in _GREGORIAN:
        return [Token(FormatPart.OTHER, f"[{inner}]")]  # a condition, elapsed time, another calendar
    return [Token(FormatPart.LITERAL, currency[1])] if currency[1] else []


def _with_months(section: Sequence[Token]) -> Section:
    """Change `m` after hours or before seconds to `n` (minutes). Source: ECMA-376 part 1, §18.8.31."""
    dates = [i for i, token in enumerate(section) if token.part is FormatPart.DATE and token.text != "am/pm"]
    tokens = list(section)
    for at, i in enumerate(dates):
        if section[i].text not in ("m", "mm"):
            continue
        before = section[dates[at - 1]].text if at else ""
        after = section[dates[at + 1]].text if at + 1 < len(dates) else ""
        if before.startswith("h") or after.startswith("s"):
            tokens[i] = Token(FormatPart.DATE, "n" * len(section[i].text))
    return tuple(tokens)
