"""The verdict on the blanks after each damaged word: whether one of them is stray."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from archtool.text.repairing.accents.accented_words import AccentedWord
from archtool.text.repairing.accents.blanks import BlankStatistics
from archtool.text.repairing.accents.broken_words import BlankEvidence, BrokenWord, find_broken_words
from archtool.text.repairing.accents.gaps import Gap, GapReader, Next
from archtool.text.repairing.accents.known_words import KnownWords

_SURE = 6.0  # as a natural logarithm: one blank in 400 may be judged wrongly, by this evidence alone
_SURE_OF_UNKNOWN = 8.0  # where the width of gaps says nothing and the words are not known: a rough estimate
_SURE_OF_UNLISTED = 10.0  # the same with a word list, which would have most words
_TELLING_SHARE = 0.1  # gaps tell stray blanks from real ones if fewer real ones are single
_DOUBLING_SHARE = 0.5  # the extraction doubles gaps after damaged letters if no more real ones are single
_DIFFERENT_WORDS = 3  # with a blank before a letter, to learn a habit from: one phrase can be repeated
_ROUNDS = 3  # the counts depend on the verdicts and the verdicts on the counts; they hardly change after that


@dataclass(frozen=True, slots=True)
class BlankVerdict:
    """Whether one of the blanks after a damaged word is stray."""

    is_stray: bool
    """Whether one is; what is likelier, if it is open."""
    is_sure: bool
    """Whether the evidence decides."""
    evidence: str
    """What speaks for it, for a person."""
    if_stray: str = ""
    """The words that result if it is stray, and what speaks for them; for an open verdict."""
    if_real: str = ""
    """The words that result if it is real, and what speaks for them; for an open verdict."""


class BlankJudge:
    """Judges the blanks after the damaged words of one text."""

    def __init__(
        self, text: str, damaged: Sequence[AccentedWord], carriers: frozenset[str], known: KnownWords
    ) -> None:
        """Learn what this extraction does with blanks."""
        self._needed_for_unknown = _SURE_OF_UNKNOWN if known.listed is None else _SURE_OF_UNLISTED
        self._reader = GapReader(text, damaged, carriers)
        self._gaps = {
            gap.start: gap for word in damaged if word.ends_in_pair and (gap := self._reader.read(word))
        }
        broken = find_broken_words(text, {word.start: word for word in damaged}, known)
        self._statistics, self._stray_evidence = _learn(_count(text, damaged, self._gaps), self._gaps, broken)
        self._single_gap_share = self._statistics.single_gap_share()

    def verdicts(self) -> dict[int, BlankVerdict]:
        """Return the verdicts by the offset of the first blank; words without a blank have none."""
        return {start: self._judge(gap) for start, gap in self._gaps.items()}

    def _judge(self, gap: Gap) -> BlankVerdict:
        if gap.next is Next.LINE_END:
            return BlankVerdict(True, True, "stray blank at the line's end")
        if gap.next is Next.MARK and self._reader.has_seldom_blank_before(gap.character):
            return BlankVerdict(True, True, f"stray blank: other words have none before {gap.character}")
        if gap.start in self._stray_evidence:
            verdict = self._judge_single_blank(gap, self._stray_evidence[gap.start])
            return verdict if verdict.is_sure else self._with_reasons(verdict, gap)
        if gap.width > 1 and gap.line.has_single_gaps and self._single_gap_share <= _DOUBLING_SHARE:
            return BlankVerdict(True, True, "stray blank: the gap is wider than all others of the line")
        return BlankVerdict(False, True, "no stray blank")

    def _with_reasons(self, verdict: BlankVerdict, gap: Gap) -> BlankVerdict:
        """Add to both readings of an open verdict what speaks for them, for a person."""
        evidence = self._stray_evidence[gap.start]
        own_share = 1 / (1 + math.exp(-evidence.stray))  # counted with the others
        count = evidence.unknown_if_real
        unknown = f"with the blank, {count} word{'s are' if count > 1 else ' is'} not known"
        unknown = unknown if count > evidence.unknown_if_stray else ""
        habit, is_inserted = self._statistics.describe_habit(gap.character, own_share)
        wider, single = gap.line.describe_wider(), gap.line.describe_one_blank()
        for_stray = "; ".join(filter(None, (habit if is_inserted else "", unknown, wider)))
        for_real = "; ".join(filter(None, ("" if is_inserted else habit, single)))
        return replace(
            verdict,
            if_stray=f"{verdict.if_stray}: {for_stray or 'only the word itself'}",
            if_real=f"{verdict.if_real}: {for_real or 'only the blank itself'}",
        )

    def _judge_single_blank(self, gap: Gap, evidence: BlankEvidence) -> BlankVerdict:
        is_telling = self._single_gap_share < _TELLING_SHARE
        needed = _SURE if is_telling or evidence.is_known else self._needed_for_unknown
        is_stray = evidence.stray > 0
        speaks = self._statistics.describe(gap.character, is_stray)
        # where real gaps show as two blanks, a real single one is a contradiction: a person decides
        is_sure = abs(evidence.stray) >= needed and (is_stray or not is_telling)
        if not is_sure:
            is_stray = self._is_joined_first(gap, evidence)
        return BlankVerdict(is_stray, is_sure, speaks, evidence.if_stray, evidence.if_real)

    def _is_joined_first(self, gap: Gap, evidence: BlankEvidence) -> bool:
        """Return whether the joined reading of an open place is shown first; nothing is decided by that.

        The joined word or the separate ones may be known. If neither are, the extraction's habit decides,
        and two halves of which none is a word: *exté rieure*.
        """
        if evidence.unknown_if_stray == 0 or evidence.unknown_if_real == 0:
            is_only_joined = evidence.unknown_if_real > 0
            return is_only_joined or (evidence.unknown_if_stray == 0 and evidence.stray > 0)
        has_habit = self._statistics.inserts_before(gap.character)
        return has_habit or evidence.unknown_if_real > 1 or evidence.stray > 0


def _count(text: str, damaged: Iterable[AccentedWord], gaps: Mapping[int, Gap]) -> BlankStatistics:
    """Return the counts that depend on no verdict."""
    counts = BlankStatistics()
    for word in damaged:
        for pair in word.pairs:
            if (following := text[pair.offset + 2 : pair.offset + 3].lower()).isalpha():
                counts.at_once[following] += 1
    for gap in gaps.values():
        if gap.next is Next.LETTER and gap.line.widest == 1:
            (counts.wide if gap.width > 1 else counts.single)[gap.character] += 1
    return counts


def _count_different_words(broken: Iterable[BrokenWord]) -> Counter[str]:
    """Return for each letter how many different words have a blank before it."""
    different = {
        (letter, *(fragment.letters for fragment in word.fragments))
        for word in broken
        for _, letter in word.blanks
    }
    return Counter(letter for letter, *_ in different)


def _learn(
    counts: BlankStatistics, gaps: Mapping[int, Gap], broken: Sequence[BrokenWord]
) -> tuple[BlankStatistics, dict[int, BlankEvidence]]:
    """Return all counts, and the evidence for each single blank."""
    evidence: dict[int, BlankEvidence] = {}
    statistics = counts
    different_words = _count_different_words(broken)
    for _ in range(_ROUNDS):
        priors = {
            letter: prior if different_words[letter] >= _DIFFERENT_WORDS else min(prior, 0.0)
            for letter, prior in statistics.priors().items()
        }
        statistics = BlankStatistics(counts.at_once, counts.wide, counts.single)
        for word in broken:
            by_blank = [
                gaps[start].line.evidence_of_one_blank + priors.get(letter, 0.0)
                for start, letter in word.blanks
            ]
            for (start, letter), value in zip(word.blanks, word.judge(by_blank), strict=True):
                evidence[start] = value
                statistics.count(letter, 1 / (1 + math.exp(-value.stray)), gaps[start].line)
    return statistics, evidence
