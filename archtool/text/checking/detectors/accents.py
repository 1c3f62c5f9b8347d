"""Accents that an extraction wrote as separate letters: `eé` for é, `aà` for à, `oê` for ô.

Each pair of a base letter and a letter that could stand for its accent is counted, by the languages that
samples of the text show. At the end those letters are taken for accents that follow base letters far more
often than in words of these languages (`pair_rates`). Pairs of such a letter are damage; others are words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from archtool.text.checking.chunk import Chunk
from archtool.text.checking.detectors.pair_rates import LEGITIMATE, rates_of
from archtool.text.checking.model import TextFault
from archtool.text.checking.tally import Tally
from archtool.text.repairing.accents.carriers import alphabet_of

KIND = "accents"
LANGUAGES = frozenset(["fr", "es", "pt", "cs", "pl", "de"])
"""Languages with pairs whose rates are known."""
_SURPRISING = 10  # times as often as in undamaged texts
_FEWEST = 3  # pairs of one letter: fewer can be names of other languages
_FEWEST_KINDS = 3  # different pairs that no word has, if none has the same base twice
_CERTAIN_SHARE = (
    0.5  # of a letter's occurrences after its bases: then it stands for an accent in any language
)
_SYLLABLE = 100  # a pair that occurs so often in a million letters
_MILLION = 1_000_000
_ACCENTED = re.compile(rb"[\xc3-\xc5]")


@cache
def _with_words() -> frozenset[str]:
    """Return the pairs that words of one of the languages have."""
    return frozenset(pair for language in LANGUAGES for pair in rates_of(language))


@cache
def _all_pairs() -> frozenset[str]:
    return frozenset(pair for language in LANGUAGES for pair in alphabet_of(language).pairs)


@cache
def _searches(languages: frozenset[str]) -> tuple[re.Pattern[bytes], ...]:
    """Return what finds pairs whose base has no accent, in languages or in all of them; group 1 is the pair.

    There is one search for each first byte of an accented letter: Python finds this byte with memchr. Pairs
    of frequent syllables are left out: nobody could tell them from damage.
    """
    bases: dict[bytes, dict[bytes, str]] = {}
    rates = _rates(languages)
    for pair in sorted(rates or _all_pairs()):
        if pair[0].isascii() and rates.get(pair, 0) < _SYLLABLE:
            first, second = (pair[1].encode()[i : i + 1] for i in (0, 1))
            of_first = bases.setdefault(first, {})
            of_first[second] = of_first.get(second, "") + pair[0]
    return tuple(
        re.compile(
            first
            + b"(?:"
            + b"|".join(
                re.escape(second) + f"(?<=[{before}]..)".encode() for second, before in seconds.items()
            )
            + b")(?<=(...))",
            re.DOTALL,
        )
        for first, seconds in bases.items()
    )


class AccentDetector:
    """Finds such accents."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._letters: Counter[frozenset[str]] = Counter()
        """How many characters were read, by the languages of their chunks."""
        self._tallies: dict[frozenset[str], Tally] = {}
        self._certain = Tally(most)

    def check(self, chunk: Chunk, languages: frozenset[str]) -> None:
        """Count the pairs of a chunk in these languages."""
        known = languages & LANGUAGES
        self._letters[known] += len(chunk.text)
        if not _ACCENTED.search(chunk.data):
            return
        counts = _pairs_in(chunk, known)
        if not counts:
            return
        certain = _certain_carriers(chunk, counts)
        if certain:
            for pair, number in _pairs_in(chunk, frozenset()).items():
                if pair[1].lower() in certain and (not known or pair in _rates(known)):
                    _count(self._certain, chunk, pair, number)
        tally, rates = self._tallies.setdefault(known, Tally(self._most)), _rates(known)
        for pair, number in counts.items():
            if pair[1].lower() in certain:
                continue
            if known and not _is_surprising(pair, number, rates, len(chunk.text)):
                tally.count(number, pair)  # its places would be needed only if it were damage
            else:
                _count(tally, chunk, pair, number)

    def fault(self, languages: Iterable[str]) -> TextFault | None:
        """Return the pairs that are damage; `languages` are those of the text as far as they are known."""
        of_text = frozenset(languages) & LANGUAGES
        result = Tally(self._most)
        result.add_from(self._certain, self._certain.variants())
        for known, tally in self._tallies.items():
            counts, present = tally.variants(), known or of_text
            if present:
                result.add_from(tally, _damaged(counts, present, self._letters[known]))
        if result.total():  # in a damaged text, a single pair that no word has is damage too
            for known, tally in self._tallies.items():
                rates = _rates(known or of_text)
                impossible = [pair for pair in tally.variants() if rates.get(pair) == 0]
                result.add_from(tally, set(impossible) - result.variants().keys())
        return result.fault(KIND)


