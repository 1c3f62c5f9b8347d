"""Makes readable ids that are valid as PROV local names, XML names and parts of URIs."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from archtool.provenance.limits import MAX_ID_CHARACTERS

_MAX_CACHED_CHARACTERS = 255  # a title can have any length

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LETTER_FIRST = re.compile(r"[A-Za-z]")


def readable_id(text: str, fallback: str = "") -> str:
    """Make an id from a text: Latin letters without accents, digits, `.`, `_`, `-`; a letter first.

    Returns the fallback if no character can be kept, for instance in another script.
    """
    return _make_cached(text, fallback) if len(text) <= _MAX_CACHED_CHARACTERS else _make(text, fallback)


def _make(text: str, fallback: str) -> str:
    plain = text if text.isascii() else _without_accents(text)
    kept = _UNSAFE.sub("-", plain).strip("-.")[:MAX_ID_CHARACTERS].strip("-.")
    if not kept:
        return fallback
    return kept if _LETTER_FIRST.match(kept) else f"id-{kept}"


# the same file names, agents and layers recur in every package of a batch
_make_cached = lru_cache(maxsize=1024)(_make)


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


class IdRegister:
    """Returns unique ids; the same requests in the same order return the same ids."""

    def __init__(self) -> None:
        self._reserved: set[str] = set()
        self._numbers: dict[str, int] = {}

    def reserve(self, preferred: str) -> str:
        """Return the preferred id, or the preferred id with the first free number appended."""
        reserved, number = preferred, self._numbers.get(preferred, 1)
        while reserved in self._reserved:
            number += 1
            reserved = f"{preferred}-{number}"
        self._numbers[preferred] = number
        self._reserved.add(reserved)
        return reserved
