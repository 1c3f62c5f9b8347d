from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.text.comparing import compare, figures, places
from archtool.text.comparing.compare import compare_texts
from archtool.text.comparing.model import CompareRules, Kind, TextComparison
from budgets import examples

FEW_WORDS = st.lists(
    st.sampled_from(["le", "la", "Le", "lé,", "la—", "maison", "maisons", "mai", "son", "-"]), max_size=12
)


def relations(one: str, other: str, rules: CompareRules | None = None) -> list[tuple[str, str, str]]:
    """Return the kind of each difference, with its words in both texts."""
    found = compare_texts(one, other, rules)
    return [
        (piece.kind.value, *(" ".join(word.text for word in words) for words in sides_of(found, number)))
        for number, piece in enumerate(found.pieces)
        if piece.kind is not Kind.SAME
    ]


def sides_of(found: TextComparison, number: int) -> tuple[tuple[object, ...], ...]:
    piece = found.pieces[number]
    return found.one[slice(*piece.one)], found.other[slice(*piece.other)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("le chat dort", "le chat dort", []),
        ("le\r\nchat  dort\n", "le chat\tdort", []),
        ("le chat dort", "le char dort", [("spelling", "chat", "char")]),
        ("la guerre eéclata ici", "la guerre éclata ici", [("spelling", "eéclata", "éclata")]),
        ("le chat, dort", "le chat dort", [("punctuation", "chat,", "chat")]),
        ("l’an neuf", "l'an neuf", [("punctuation", "l’an", "l'an")]),
        ("Le chat dort", "le Chat dort", [("case", "Le", "le"), ("case", "chat", "Chat")]),
        ("Le Chat, dort", "le chat. dort", [("case", "Le", "le"), ("punctuation", "Chat,", "chat.")]),
        ("un autre fois", "unautre fois", [("spacing", "un autre", "unautre")]),
        ("un autre, fois", "unautre fois", [("spacing", "un autre,", "unautre")]),
        ("que : non", "que: non", [("spacing", "que :", "que:")]),
        ("que : non", "Que: non", [("spacing", "que :", "Que:")]),
        ("un «mot» ici", "un « mot » ici", [("spacing", "«mot»", "« mot »")]),
        ("que ; non", "que: non", [("punctuation", "que", "que:"), ("missing", ";", "")]),
        ("a trois motsici b", "a trois mots ici b", [("spacing", "motsici", "mots ici")]),
        (
            "uneguerreeclata hier",
            "une guerre éclata hier",
            [("spelling", "uneguerreeclata", "une guerre éclata")],
        ),
        ("un deux trois", "un trois", [("missing", "deux", "")]),
        ("un trois", "un deux trois", [("added", "", "deux")]),
        ("avant xyz après", "avant mot après", [("missing", "xyz", ""), ("added", "", "mot")]),
        ("", "un deux", [("added", "", "un deux")]),
        ("un deux", " \n", [("missing", "un deux", "")]),
        ("fin à la", "fin a la", [("spelling", "à", "a")]),
        ("en 1932 puis", "en 1982 puis", [("spelling", "1932", "1982")]),
    ],
)
def test_each_difference_has_its_kind(one: str, other: str, expected: list[tuple[str, str, str]]) -> None:
    assert relations(one, other) == expected
    figures_of = compare_texts(one, other).figures
    assert (figures_of.word_distance == 0) is (expected == [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("les bolche-\nviks", "les bolcheviks"),
        ("les bolche-\nviks", "les bol-\ncheviks"),
        ("les bolche-\nviks", "les bolche-\nviks"),
        ("les bolcheviks-\nléninistes", "les bolcheviks-léninistes"),
        ("les bolche\u00ad\nviks", "les bolcheviks"),
    ],
)
def test_a_word_that_is_divided_at_a_line_end_is_the_same_word(one: str, other: str) -> None:
    assert relations(one, other) == relations(other, one) == []


def test_a_hyphen_at_a_line_end_that_divides_no_word_stays() -> None:
    assert relations("mot-\nautre ici", "mot- autre ici") == []
    assert relations("prix 3-\n4 francs", "prix 3-4 francs") == [("spacing", "3- 4", "3-4")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("во\u0301ды реки", "вОды РЕКИ".lower()),
        ("كِتاب جديد", "كتاب جديد"),
        ("Россия моя", "Росcия моя"),
        ("ἄνθρωπος καλός", "ανθρωπος καλός"),
        ("नमस्ते जी", "नमसते जी"),
    ],
)
def test_marks_and_letters_of_other_scripts_are_spelling(one: str, other: str) -> None:
    ((kind, first, second),) = relations(one, other)
    assert (kind, first, second) == ("spelling", *(text.split(maxsplit=1)[0] for text in (one, other)))
    assert compare_texts(one, other).figures.character_distance == 1


def test_equivalent_forms_of_unicode_are_no_difference() -> None:
    text = "l'été à Nîmes, Việt Nam"
    assert relations(text, unicodedata.normalize("NFD", text)) == []
    assert relations(f"\ufeff{text}", text) == []


def test_the_letters_that_differ_are_named() -> None:
    (piece,) = (p for p in compare_texts("la tempeête ici", "la tempête ici").pieces if p.letters)
    assert [tuple(part) for part in piece.letters] == [("temp", "temp"), ("e", ""), ("ête", "ête")]


def test_capitals_and_punctuation_can_be_ignored() -> None:
    one, other = "Le chat, dort — hier: l’an", "le Chat dort hier l'an"
    assert len(relations(one, other)) == 5
    case, punctuation = CompareRules(ignores_case=True), CompareRules(ignores_punctuation=True)
    assert {kind for kind, _, _ in relations(one, other, case)} == {"punctuation", "missing"}
    assert relations(one, other, punctuation) == [("case", "Le", "le"), ("case", "chat,", "Chat")]
    assert relations(one, other, CompareRules(ignores_case=True, ignores_punctuation=True)) == []


