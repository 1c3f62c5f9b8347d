"""Accents that an extraction wrote as separate letters: `eé` for é, `aà` for à, `oê` for ô.

Each pair of a base letter and a letter that could stand for its accent is counted. At the end of the text the
language decides which letters stand for accents there: they follow base letters far more often than the words
of the language have it (`pair_rates`). Pairs of such a letter are damage; all others are words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache

from archtool.text.checking.chunk import Chunk
from archtool.text.checking.model import TextFault
from archtool.text.checking.pair_rates import LEGITIMATE, rates_of
from archtool.text.checking.tally import Tally
from archtool.text.repairing.accents.carriers import alphabet_of

KIND = "accents"
LANGUAGES = ("fr", "es", "pt", "cs", "pl", "de")
"""Languages with pairs whose rates are known."""
_SURPRISING = 10  # times as often as in undamaged texts
_FEWEST = 3  # pairs of one letter: fewer can be names of other languages
_FEWEST_KINDS = 3  # different surprising pairs, if none has the same base twice
_CERTAIN_SHARE = 0.5  # of a letter's occurrences after its bases, in a language whose rates are not known
_MILLION = 1_000_000


@cache
def _search() -> tuple[re.Pattern[str], frozenset[str]]:
    """Return what finds candidates in any of the languages (group 1 is the pair), and all pairs."""
    pairs = {pair for language in LANGUAGES for pair in alphabet_of(language).pairs}
    carriers = "".join(sorted({pair[1] for pair in pairs}))
    bases = "".join(sorted({pair[0] for pair in pairs}))
    # the rarer letter comes first: looking behind it is twice as fast as looking ahead from each base letter
    return re.compile(f"[{carriers}](?<=([{bases}].))"), frozenset(pairs)


class AccentDetector:
    """Finds such accents."""

    def __init__(self, most: int) -> None:
        self._tally = Tally(most)
        self._carriers: Counter[str] = Counter()
        self._letters = 0

    def check(self, chunk: Chunk) -> None:
        """Count the pairs of a chunk."""
        self._letters += len(chunk.text)
        if not _has_accented_letters(chunk):
            return
        search, pairs = _search()
        counts = {p: n for p, n in Counter(search.findall(chunk.text)).items() if p in pairs}
        if not counts:
            return
        for pair, number in counts.items():
            self._count(chunk, pair, number)
            if _has_same_base(pair):
                self._carriers[pair[1]] += chunk.text.count(pair[1])

    def _count(self, chunk: Chunk, pair: str, number: int) -> None:
        legitimate = LEGITIMATE.get(pair)
        right = {found.start() for found in legitimate.finditer(chunk.text)} if legitimate is not None else set()
        if not self._tally.wants_places(pair):
            self._tally.count(number - len(right), pair)
            return
        spans, at = [], chunk.text.find(pair)
        while at >= 0:
            if at not in right:
                spans.append((at, at + 2))
            at = chunk.text.find(pair, at + 1)
        self._tally.add_all(chunk, spans, pair)

    def fault(self, language: str | None) -> TextFault | None:
        """Return the pairs that are damage in a text of this language (BCP 47; `None` if it is not known)."""
        primary = (language or "").lower().partition("-")[0]
        rates = rates_of(primary)
        if rates is None:
            return self._fault_of_any()
        counts = {
            pair: number
            for pair, number in self._tally.variants().items()
            if pair in alphabet_of(primary).pairs
        }
        return self._tally.fault(KIND, self._damaged(counts, rates))

    def _damaged(self, counts: Mapping[str, int], rates: Mapping[str, int]) -> list[str]:
        """Return the pairs that are damage in a language with these rates."""
        millions = self._letters / _MILLION
        surprising: dict[str, list[str]] = {}
        for pair, number in counts.items():
            if number > _SURPRISING * rates.get(pair.lower(), 0) * millions:
                surprising.setdefault(pair[1].lower(), []).append(pair)
        carriers = {
            carrier
            for carrier, pairs in surprising.items()
            if sum(counts[pair] for pair in pairs) >= _FEWEST and self._is_pattern(pairs, rates)
        }
        return [pair for carrier in carriers for pair in surprising[carrier]]

    @staticmethod
    def _is_pattern(pairs: list[str], rates: Mapping[str, int]) -> bool:
        if any(_has_same_base(pair) and not rates.get(pair.lower()) for pair in pairs):
            return True
        return len({pair.lower() for pair in pairs}) >= _FEWEST_KINDS

    def _fault_of_any(self) -> TextFault | None:
        """Return the pairs that would be damage in a text of any language."""
        counts = self._tally.variants()
        certain = {
            carrier
            for carrier, number in self._carriers.items()
            if sum(n for pair, n in counts.items() if pair[1] == carrier) >= max(_FEWEST, number * _CERTAIN_SHARE)
        }
        return self._tally.fault(KIND, [pair for pair in counts if pair[1] in certain])


def _has_accented_letters(chunk: Chunk) -> bool:
    return any(first in chunk.data for first in (b"\xc3", b"\xc4", b"\xc5"))


def _has_same_base(pair: str) -> bool:
    """Whether a letter is followed by itself with an accent: `eé`."""
    return unicodedata.normalize("NFD", pair[1])[0].lower() == pair[0].lower() or pair.lower() == "lł"