def _pairs_in(chunk: Chunk, languages: frozenset[str]) -> Counter[str]:
    """Count the pairs of a chunk in languages, or in all of them."""
    counts: Counter[str] = Counter()
    for search in _searches(languages):
        found = Counter(search.findall(chunk.data))
        counts.update({pair.decode(): number for pair, number in found.items()})
    if any(_has_same_base(pair) and pair.lower() not in _with_words() for pair in counts):
        dotted = Counter(_dotted().findall(chunk.text))
        counts.update({pair: number for pair, number in dotted.items() if pair in _all_pairs()})
    return counts


def _certain_carriers(chunk: Chunk, counts: Mapping[str, int]) -> frozenset[str]:
    """Return the letters (small ones) that stand for accents in most of a chunk, whatever its language is.

    In words, no letter with an accent follows its own base letter often, and base letters half of the time.
    """
    same = {pair[1] for pair, number in counts.items() if _has_same_base(pair) and number >= _FEWEST}
    return frozenset(
        carrier.lower()
        for carrier in same
        if sum(number for pair, number in counts.items() if pair[1] == carrier)
        >= _CERTAIN_SHARE * chunk.text.count(carrier)
    )


def _count(tally: Tally, chunk: Chunk, pair: str, number: int) -> None:
    legitimate = LEGITIMATE.get(pair)
    right = {found.start() for found in legitimate.finditer(chunk.text)} if legitimate is not None else set()
    if number == len(right):
        return
    if not tally.wants_places(pair):
        tally.count(number - len(right), pair)
        return
    spans, at = [], chunk.text.find(pair)
    while at >= 0:
        if at not in right:
            spans.append((at, at + 2))
        at = chunk.text.find(pair, at + 1)
    tally.add_all(chunk, spans, pair)


@cache
def _rates(languages: frozenset[str]) -> Mapping[str, int]:
    """Return all pairs of letters of languages, with their highest rates in one of them."""
    rates = {pair: 0 for language in languages for pair in alphabet_of(language).pairs}
    for language in languages:
        of_language = rates_of(language)
        rates = {pair: max(rate, of_language.get(pair.lower(), 0)) for pair, rate in rates.items()}
    return rates


def _is_surprising(pair: str, number: int, rates: Mapping[str, int], letters: int) -> bool:
    """Whether a pair occurs far more often than in words of the languages with these rates."""
    return pair in rates and number > _SURPRISING * rates[pair] * letters / _MILLION


def _damaged(counts: Mapping[str, int], languages: frozenset[str], letters: int) -> list[str]:
    """Return the pairs that are damage in a text of these languages."""
    rates = _rates(languages)
    surprising: dict[str, list[str]] = {}
    for pair, number in counts.items():
        if _is_surprising(pair, number, rates, letters):
            surprising.setdefault(pair[1].lower(), []).append(pair)
    return [
        pair
        for carried in surprising.values()
        if sum(counts[pair] for pair in carried) >= _FEWEST and _is_pattern(carried, rates)
        for pair in carried
    ]


def _is_pattern(pairs: list[str], rates: Mapping[str, int]) -> bool:
    """Whether these pairs of one letter cannot be some rare words."""
    strange = {pair.lower() for pair in pairs if not rates[pair]}  # no word has them
    return len(strange) >= _FEWEST_KINDS or any(map(_has_same_base, strange))


@cache
def _dotted() -> re.Pattern[str]:
    """Return what finds pairs whose base has the accent already: `îê`; group 1 is the pair."""
    pairs = [pair for pair in _all_pairs() if not pair[0].isascii()]
    bases, carriers = ("".join(sorted({pair[i] for pair in pairs})) for i in (0, 1))
    return re.compile(f"(?=([{bases}][{carriers}]))[{bases}]")


@cache
def _has_same_base(pair: str) -> bool:
    """Whether a letter is followed by itself with an accent: `eé`."""
    return unicodedata.normalize("NFD", pair[1])[0].lower() == pair[0].lower() or pair.lower() == "lł"
