"""Computes the value that a spreadsheet cell shows from its stored value and its number format.

A cell can store more than it shows: with `mmm-yy` it shows May 1932 and stores 1 May 1932, a day that the
author did not write. The shown value is used; if it cannot be written without loss, the cell is refused and
both values are named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from archtool import month_names
from archtool.tables.limits import MAX_EXACT, MAX_SHOWN_CHARACTERS
from archtool.tables.number_formats import FormatPart, NumberFormat, Section, Token, parse_number_format

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# words between the parts of a date in localised formats: they do not change the date
_WORDS_OF_DATES = frozenset(
    [
        *("de", "del", "den", "di", "da", "do", "d", "m", "le", "gada", "st", "nd", "rd", "th", "T"),
        *("г", "год", "года", "р", "року", "年", "月", "日", "년", "월", "일"),
    ]
)
_WORD = re.compile(r"[^\W_]+")


class UnclearCellError(Exception):
    """A cell is refused; the message names the stored and the shown value."""


@dataclass(frozen=True, slots=True)
class _DateParts:
    """Which parts of a date and time a format shows."""

    year: bool
    month: bool
    day: bool
    is_partial: bool
    """Whether a first letter stands for the month, or the day of the week for the day."""
    time: str
    """The letters of the shown parts of the time: h, n (minutes), s."""


def shown_text(value: str, code: str) -> str:
    """Return the text that a cell with a text value shows.

    Raises:
        UnclearCellError: the format hides the text.
    """
    section = parse_number_format(code).text
    if section is None or not value:
        return value
    parts = [value if token.part is FormatPart.TEXT else token.text for token in section if _is_shown(token)]
    shown = "".join(parts)
    if not shown.strip() or any(token.part is FormatPart.OTHER for token in section):
        raise UnclearCellError(f"the cell contains {_brief(value)} and shows {_quoted(shown)} {_as(code)}")
    return value if shown.strip() == value.strip() else shown.strip()


def _is_shown(token: Token) -> bool:
    return token.part in (FormatPart.TEXT, FormatPart.LITERAL)


def shown_number(value: float, code: str) -> str:
    """Return the number as the cell shows it, with a decimal point and without thousands separators.

    Raises:
        UnclearCellError: the cell shows a different number, nothing, or uses an unsupported format.
    """
    if abs(value) >= MAX_EXACT:
        raise UnclearCellError(f"the number {value!r} has more digits than a spreadsheet stores")
    form = parse_number_format(code)
    section = form.section_for(value)
    parts = [token.part for token in section]
    stored = _plain_number(value)
    if (
        any(part in (FormatPart.OTHER, FormatPart.DATE, FormatPart.TEXT) for part in parts)
        or _places(parts) != 1
    ):
        shown = " and shows nothing" if not section else " and shows it in another form"
        raise UnclearCellError(f"the cell contains {stored}{shown} {_as(code)}")
    shown, is_exact = _render_number(value, form, section)
    if not is_exact:
        raise UnclearCellError(f"the cell contains {stored} and shows {_quoted(shown)} {_as(code)}")
    return shown


def _places(parts: Sequence[FormatPart]) -> int:
    return sum(part in (FormatPart.DIGITS, FormatPart.GENERAL) for part in parts)


def _plain_number(value: float) -> str:
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    text = f"{value:.15g}"  # a file can have two more digits, which are not shown
    if "e" in text:
        raise UnclearCellError(f"the number {text} cannot be written plainly")
    return text


def _render_number(value: float, form: NumberFormat, section: Section) -> tuple[str, bool]:
    """Format a number by a section, and return whether the result is exactly the stored number."""
    plain = _plain_number(value)
    is_negative = value < 0
    exact = Decimal(plain).copy_abs()
    scaled = exact.scaleb(2 * sum(token.part is FormatPart.PERCENT for token in section))
    is_exact = True
    parts: list[str] = []
    for token in section:
        if token.part is FormatPart.GENERAL:
            parts.append(format(scaled.normalize(), "f"))
        elif token.part is FormatPart.DIGITS:
            text, is_exact = _render_digits(scaled, token.text)
            parts.append(text)
        else:
            parts.append("%" if token.part is FormatPart.PERCENT else token.text)
    shown = "".join(parts).strip()
    has_sign = shown.startswith(("-", "(", "\N{MINUS SIGN}"))
    if is_negative and len(form.numbers) == 1:
        return f"-{shown}", is_exact
    return shown, is_exact and has_sign == is_negative


def _render_digits(value: Decimal, placeholders: str) -> tuple[str, bool]:
    """Format the digits of a number, and return whether none is lost."""
    whole, point, fraction = placeholders.partition(".")
    if whole.endswith(",") or fraction.endswith(",") or (point and "." in fraction):
        return format(value, "f"), False  # shown in thousands
    rounded = value.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    digits, _, decimals = format(rounded, "f").partition(".")
    min_digits = whole.count("0")
    digits = digits.lstrip("0").rjust(min_digits, "0")
    kept = len(fraction.rstrip("#?"))  # decimals that are shown even if they are 0
    decimals = decimals[:kept] + decimals[kept:].rstrip("0")
    shown = digits + ("." if point else "") + decimals
    return shown, rounded == value and any(map(str.isdigit, shown))


def shown_date(value: date, code: str) -> str:
    """Return the date with the precision that the cell shows: `1932-05-01`, `1932-05`, `1932`.

    Midnight is left out, because programs often give dates a format with hours.

    Raises:
        UnclearCellError: the format shows a date without its year or without its month, with other words, or
            with only a part of the time.
    """
    section = parse_number_format(code).numbers[0]
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
    parts = _parts_of(section)
    text = _date_text(moment, parts)
    if text is None or not _is_plain(section):
        stored = value.isoformat(" ").removesuffix(" 00:00:00") if isinstance(value, datetime) else str(value)
        shown = "".join(_shown_part(moment, token) for token in section).strip()
        raise UnclearCellError(f"the cell contains {stored} and shows {_quoted(shown)} {_as(code)}")
    return text


def _parts_of(section: Section) -> _DateParts:
    letters = {token.text for token in section if token.part is FormatPart.DATE} - {"am/pm"}
    time = "".join(letter for letter in "hns" if any(text[0] == letter for text in letters))
    # `mmmmm` shows the first letter only: January, June and July look the same
    month = any(text in ("m", "mm", "mmm", "mmmm") for text in letters)
    day = bool({"d", "dd"} & letters)
    is_partial = any((t[0] == "m" and not month) or (len(t) > 2 and t[0] == "d" and not day) for t in letters)
    return _DateParts(any(text[0] == "y" for text in letters), month, day, is_partial, time)


def _date_text(value: datetime, parts: _DateParts) -> str | None:
    """Return the date with the shown precision; `None` if the shown parts do not determine a date."""
    if (
        not parts.year
        or parts.is_partial
        or (parts.day and not parts.month)
        or (parts.time and not parts.day)
    ):
        return None
    if not parts.day:
        return f"{value.year:04d}-{value.month:02d}" if parts.month else f"{value.year:04d}"
    if not parts.time or value.time() == datetime.min.time():
        return value.date().isoformat()
    left = {"h": value.hour, "n": value.minute, "s": value.second}
    hidden = [number for letter, number in left.items() if letter not in parts.time]
    return None if any(hidden) or value.microsecond else value.isoformat(timespec="seconds")


def _is_plain(section: Section) -> bool:
    """Whether the section shows only the date, separators, and words that do not change the date."""
    literal = "".join(token.text if token.part is FormatPart.LITERAL else "\0" for token in section)
    words = _WORD.findall(literal)
    known = all(word in _WORDS_OF_DATES for word in words)
    signs = set(literal) - set("\0 ,.-/:'\u2019\u2010\u2011\u2013\u00a0\u202f") - set("".join(words))
    kinds = {token.part for token in section}
    fractions = FormatPart.DIGITS in kinds and not _are_fractions_of_seconds(section)
    return (
        known
        and not signs
        and not fractions
        and kinds <= {FormatPart.LITERAL, FormatPart.DATE, FormatPart.DIGITS}
    )


def _are_fractions_of_seconds(section: Section) -> bool:
    return all(
        i and section[i - 1].text.startswith("s") and token.text.startswith(".")
        for i, token in enumerate(section)
        if token.part is FormatPart.DIGITS
    )


def _shown_part(value: datetime, token: Token) -> str:
    """Format one token as an English spreadsheet shows it, for messages."""
    if token.part is not FormatPart.DATE:
        return token.text
    width = len(token.text)
    match token.text[0]:
        case "y":
            return f"{value.year:04d}" if width > 2 else f"{value.year % 100:02d}"
        case "m":
            name = month_names.ENGLISH[value.month - 1]
            return (str(value.month), f"{value.month:02d}", name[:3], name, name[:1])[min(width, 5) - 1]
        case "d":
            name = _DAYS[value.weekday()]
            return (str(value.day), f"{value.day:02d}", name[:3], name)[min(width, 4) - 1]
        case "a":
            return "PM" if value.hour >= 12 else "AM"
    number = {"h": value.hour, "n": value.minute, "s": value.second}[token.text[0]]
    return f"{number:02d}" if width > 1 else str(number)


def _brief(text: str) -> str:
    return repr(text[:MAX_SHOWN_CHARACTERS])


def _quoted(text: str) -> str:
    return f"“{text[:MAX_SHOWN_CHARACTERS]}”" if text else "nothing"


def _as(code: str) -> str:
    return f"(number format {code[:MAX_SHOWN_CHARACTERS]!r})"
