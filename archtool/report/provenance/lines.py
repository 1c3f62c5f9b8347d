"""Defines the lines of an account, and formats texts of a history as parts of sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archtool.printable import without_steering

_NOT_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ENDS = (".", "!", "?", "…", "。", "؟")
_INDENT = "  "
_GLUE = "\x00"  # a space that no line ends with, only while lines are broken
_MIN_ROOM = 24  # columns left for a deep line in a narrow window


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One sentence of an account."""

    depth: int
    """How far it is indented: 0 for the title, 1 for an event or a list, more for what belongs to it."""
    text: str
    """Plain text on one line, without characters that control a terminal."""


def one_line(text: str) -> str:
    """Return a text on one line, without control and bidi characters; no-break spaces stay.

    Code points that no text file can have (half pairs, U+FFFE, U+FFFF) become U+FFFD.
    """
    plain = without_steering(_NOT_TEXT.sub("\ufffd", text.replace("\r\n", "\n")))[0]
    return " ".join(part for part in plain.replace("\t", " ").replace("\n", " ").split(" ") if part)


def capital(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]


def ended(sentence: str) -> str:
    """Return a sentence with exactly one full stop, unless it ends with another sign."""
    if sentence.endswith(".."):
        return f"{sentence.rstrip('.')}."
    last = sentence.rstrip("”»\u00a0").rstrip()
    return (
        sentence if sentence.endswith(_ENDS) or (last != sentence and last.endswith("…")) else f"{sentence}."
    )


def format_account(lines: Iterable[AccountLine], width: int) -> str:
    """Return an account as text; each line is broken at spaces to at most `width` columns."""
    import textwrap  # lazy: 1 ms, only text for the screen needs it

    formatted: list[str] = []
    for line in lines:
        indent = _INDENT * line.depth
        if line.depth == 1 and formatted:
            formatted.append("")
        room = max(width, len(indent) + _MIN_ROOM)
        broken = textwrap.wrap(
            line.text.replace("« ", f"«{_GLUE}").replace(" »", f"{_GLUE}»"),
            room,
            initial_indent=indent,
            subsequent_indent=indent + _INDENT,
            break_long_words=False,
            break_on_hyphens=False,
        )
        formatted += [text.replace(_GLUE, " ") for text in broken]
    return "\n".join(formatted) + "\n"
