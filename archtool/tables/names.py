"""Compares names in tables as a person does: case, accents, blanks, underscores and hyphens do not count."""

from __future__ import annotations

import unicodedata

_IGNORED = frozenset("_-\u00ad\u2010\u2011")
_IGNORED_CATEGORIES = frozenset(["Mn", "Me", "Cf", "Zs", "Zl", "Zp", "Cc"])
"""Accents, invisible characters (as U+200B, copied from web pages), and blanks of each kind."""


def normalised_name(text: str) -> str:
    """Return a name of a column or a sheet in a form that is equal for names that a person takes as equal.

    `Date `, `DATE` and `daté` are equal; `Container title`, `container_title` and `container-title` too. Full
    stops are kept: they separate the keys of a column's name.
    """
    # twice, because folding can make characters that decompose (`İ`), and the other way round
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(
        char
        for char in folded
        if char not in _IGNORED and unicodedata.category(char) not in _IGNORED_CATEGORIES
    )
