"""Ids that a person can read and that PROV local names, XML names and URIs can all hold."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_ID_CHARACTERS = 64  # a name that is still read at a glance; a title may be much longer
_MAX_REMEMBERED_CHARACTERS = 255  # a title may be of any length

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LETTER_FIRST = re.compile(r"[A-Za-z]")


def readable_id(words: str, fallback: str = "") -> str:
    """Make an id of words: Latin letters without their accents, digits, `.`, `_`, `-`; a letter first.

    Words of which nothing can be kept (another script) give the fallback, or nothing.
    """
    return _make_once(words, fallback) if len(words) <= _MAX_REMEMBERED_CHARACTERS else _make(words, fallback)


def _make(words: str, fallback: str) -> str:
    plain = words if words.isascii() else _without_accents(words)
    kept = _UNSAFE.sub("-", plain).strip("-.")[:MAX_ID_CHARACTERS].strip("-.")
    if not kept:
        return fallback
    return kept if _LETTER_FIRST.match(kept) else f"id-{kept}"


# the same file names, agents and layers come again in every package of a batch
_make_once = lru_cache(maxsize=1024)(_make)


def _without_accents(words: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))


class IdRegister:
    """Hands out ids, each once; the same asks in the same order give the same ids."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._numbers: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """The id that was wanted, or the same with the first free number behind it."""
        given, number = wanted, self._numbers.get(wanted, 1)
        while given in self._given:
            number += 1
            given = f"{wanted}-{number}"
        self._numbers[wanted] = number
        self._given.add(given)
        return given
