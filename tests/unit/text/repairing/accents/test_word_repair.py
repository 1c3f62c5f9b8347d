"""What a person sees of a word that may be damaged."""

from __future__ import annotations

from collections import Counter

from archtool.text.repairing.accents.accented_words import Carriers, find_accented_words
from archtool.text.repairing.accents.blank_verdicts import BlankVerdict
from archtool.text.repairing.accents.carriers import alphabet_of
from archtool.text.repairing.accents.known_words import KnownWords
from archtool.text.repairing.accents.letter_pairs import letter_pairs_of
from archtool.text.repairing.accents.word_repair import WordRepair
from archtool.text.repairing.changes import OpenPlace

ACUTE, CIRCUMFLEX = "\u0301", "\u0302"
CARRIERS = Carriers(alphabet_of("fr"), {(ACUTE, False): "é", (CIRCUMFLEX, False): "ê"})


def repair(
    text: str, probability: float, verdict: BlankVerdict | None = None, listed: frozenset[str] | None = None
) -> WordRepair:
    (word,) = find_accented_words(text, CARRIERS)
    return WordRepair(
        word, probability, verdict, KnownWords("fr", listed, Counter(), 0, letter_pairs_of("fr"))
    )


def readings(place: OpenPlace) -> list[tuple[str, str]]:
    return [(reading.after, reading.evidence) for reading in place.readings]


def test_an_open_word_has_both_readings_from_its_first_pair_to_its_last() -> None:
    place = repair("une reéeélection", 0.9).open_place()
    assert (place.start, place.before) == (5, "eéeé")
    assert readings(place) == [
        ("éé", "“réélection”: 90% likely damaged"),
        ("eéeé", "“reéeélection”: as it stands"),
    ]


def test_the_likelier_reading_comes_first() -> None:
    listed = frozenset(["poêle", "pôle"])
    assert readings(repair("poêle", 0.4, listed=listed).open_place()) == [
        ("oê", "“poêle”: in the word list; as it stands"),
        ("ô", "“pôle”: in the word list; 40% likely damaged"),
    ]
    assert readings(repair("poêlle", 0.9999, listed=listed).open_place())[0] == (
        "ô",
        "“pôlle”: not in the word list; 99% likely damaged",
    )


def test_a_stray_blank_goes_with_the_letter() -> None:
    verdict = BlankVerdict(is_stray=True, is_sure=True, evidence="")
    assert [after for after, _ in readings(repair("le roê le", 0.8, verdict).open_place())] == ["ô", "oê "]


def test_letter_and_blank_can_both_be_open() -> None:
    verdict = BlankVerdict(is_stray=False, is_sure=False, evidence="", if_stray="“rôle”", if_real="“rô le”")
    assert readings(repair("le roê le", 0.8, verdict).open_place()) == [
        ("ô ", "“rô”: 80% likely damaged; “rô le”"),
        ("ô", "“rô”: 80% likely damaged; “rôle”"),
        ("oê ", "“roê”: as it stands"),
    ]


def test_a_pair_that_words_have_is_damaged_by_its_neighbours() -> None:
    evidence = [
        place.evidence for place in repair("la poêlle", 1.0).places() if not isinstance(place, OpenPlace)
    ]
    assert evidence == ["circumflex written as ê, as in the words around it"]