def test_a_paragraph_in_another_place_is_moved_and_its_neighbours_are_not() -> None:
    moved = "il y avait une fois un roi puissant"
    before = "premier texte qui reste toujours en son lieu propre sans bouger"
    after = "dernier texte qui demeure aussi où il était depuis le début"
    found = compare_texts(f"{moved} encore {before} {after}", f"{before} {moved} {after} enfin")
    kinds = [(piece.kind.value, piece.moved_with) for piece in found.pieces]
    assert kinds == [
        ("moved", 3), ("missing", None), ("same", None), ("moved", 0), ("same", None), ("added", None),
    ]  # fmt: skip
    assert found.words_by_kind[Kind.MOVED] == 8


def test_the_same_words_are_moved_once() -> None:
    refrain = "vive la commune et vive la sociale mes amis"
    rest = " ".join(f"mot{number}" for number in range(40))
    found = compare_texts(f"{refrain} {rest}", f"{rest} {refrain} {refrain}")
    assert found.words_by_kind[Kind.MOVED] == 9
    assert found.words_by_kind[Kind.ADDED] == 9


def test_words_that_repeat_without_end_are_moved_too() -> None:
    rest = " ".join(f"mot{number}" for number in range(80))
    found = compare_texts(f"{'la ' * 40} {rest}", f"{rest} {'la ' * 40}")
    assert found.words_by_kind[Kind.MOVED] == 40


def test_figures_are_those_of_ocr_evaluation() -> None:
    found = compare_texts("un petit chat noir dort", "un petite chat dort bien").figures
    assert (found.words_one, found.word_distance) == (5, 3)
    assert (found.characters_one, found.character_distance) == (23, 8)
    assert found.word_error_rate == 3 / 5
    assert found.character_error_rate == 8 / 23
    assert found.similarity == 1 - 8 / 24
    nothing = compare_texts("", "").figures
    assert (nothing.similarity, nothing.word_error_rate, nothing.character_error_rate) == (1, None, None)


def test_long_texts_that_differ_much_get_an_upper_bound_of_characters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = "un deux trois quatre", "uns deux cinq quatre six"
    exact = compare_texts(one, other).figures
    monkeypatch.setattr(figures, "MAX_CHARACTER_STEPS", 0)
    bound = compare_texts(one, other).figures
    assert (exact.is_exact, bound.is_exact) == (True, False)
    assert exact.character_distance <= bound.character_distance <= len(other)


def test_long_stretches_that_differ_are_paired_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "MAX_CELLS", 4)
    assert relations("début aaaa bbbb cccc fin", "début aaab xyzw fin") == [
        ("spelling", "aaaa", "aaab"), ("missing", "bbbb cccc", ""), ("added", "", "xyzw"),
    ]  # fmt: skip
    assert relations("début aaaa fin", "début xyzw aaab aaac klmn opqr fin")[0][0] == "missing"


@settings(max_examples=examples(200))
@given(FEW_WORDS, FEW_WORDS, st.booleans(), st.booleans())
def test_every_word_of_both_texts_is_in_one_piece(
    one: list[str], other: list[str], case: bool, signs: bool
) -> None:
    rules = CompareRules(ignores_case=case, ignores_punctuation=signs)
    found = compare_texts(" ".join(one), " ".join(other), rules)
    rows = [n for piece in found.pieces for n in range(*piece.one)]
    columns = [n for piece in found.pieces for n in range(*piece.other)]
    assert rows == list(range(len(found.one)))
    assert columns == list(range(len(found.other)))
    assert found.has_difference is (found.figures.word_distance > 0)
    back = compare_texts(" ".join(other), " ".join(one), rules)
    assert back.figures.word_distance == found.figures.word_distance
    assert back.figures.character_distance == found.figures.character_distance
    for piece in found.pieces:
        if piece.letters:
            assert "".join(p.one for p in piece.letters) == " ".join(
                w.text for w in found.one[slice(*piece.one)]
            )
            assert "".join(p.other for p in piece.letters) == " ".join(
                w.text for w in found.other[slice(*piece.other)]
            )


@settings(max_examples=examples(100))
@given(FEW_WORDS, FEW_WORDS)
def test_distances_are_the_smallest(one: list[str], other: list[str]) -> None:
    found = compare_texts(" ".join(one), " ".join(other)).figures
    assert found.word_distance == _distance(one, other)
    assert found.character_distance == _distance(" ".join(one), " ".join(other))


def _distance(one: list[str] | str, other: list[str] | str) -> int:
    row = list(range(len(other) + 1))
    for number, item in enumerate(one, start=1):
        previous, row[0] = row[0], number
        for at, second in enumerate(other, start=1):
            previous, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, previous + (item != second))
    return row[-1]


def test_texts_without_blanks_are_compared_in_parts() -> None:
    one, other = "ab" * 300_000, "ab" * 200_000 + "x" + "ab" * 100_000
    found = compare_texts(one, other)
    assert "".join(word.text for word in found.one) == one
    assert max(len(word.text) for word in found.one) == 500
    assert found.words_by_kind[Kind.SAME] >= 800


def test_a_book_is_compared_in_seconds() -> None:
    words = [f"mot{number * number % 7919}" for number in range(60_000)]
    other = [f"{word}s" if number % 50 == 0 else word for number, word in enumerate(words) if number % 97]
    found = compare.compare_texts(" ".join(words), " ".join(other))
    assert found.words_by_kind[Kind.SPELLING] > 1000
    assert found.words_by_kind[Kind.MISSING] > 500
