"""Prose and word lists of Debian packages, for tests of the repair of texts."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

from text_damage import normalized

FORTUNES = Path("/usr/share/games/fortunes")
REFERENCE = Path("/usr/share/debian-reference")
DICTIONARIES = Path("/usr/share/dict")
_PROSE = {
    "cs": ("cs",),
    "de": ("de",),
    "es": ("es",),
    "pl": ("pl",),
    "pt": ("brasil",),
    "ru": ("ru",),
}
_LISTS = {"de": "ngerman", "es": "spanish", "fr": "french", "pl": "polish", "pt": "portuguese"}
_LEFT_OUT = frozenset(["klasik-sk", "off"])
"""Slovak, and texts that are enciphered with ROT13."""


@cache
def prose(language: str) -> tuple[str, ...]:
    """Return the paragraphs of a language; empty if the packages are not installed."""
    paragraphs = [*_fortunes(language), *_reference(language)]
    return tuple(dict.fromkeys(text for text in map(normalized, paragraphs) if _is_prose(text)))


def _fortunes(language: str) -> list[str]:
    result: list[str] = []
    for name in _PROSE.get(language, ()):
        place = FORTUNES / name
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            if file.suffix in (".dat", ".u8") or not _LEFT_OUT.isdisjoint(file.parts) or not file.is_file():
                continue
            text = file.read_text(encoding="utf-8", errors="replace")
            result += re.split(r"\n%+\n|\n\s*\n", text)
    return result


def _reference(language: str) -> list[str]:
    place = REFERENCE / f"debian-reference.{language}.txt.gz"
    if not place.is_file():
        return []
    return re.split(r"\n\s*\n", gzip.decompress(place.read_bytes()).decode("utf-8"))


def _is_prose(paragraph: str) -> bool:
    letters = sum(character.isalpha() or character == " " for character in paragraph)
    if re.search(r" [.,]|[#<>@|]", paragraph):
        return False  # chat logs, and what has no clean spacing to begin with
    return len(paragraph) > 40 and letters > 0.85 * len(paragraph) and "\ufffd" not in paragraph


@cache
def word_list(language: str) -> frozenset[str]:
    """Return the words of a language; empty if the package is not installed."""
    place = DICTIONARIES / _LISTS.get(language, "-")
    if not place.is_file():
        return frozenset()
    return frozenset(place.read_text(encoding="utf-8").split())


class ListedWords(frozenset[str]):
    """A word list as the rule sets want it."""

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and any(
            frozenset.__contains__(self, form) for form in (word, word.lower(), word.capitalize())
        )
