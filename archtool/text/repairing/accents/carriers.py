"""Letters with accents, by language, and the pairs of letters that stand for one of them in a damaged text.

A letter is taken apart into its base letter and its accent: a combining mark of Unicode, or a stroke,
which Unicode does not decompose. A carrier is the fixed letter that an extraction wrote for an accent; each
letter of the language with that accent can be one. Texts are in NFC here (rule set `characters/1`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

MAX_WORD_LETTERS = 100
"""Longer runs of letters are not words: they are left alone, and cost no time."""
STROKE = "\u0338"
"""The accent of ł, ø and đ, for want of a mark: Unicode does not decompose them."""
_STROKES = {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D"}
ACCENT_NAMES: Mapping[str, str] = {
    "\u0300": "grave",
    "\u0301": "acute",
    "\u0302": "circumflex",
    "\u0303": "tilde",
    "\u0306": "breve",
    "\u0307": "dot",
    "\u0308": "diaeresis",
    "\u030a": "ring",
    "\u030b": "double acute",
    "\u030c": "caron",
    "\u0326": "comma",
    "\u0327": "cedilla",
    "\u0328": "ogonek",
    STROKE: "stroke",
}
"""Names of accents for messages."""
_LETTERS = {
    "cs": "áéíóúýčďěňřšťžů",
    "de": "äöü",
    "es": "áéíóúñü",
    "fr": "éàèùâêîôûëïüç",
    "pl": "ćńóśźąężł",
    "pt": "áéíóúàâêôãõçü",
}
_NATURAL_PAIRS = {"pt": ("cç", "Cç", "CÇ")}
"""`acção` was the spelling of Portugal before 1990, and is still seen."""
_OTHER_LETTERS = "òìăâîșțşţőűöåäøëïčćđšžľĺŕôĝĥĵŝŭğķļņģāēīū"
"""Letters of other languages in Latin script, which a text without a declared language can have."""
_BASES_WITH_DOT = frozenset("iIjJ")
"""Letters that lose their dot under an accent: some extractions compose them and also write the carrier."""


@dataclass(frozen=True, slots=True)
class AccentedLetter:
    """A letter taken apart."""

    base: str
    """The letter without its accent, in the same case."""
    accent: str
    """The combining mark, or `STROKE`."""


@cache
def take_apart(letter: str) -> AccentedLetter | None:
    """Return base and accent of one letter; None if it has no accent, several, or one without a name."""
    if letter in _STROKES:
        return AccentedLetter(_STROKES[letter], STROKE)
    parts = unicodedata.normalize("NFD", letter)
    if len(parts) != 2 or parts[1] not in ACCENT_NAMES or not "A" <= parts[0] <= "z":
        return None
    return AccentedLetter(parts[0], parts[1])


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The accented letters of a language, both cases, and what pairs of letters can stand for them."""

    language: str | None
    """The language, as its two letters; None for the letters of all languages."""
    letters: frozenset[str]
    """All accented letters."""
    pairs: Mapping[str, str]
    """A base letter with a carrier, such as `eé` or `oê`, to the letter that it can stand for; also letters
    with a dot that are composed already: `îê` to `î`."""
    natural_pairs: frozenset[str]
    """Those of the pairs that are in sound words of the language, too."""

    def accent_of(self, letter: str) -> str | None:
        """Return the accent of a letter of this alphabet, else None."""
        return apart.accent if letter in self.letters and (apart := take_apart(letter)) else None


def letters_of(language: str | None) -> str:
    """Return the lower-case accented letters of a language; those of all if it is not known well."""
    known = _LETTERS.get(primary_language(language) or "")
    return known or "".join(sorted({*"".join(_LETTERS.values()), *_OTHER_LETTERS}))


def primary_language(language: str | None) -> str | None:
    """Return the language of a tag without its region (`pt-BR` to `pt`); None if its letters are unknown."""
    primary = (language or "").lower().replace("_", "-").split("-")[0]
    return primary if primary in _LETTERS else None


@cache
def alphabet_of(language: str | None) -> Alphabet:
    """Return the alphabet of a language (BCP 47); that of all languages if it is None or not known well."""
    lower = letters_of(language)
    letters = frozenset([*lower, *lower.upper()])
    by_accent: dict[str, list[str]] = {}
    for letter in sorted(letters):
        if apart := take_apart(letter):
            by_accent.setdefault(apart.accent, []).append(letter)
    return Alphabet(
        primary_language(language), letters, _pairs(by_accent), _natural_pairs(primary_language(language))
    )


def _natural_pairs(primary: str | None) -> frozenset[str]:
    pairs = _NATURAL_PAIRS.items()
    return frozenset(pair for language, natural in pairs if primary in (language, None) for pair in natural)


def _pairs(by_accent: Mapping[str, list[str]]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for same_accent in by_accent.values():
        for letter in same_accent:
            apart = take_apart(letter)
            assert apart is not None  # noqa: S101 # only letters that come apart are listed by accent
            for carrier in same_accent:
                if apart.base.islower() and carrier.isupper():
                    continue  # a capital never stands for the accent of a small letter
                pairs[apart.base + carrier] = letter
                if apart.base in _BASES_WITH_DOT and carrier != letter:
                    pairs[letter + carrier] = letter
    return pairs
