"""Prose and word lists of Debian packages, for tests of the repair of texts."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

import pytest

from archtool.text.repairing.word_lists.load import WordList, load_word_list
from text_damage import normalized

FORTUNES = Path("/usr/share/games/fortunes")
REFERENCE = Path("/usr/share/debian-reference")
DICTIONARIES = Path("/usr/share/dict")
_FORTUNES = {"cs": "cs", "de": "de", "es": "es", "it": "it", "pl": "pl", "pt": "brasil", "ru": "ru"}
LISTS = {
    "cs": Path("/usr/share/hunspell/cs_CZ.dic"),
    "de": DICTIONARIES / "ngerman",
    "es": DICTIONARIES / "spanish",
    "fr": DICTIONARIES / "french",
    "pl": DICTIONARIES / "polish",
    "pt": DICTIONARIES / "portuguese",
}
"""From hunspell-cs, wngerman, wspanish, wfrench, wpolish and wportuguese."""
_LEFT_OUT = frozenset(["klasik-sk", "off"])
"""Slovak, and texts that are enciphered with ROT13."""


@cache
def prose(language: str) -> tuple[str, ...]:
    """Return the paragraphs of a language; empty if the packages are not installed."""
    paragraphs = [*_fortunes(language), *_reference(language)]
    return tuple(dict.fromkeys(text for text in map(normalized, paragraphs) if _is_prose(text)))


def _fortunes(language: str) -> list[str]:
    result: list[str] = []
    place = FORTUNES / _FORTUNES.get(language, "-")
    for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
        if file.is_file() and file.suffix not in (".dat", ".u8") and _LEFT_OUT.isdisjoint(file.parts):
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
def word_list(language: str) -> WordList | None:
    """Return the word list of a language, or None if its package is not installed."""
    place = LISTS[language]
    return load_word_list(place) if place.is_file() else None


def needs(*places: Path) -> pytest.MarkDecorator:
    """Skip a test unless files of Debian packages are there."""
    missing = [str(place) for place in places if not place.exists()]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")
