"""The document of 1932: what was counted by hand is found, and nothing else is changed.

The document is read in place; only single words of it are named here, none of its sentences.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from archtool.text.repairing.accents.rule import AccentsRule
from archtool.text.repairing.changes import Change, RepairContext, apply_changes, invert_changes
from archtool.text.repairing.word_lists.load import WordList, load_word_list
from archtool.text.words import WORD
from debian_texts import LISTS, needs
from real_document import DOCUMENT

HUNSPELL = Path("/usr/share/hunspell/fr.dic")
needs_document = needs(DOCUMENT)
needs_french_list = needs(LISTS["fr"])
RULE = AccentsRule()
PAIR = re.compile("[eE][éÉàê]|[aA][àÀê]|oê|uà|îê")
"""What FACTS.md lists."""
COUNTED = {"eé": 318, "aà": 49, "eê": 21, "eà": 16, "oê": 4, "EÉ": 4, "aê": 2, "AÀ": 1, "uà": 1, "îê": 2}
"""FACTS.md counts `îê` as one or two."""
NAMES = frozenset(["Léon", "Lénine", "Léningrad", "Oguépéou"])
RIGHT = frozenset(["antisoviétique", "défensiste", "inévitabilité"])
"""Words that wfrench lacks; the first and the last are in hunspell-fr."""


@pytest.fixture(scope="module")
def document() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def french() -> WordList:
    return load_word_list(LISTS["fr"])


def changed(text: str, words: WordList | None) -> tuple[Change, ...]:
    return RULE.propose(text, RepairContext("fr", words)).changes


def restored_words(text: str, changes: tuple[Change, ...]) -> list[str]:
    """Return the words of the repaired text that have a restored letter."""
    repaired = apply_changes(text, changes)
    offsets = {change.start for change in invert_changes(changes)}
    return [
        match.group() for match in WORD.finditer(repaired) if not offsets.isdisjoint(range(*match.span()))
    ]


@needs_document
@needs_french_list
def test_every_damaged_letter_is_found_as_counted(document: str, french: WordList) -> None:
    proposal = RULE.propose(document, RepairContext("fr", french))
    assert proposal.open_places == ()
    assert Counter(change.before[:2] for change in proposal.changes) == COUNTED
    assert PAIR.search(apply_changes(document, proposal.changes)) is None


@needs_document
def test_at_most_a_few_places_are_left_to_a_person_without_a_word_list(document: str) -> None:
    proposal = RULE.propose(document, RepairContext("fr", None))
    assert len(proposal.open_places) <= 2
    evidence = [place.readings[0].evidence.partition(": ") for place in proposal.open_places]
    assert [words for words, _, _ in evidence] == ["“réforme”", "“extérieure”"]
    assert evidence[0][2].endswith("this extraction writes a blank before 7 of 7 letters f")
    assert evidence[1][2] == "with the blank, 2 words are not known"
    assert Counter(change.before[:2] for change in proposal.changes) == COUNTED


@needs_document
@needs_french_list
def test_nothing_is_changed_outside_damaged_letters(document: str, french: WordList) -> None:
    changes = changed(document, french)
    assert all(RULE.may_make(change.before, change.after) for change in changes)
    assert all(re.fullmatch(f"(?:{PAIR.pattern}) ?", change.before) for change in changes)
    assert all(document.startswith(change.before, change.start) for change in changes)
    repaired = apply_changes(document, changes)
    assert apply_changes(repaired, invert_changes(changes)) == document
    assert changed(repaired, french) == ()


@needs_document
@needs_french_list
def test_restored_words_are_in_the_word_list_or_names_or_known_to_be_right(
    document: str, french: WordList
) -> None:
    words = restored_words(document, changed(document, french))
    assert len(words) == 369
    assert {word for word in words if word not in french} == NAMES | RIGHT


@needs_document
@needs_french_list
@needs(HUNSPELL)
def test_all_but_one_restored_word_is_in_one_of_two_lists_or_a_name(document: str, french: WordList) -> None:
    hunspell = load_word_list(HUNSPELL)
    words = restored_words(document, changed(document, french))
    known = [word in french or word in hunspell or word in NAMES for word in words]
    assert sum(known) >= 0.995 * len(known)


@needs_document
@needs_french_list
def test_the_share_of_known_words_rises(document: str, french: WordList) -> None:
    before, after = (
        [word in french for word in WORD.findall(text)]
        for text in (document, apply_changes(document, changed(document, french)))
    )
    assert sum(before) / len(before) < 0.8
    assert sum(after) / len(after) > 0.96
