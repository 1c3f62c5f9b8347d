"""Clean prose of Debian packages: left alone as it is, and restored after damage, with the truth known."""

from __future__ import annotations

import itertools

import pytest

from archtool.text.repairing.accents.rule import AccentsRule
from archtool.text.repairing.changes import Proposal, RepairContext, apply_changes, invert_changes
from archtool.text.words import WORD
from debian_texts import prose
from text_damage import STYLES, DamagedText, Style, damage, score

RULE = AccentsRule()
_PARAGRAPHS = 300
_LEAST_RECALL = {"cs": 0.9, "de": 0.95, "es": 0.88, "fr": 0.97, "pl": 0.95, "pt": 0.8}


def some_prose(language: str) -> list[str]:
    paragraphs = list(prose(language)[:_PARAGRAPHS])
    if not paragraphs:
        pytest.skip(f"no prose in {language}: install the packages fortunes-* and debian-reference-*")
    return paragraphs


@pytest.mark.parametrize("language", ["cs", "de", "es", "fr", "it", "pl", "pt", "ru"])
@pytest.mark.parametrize("is_declared", [True, False])
def test_clean_prose_is_left_alone(language: str, is_declared: bool) -> None:
    text = "\n\n".join(some_prose(language))
    proposal = RULE.propose(text, RepairContext(language if is_declared else None))
    assert proposal.changes == ()
    assert len(proposal.open_places) <= 2


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_damaged_prose_is_restored(style: Style) -> None:
    damaged = damage(some_prose(style.language), style)
    proposal = RULE.propose(damaged.text, RepairContext(style.language))
    scores = score(damaged, proposal)
    letters = scores.pop("letters")
    assert letters.total > 300
    assert letters.wrong <= max(1, 0.001 * letters.total), wrong_words(damaged, letters.wrong_places)
    assert letters.share(letters.right) > _LEAST_RECALL[style.language]
    assert (
        sum(found.wrong for found in scores.values())
        <= 0.001 * sum(found.total for found in scores.values()) + 1
    )
    check_round_trip(damaged.text, proposal, style.language)


def wrong_words(damaged: DamagedText, places: list[int]) -> list[str]:
    words = {match.span(): match.group() for match in WORD.finditer(damaged.text)}
    return [word for (start, end), word in words.items() if any(start <= place < end for place in places)]


def check_round_trip(text: str, proposal: Proposal, language: str) -> None:
    repaired = apply_changes(text, proposal.changes)
    assert apply_changes(repaired, invert_changes(proposal.changes)) == text
    assert all(RULE.may_make(change.before, change.after) for change in proposal.changes)
    assert all(
        RULE.may_make(place.before, reading.after)
        for place in proposal.open_places
        for reading in place.readings
        if place.before not in (reading.after, " ")  # a person answers for a blank alone
    )
    assert RULE.propose(repaired, RepairContext(language)).changes == ()


def test_places_never_overlap_and_are_sorted() -> None:
    damaged = damage(some_prose("es"), STYLES[3])
    proposal = RULE.propose(damaged.text, RepairContext("es"))
    assert proposal.open_places
    places = sorted([*proposal.changes, *proposal.open_places], key=lambda place: place.start)
    assert all(left.end <= right.start for left, right in itertools.pairwise(places))
    for kind in (proposal.changes, proposal.open_places):
        assert [place.start for place in kind] == sorted(place.start for place in kind)
