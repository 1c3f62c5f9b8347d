"""Chooses the attributes `lang` and `dir` of an element for a text in a language.

Sources: BCP 47 (RFC 5646); Unicode Character Database, Scripts and Bidi_Class.
"""

from __future__ import annotations

import re

from markupsafe import Markup

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_RIGHT_TO_LEFT = frozenset((
    "ar", "arc", "azb", "bal", "ckb", "dv", "fa", "glk", "he", "ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps",
    "rhg", "sam", "sd", "syr", "ug", "ur", "yi",
))  # fmt: skip
_RIGHT_TO_LEFT_SCRIPTS = frozenset((
    "Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Phnx", "Rohg", "Samr", "Syrc", "Thaa",
))  # fmt: skip
UNKNOWN = Markup(' dir="auto"')


def is_language_tag(tag: str) -> bool:
    """Return whether a text has the form of a tag that a browser knows what to do with."""
    return _TAG.fullmatch(tag) is not None


def direction(tag: str | None) -> str:
    """Return `ltr`, `rtl`, or `auto` if the language is not known."""
    if tag is None or not is_language_tag(tag):
        return "auto"
    language, *subtags = tag.split("-")
    script = next((part.capitalize() for part in subtags if len(part) == 4 and part.isalpha()), None)
    if script is not None:
        return "rtl" if script in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if language.lower() in _RIGHT_TO_LEFT else "ltr"


def language_attributes(tag: str | None) -> Markup:
    """Return the attributes of an element with a text in this language; the tag is checked again."""
    if tag is None or not is_language_tag(tag):
        return UNKNOWN
    return Markup(' lang="{}" dir="{}"').format(tag, direction(tag))
