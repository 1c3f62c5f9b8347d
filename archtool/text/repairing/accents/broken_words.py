"""Words that a blank after a damaged letter may have broken: their fragments, and which belong together."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archtool.text.repairing.accents.accented_words import AccentedWord
from archtool.text.repairing.accents.known_words import KnownWords
from archtool.text.words import WORD

_MAX_FRAGMENTS = 6  # all ways to join them are compared: 32
_ELIDED = -3.5  # a word before an apostrophe, as `l’`, as a natural logarithm: one word in thirty
_CAPITAL_INSIDE = -10.0  # a capital after a small letter in one word
_APOSTROPHES = frozenset("'’")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A run of letters, restored."""

    end: int
    """The offset after it, where a blank is."""
    letters: str
    """Its letters, with its accents restored."""
    is_elided: bool
    """Whether an apostrophe follows, as in `l’`."""


@dataclass(frozen=True, slots=True)
class JoinedForm:
    """One way to read a broken word."""

    joined: tuple[bool, ...]
    """For each blank, whether it is stray."""
    evidence: float
    """How likely the words are that result, as a natural logarithm."""
    unknown: int
    """How many of the words neither the word list nor the text itself has."""
    words: tuple[str, ...]
    """The words that result."""


@dataclass(frozen=True, slots=True)
class BlankEvidence:
    """What a broken word says of one of its blanks."""

    stray: float
    """The evidence that it is stray, as a natural logarithm; negative if it is real."""
    is_known: bool
    """Whether the words are known that result from the likeliest reading."""
    unknown_if_stray: int
    """How many of the likeliest words are not known if it is stray."""
    unknown_if_real: int
    """How many of the likeliest words are not known if it is real."""
    if_stray: str
    """The likeliest words if it is stray, for a person."""
    if_real: str
    """The likeliest words if it is real, for a person."""


@dataclass(frozen=True, slots=True)
class BrokenWord:
    """Fragments with single blanks between them, each after a damaged letter."""

    fragments: tuple[Fragment, ...]
    forms: tuple[JoinedForm, ...]
    """All ways to join them."""

    @property
    def blanks(self) -> list[tuple[int, str]]:
        """The offset of each blank, and the letter after it in small letters."""
        return [(left.end, right.letters[0].lower()) for left, right in itertools.pairwise(self.fragments)]

    def judge(self, priors: Sequence[float]) -> list[BlankEvidence]:
        """Return the evidence for each blank; `priors` has what is known of each without the words."""
        by_likelihood = sorted(self.forms, key=lambda form: self._likelihood(form, priors), reverse=True)
        result = []
        for index in range(len(priors)):
            real, stray = (
                next(form for form in by_likelihood if form.joined[index] == is_joined)
                for is_joined in (False, True)
            )
            evidence = self._likelihood(stray, priors) - self._likelihood(real, priors)
            quoted = [f"“{' '.join(form.words)}”" for form in (stray, real)]
            is_known = by_likelihood[0].unknown == 0
            result.append(BlankEvidence(evidence, is_known, stray.unknown, real.unknown, *quoted))
        return result

    @staticmethod
    def _likelihood(form: JoinedForm, priors: Sequence[float]) -> float:
        return form.evidence + sum(itertools.compress(priors, form.joined))


def find_broken_words(text: str, damaged: Mapping[int, AccentedWord], known: KnownWords) -> list[BrokenWord]:
    """Return the broken words; `damaged` has the damaged words by their offsets, in order."""
    result = []
    past = 0
    for start in damaged:
        if start < past:
            continue
        fragments = _fragments_from(text, start, damaged)
        past = fragments[-1].end
        if len(fragments) > 1:
            result.append(BrokenWord(fragments, tuple(_forms(fragments, known))))
    return result


def _fragments_from(text: str, start: int, damaged: Mapping[int, AccentedWord]) -> tuple[Fragment, ...]:
    fragments: list[Fragment] = []
    position = start
    while match := WORD.match(text, position):
        word = damaged.get(position)
        letters = word.restored if word and word.restored else match.group()
        following = text[match.end() : match.end() + 1]  # empty at the end of the text
        fragments.append(Fragment(match.end(), letters, following in _APOSTROPHES))
        position = match.end() + 1
        if not (word and word.ends_in_pair) or len(fragments) == _MAX_FRAGMENTS or following != " ":
            break
    return tuple(fragments)


def _forms(fragments: Sequence[Fragment], known: KnownWords) -> Iterable[JoinedForm]:
    for joined in itertools.product((False, True), repeat=len(fragments) - 1):
        words = [fragments[0].letters]
        evidence = 0.0
        for fragment, is_joined in zip(fragments[1:], joined, strict=True):
            if is_joined:
                evidence += _CAPITAL_INSIDE * (fragment.letters[0].isupper() and words[-1][-1].islower())
                words[-1] += fragment.letters
            else:
                words.append(fragment.letters)
        evidence += sum(map(known.log_probability, words[:-1]))
        is_elided = fragments[-1].is_elided and words[-1] == fragments[-1].letters
        evidence += _ELIDED if is_elided else known.log_probability(words[-1])
        unknown = sum(not known.has(word) for word in (words[:-1] if is_elided else words))
        yield JoinedForm(joined, evidence, unknown, tuple(words))
