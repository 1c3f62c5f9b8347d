"""The verdict on the blanks after each damaged word: whether one of them is stray."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archtool.text.repairing.accents.accented_words import AccentedWord
from archtool.text.repairing.accents.blanks import BlankStatistics
from archtool.text.repairing.accents.broken_words import BrokenWord, find_broken_words
from archtool.text.repairing.accents.gaps import Gap, GapReader, Next
from archtool.text.repairing.accents.known_words import KnownWords

_SURE = 6.0  # as a natural logarithm: one blank in 400 may be judged wrongly, by this evidence alone
_ROUNDS = 3  # the counts depend on the verdicts and the verdicts on the counts; they hardly change after that


@dataclass(frozen=True, slots=True)
class BlankVerdict:
    """Whether one of the blanks after a damaged word is stray."""

    is_stray: bool
    """Whether one of them is stray; what is likelier, if it is open."""
    is_sure: bool
    """Whether the evidence decides."""
    evidence: str
    """What speaks for it, for a person."""


def judge_blanks(
    text: str,
    damaged: Sequence[AccentedWord],
    carriers: frozenset[str],
    known: KnownWords,
) -> dict[int, BlankVerdict]:
    """Return the verdicts by the offset of the first blank; words without a blank after them have none."""
    reader = GapReader(text, damaged, carriers)
    gaps = {gap.start: gap for word in damaged if word.ends_in_pair and (gap := reader.read(word))}
    by_start = {word.start: word for word in damaged}
    broken = find_broken_words(text, by_start, known)
    statistics, stray = _learn(text, damaged, gaps, broken)
    verdicts = {gap.start: _judge_gap(gap, reader) for gap in gaps.values()}
    for offset, evidence in stray.items():
        verdicts[offset] = _judge_single_blank(gaps[offset], evidence, statistics)
    return verdicts


def _learn(
    text: str, damaged: Iterable[AccentedWord], gaps: Mapping[int, Gap], broken: Sequence[BrokenWord]
) -> tuple[BlankStatistics, dict[int, float]]:
    """Return what this extraction does with blanks, and the evidence that each single blank is stray."""
    fixed = BlankStatistics()
    for word in damaged:
        for pair in word.pairs:
            if (following := text[pair.offset + 2 : pair.offset + 3].lower()).isalpha():
                fixed.at_once[following] += 1
    for gap in gaps.values():
        if gap.next is Next.LETTER and gap.line.widest == 1:
            (fixed.wide if gap.width > 1 else fixed.single)[gap.character] += 1
    statistics = fixed
    stray: dict[int, float] = {}
    for index in range(_ROUNDS):
        learned = BlankStatistics(fixed.at_once, fixed.wide, fixed.single)
        for word in broken:
            starts = [fragment.end for fragment in word.fragments[:-1]]
            priors = [gaps[start].line.evidence_of_one_blank for start in starts]
            if index:
                letters = word.next_letters
                priors = [
                    prior + statistics.prior(letter) for prior, letter in zip(priors, letters, strict=True)
                ]
            for start, letter, evidence in zip(
                starts, word.next_letters, word.stray_evidence(priors), strict=True
            ):
                stray[start] = evidence
                learned.count(letter, 1 / (1 + math.exp(-evidence)), gaps[start].line)
        statistics = learned
    return statistics, stray


def _judge_single_blank(gap: Gap, evidence: float, statistics: BlankStatistics) -> BlankVerdict:
    is_stray = evidence > 0
    speaks = statistics.describe(gap.character, is_stray)
    return BlankVerdict(is_stray, abs(evidence) >= _SURE, speaks)


def _judge_gap(gap: Gap, reader: GapReader) -> BlankVerdict:
    """Judge blanks that are before a mark or the end of the line, or more than one."""
    if gap.next is Next.LINE_END:
        return BlankVerdict(True, True, "the blank at the line's end is stray")
    if gap.next is Next.MARK and reader.has_seldom_blank_before(gap.character):
        return BlankVerdict(True, True, f"other words have no blank before {gap.character}")
    if gap.width > 1 and gap.line.has_single_gaps:
        return BlankVerdict(True, True, "the gap is wider than the line's other gaps")
    return BlankVerdict(False, True, "the gap is as wide as the line's other gaps")
