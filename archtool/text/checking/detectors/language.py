"""Recognises the language of a text from its frequent short words, and when it is not the declared one.

It is counted in samples from the whole text. Nothing is claimed about a text of few words, about a language
without a list of words, or where two languages share the text. py3langid and lingua were considered: both
name a language for any input, and load models of 1 and 90 MB; a wrong claim is worse here than none.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from archtool.text.checking.chunk import Chunk
from archtool.text.checking.detectors.function_words import WORDS
from archtool.text.checking.limits import MAX_FIRST_SAMPLE_CHARACTERS, MAX_SAMPLE_CHARACTERS, SAMPLES

KIND = "language"
_FEWEST_WORDS = 150  # fewer can be a list of names
_FEWEST_WORDS_OF_SAMPLE = 100
_LEAST_SHARE = 0.16  # of function words: running text has 25 to 40 %
_LEAST_LEAD = 1.25  # over the next language
_MOST_OF_DECLARED = 0.6  # of the share of the best language: the declared one does not come near
_SCRIPT = re.compile("-[A-Za-z]{4}(?:-|$)")
_NAMES = {
    "fr": "French", "en": "English", "es": "Spanish", "pt": "Portuguese", "it": "Italian", "de": "German",
    "nl": "Dutch", "pl": "Polish", "cs": "Czech", "sk": "Slovak", "sv": "Swedish", "da": "Danish",
    "fi": "Finnish", "hu": "Hungarian", "ro": "Romanian", "la": "Latin", "ru": "Russian", "uk": "Ukrainian",
    "be": "Belarusian", "bg": "Bulgarian", "sr": "Serbian", "el": "Greek",
}  # fmt: skip


@cache
def _languages_of_words() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for language, words in WORDS.items():
        for word in set(words.split()):
            table.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in table.items()}


def language_name(tag: str) -> str:
    """Return the English name of a language that can be recognised; else the tag itself."""
    return _NAMES.get(primary(tag), tag)


def primary(tag: str) -> str:
    """Return the first subtag: `pt` of `pt-BR`."""
    return tag.lower().replace("_", "-").partition("-")[0]


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples of a chunk."""

    texts: tuple[str, ...]
    languages: frozenset[str]
    """The languages that they show clearly."""


class LanguageCounter:
    """Counts the frequent words of each language in samples of a text."""

    def __init__(self) -> None:
        self._words = 0
        self._counts: Counter[str] = Counter()

    def check(self, chunk: Chunk) -> Samples:
        """Count the words of samples of a chunk, and return the samples with the languages that they show."""
        most = MAX_SAMPLE_CHARACTERS if self._words else MAX_FIRST_SAMPLE_CHARACTERS
        texts, found = [], set[str]()
        for start in range(0, len(chunk.text), max(most, len(chunk.text) // SAMPLES)):
            texts.append(chunk.text[start : start + most])
            counts, words = _count(texts[-1])
            self._counts.update(counts)
            self._words += words
            language = _clear_language(counts, words, _FEWEST_WORDS_OF_SAMPLE)
            if language is not None:
                found.add(language)
        return Samples(tuple(texts), frozenset(found))

    def share(self, language: str) -> float:
        """Return the share of a language's frequent words in the samples."""
        return self._counts[language] / self._words if self._words else 0.0

    def guess(self) -> str | None:
        """Return the language of the text; `None` if its words do not show one clearly."""
        return _clear_language(self._counts, self._words, _FEWEST_WORDS)

    def contradicts(self, declared: str) -> str | None:
        """Return the language of the text if it cannot be the declared one (BCP 47)."""
        guessed, own = self.guess(), primary(declared)
        is_transliterated = _SCRIPT.search(declared) is not None  # `ru-Latn`: its words look different
        if guessed is None or own not in WORDS or guessed == own or is_transliterated:
            return None
        return guessed if self.share(own) <= _MOST_OF_DECLARED * self.share(guessed) else None


def _count(text: str) -> tuple[Counter[str], int]:
    """Return how many frequent words of each language a text has, and how many words in all."""
    languages = _languages_of_words()
    # splitting at blanks is ten times as fast as finding words
    tokens = text.lower().replace("’", " ").replace("'", " ").split()
    counts: Counter[str] = Counter()
    for word, number in Counter(tokens).items():
        for language in languages.get(word, ()):
            counts[language] += number
    return counts, len(tokens)


def _clear_language(counts: Counter[str], words: int, fewest_words: int) -> str | None:
    best = counts.most_common(2)
    if words < fewest_words or not best or best[0][1] < _LEAST_SHARE * words:
        return None
    if len(best) == 2 and best[0][1] < _LEAST_LEAD * best[1][1]:
        return None
    return best[0][0]
