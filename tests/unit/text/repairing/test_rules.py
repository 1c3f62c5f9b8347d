"""What each rule set repairs, and what it leaves alone."""

from __future__ import annotations

import pytest

from archtool.text.repairing.changes import Proposal, RepairContext, apply_changes
from archtool.text.repairing.rule_sets import RULE_SETS, in_order


def propose(
    name: str, text: str, language: str | None = None, words: frozenset[str] | None = None
) -> Proposal:
    return RULE_SETS[name].propose(text, RepairContext(language, words))


def repaired(name: str, text: str, language: str | None = None, words: frozenset[str] | None = None) -> str:
    changes = propose(name, text, language, words).changes
    assert [change for change in changes if not RULE_SETS[name].may_make(change.before, change.after)] == []
    return apply_changes(text, changes)


def test_rule_sets_are_applied_in_one_order() -> None:
    assert [rule.name for rule in in_order(["spacing/1", "mojibake/1", "spacing/1"])] == [
        "mojibake/1",
        "spacing/1",
    ]
    assert all(rule.summary and name == rule.name for name, rule in RULE_SETS.items())


@pytest.mark.parametrize(
    ("damaged", "right"),
    [
        ("lâ€™Ã©tÃ© Ã  la forÃªt", "l’été Ã  la forêt"),  # a blank is no no-break space: à cannot be restored
        ("lâ\x80\x99Ã©tÃ© forÃªt", "l’été forêt"),
        ("lÃ¢â‚¬â„¢ÃƒÂ©tÃƒÂ©", "l’été"),
        ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "привет"),
        ("РїСЂРёРІРµС‚", "привет"),
        ("Г©cole Г Г§a Г©tГ©", "école Г\u00a0ça été".replace("Г\u00a0", "Г ")),
        ("zaĹĽĂłĹ‚Ä‡ gÄ™Ĺ›lÄ…", "zażółć gęślą"),
        ("l\x92\x9cuvre", "l’œuvre"),
    ],
)  # fmt: skip
def test_mojibake_is_decoded_again(damaged: str, right: str) -> None:
    assert repaired("mojibake/1", damaged) == right


@pytest.mark.parametrize(
    "text",
    [
        "plain", "L’été à la forêt : « œuvre » – É", "«СССР» Её её Ёлка №5", "Її Ві Зі Дії", "AMANHÃ» NÃO",
        "Řeka ČŽ Ě", "„Ä“ und „Ö“", "a\x85b", "Σ»Ω «Τ»", "ESPAÑ… SEÑ”",
    ],
)  # fmt: skip
def test_text_that_only_looks_like_mojibake_stays(text: str) -> None:
    assert propose("mojibake/1", text).changes == ()


def test_what_was_damaged_too_often_stays() -> None:
    word = "été"
    for _ in range(4):
        word = "".join(
            bytes([code]).decode("cp1252", "replace").replace("\ufffd", chr(code)) for code in word.encode()
        )
    assert propose("mojibake/1", word) == Proposal()


def test_one_letter_of_another_script_shows_nothing_alone() -> None:
    assert propose("mojibake/1", "Рё Рё Рё") == Proposal()
    assert repaired("mojibake/1", "РїСЂРёРІРµС‚ Рё") == "привет и"


def test_one_place_that_can_be_mojibake_is_a_question() -> None:
    (place,) = propose("mojibake/1", "le cafÃ© noir").open_places
    assert (place.before, place.readings[0].after, place.readings[1].after) == ("cafÃ©", "café", "cafÃ©")


@pytest.mark.parametrize(
    ("damaged", "right"),
    [
        ("\ufeffL’e\u0301te\u0301", "L’été"),
        ("ﬁn eﬀet aﬃche ﬂeur", "fin effet affiche fleur"),
        ("rév\u00ado\u200blution\u2060", "révolution"),
        ("abc\u202e. \u200eабв", "abc. абв"),
        ("fin.\x07\x00\n", "fin.\n"),
        ("\ufb01\u0323\u0301 \ufeff\u0301", "\ufb01\u0323\u0301 \ufeff\u0301"),  # a mark would move
        ("\u1100\u1161", "가"),
        ("Å", "Å"),
    ],
)  # fmt: skip
def test_characters_that_nobody_sees_are_removed(damaged: str, right: str) -> None:
    assert repaired("characters/1", damaged) == right


@pytest.mark.parametrize(
    "text",
    [
        "œuvre æther Straße ĳs", "می\u200cخواهم", "क्\u200dष", "👨\u200d👩", "กา\u200bกา", "שלום \u200f.",
        "révo\u00ad\nlution",
        "a\tb\f\x0b\x85",
    ],
)  # fmt: skip
def test_characters_that_a_script_needs_stay(text: str) -> None:
    assert propose("characters/1", text) == Proposal()


def test_a_control_character_between_two_letters_is_a_question() -> None:
    (place,) = propose("characters/1", "avant\x1egarde").open_places
    assert [reading.after for reading in place.readings] == [" ", "", "-"]


@pytest.mark.parametrize(
    ("damaged", "right"),
    [
        ("a\r\nb\nc\n", "a\nb\nc\n"),
        ("a\r\nb\r\nc\n", "a\r\nb\r\nc\r\n"),
        ("a\rb\x0bc\x85d\u2028e\u2029", "a\nb\nc\nd\ne\n"),
        ("a\r\nb\r\n", "a\r\nb\r\n"),
    ],
)
def test_line_ends_become_uniform(damaged: str, right: str) -> None:
    assert repaired("line-ends/1", damaged) == right


def test_latin_letters_in_cyrillic_words_are_replaced() -> None:
    assert repaired("scripts/1", "Нa все, на всё") == "На все, на всё"
    assert repaired("scripts/1", "Cталин, pабочий и IBM") == "Сталин, рабочий и IBM"
    assert propose("scripts/1", "Marx и Ленин, Wорд").changes == ()
    assert propose("scripts/1", "миp i мiр", "ru").changes[0].before == "p"
    assert len(propose("scripts/1", "миp i мiр", "ru").changes) == 1
    (place,) = propose("scripts/1", "завод АBC").open_places
    assert place.readings[0].after == "АВС"


@pytest.mark.parametrize(
    ("damaged", "right"),
    [
        ("la révo-\nlution russe\nLa révolution", "la révolution\nrusse\nLa révolution"),
        ("la révo\u00ad\nlution", "la révolution\n"),
        ("l’avant-\n garde du\nL’avant-garde", "l’avant-garde\n du\nL’avant-garde"),
        ("d’Alsace-\nLorraine", "d’Alsace-Lorraine\n"),
        ("la révo-\r\nlution,\r\nelle. Révolution", "la révolution,\r\nelle. Révolution"),
        ("les sans-\n\nculottes »\ndes sans-culottes", "les sans-culottes »\n\n\ndes sans-culottes"),
        ("contre-révo-\nlution et contre-révolution", "contre-révolution\net contre-révolution"),
        ("révo¬\nlution, révolution", "révolution,\nrévolution"),
    ],
)  # fmt: skip
def test_words_broken_over_a_line_are_put_together(damaged: str, right: str) -> None:
    assert repaired("hyphens/1", damaged) == right


def test_french_pronouns_keep_their_hyphens() -> None:
    assert repaired("hyphens/1", "répondit-\nil. A-\nt-il dit ?", "fr") == "répondit-il.\nA-t-il\ndit ?"
    assert propose("hyphens/1", "répondit-\nil. A-\nt-il dit ?").changes == ()


def test_a_word_list_is_evidence() -> None:
    words = frozenset({"chasse-neige", "révolution"})
    assert repaired("hyphens/1", "un chasse-\nneige, la révo-\nlution", None, words) == (
        "un chasse-neige,\nla révolution\n"
    )


def test_a_word_list_with_the_whole_compound_only_is_evidence() -> None:
    words = frozenset({"contre-révolution"})
    assert repaired("hyphens/1", "la contre-révo-\nlution vint", None, words) == "la contre-révolution\nvint"


def test_conjunctions_after_a_hyphen_are_no_second_halves() -> None:
    assert propose("hyphens/1", "Vor-\nund Nachteile", "de") == Proposal()


def test_names_in_german_are_a_question() -> None:
    assert propose("hyphens/1", "am Ast-\nSophie kam", "de").changes == ()
    assert len(propose("hyphens/1", "am Ast-\nSophie kam", "de").open_places) == 1


def test_a_broken_word_without_evidence_is_a_question() -> None:
    for text in ("un porte-\nfeuille", "contre-\nsens, contresens, contre-sens"):
        (place,) = propose("hyphens/1", text).open_places
        assert len(place.readings) == 2


@pytest.mark.parametrize(
    "text", ["un - \nmot", "1914-\n1918", "fin-\n\nAutre", "pas-\n\nconnu", "a-\nb-\nc", "–\nmot"]
)
def test_what_is_no_broken_word_stays(text: str) -> None:
    assert propose("hyphens/1", text, "fr").changes == ()


PARAGRAPH = "a maison est grande,\nsi grande.\n\nLa fin."


@pytest.mark.parametrize(
    ("damaged", "right"),
    [
        ("e Centre est\nlà :L\n\nLe vent.\n", "Le Centre est\nlà :\n\nLe vent.\n"),
        ("e Centre est\nlà.\nL\n\nLe vent.\n", "Le Centre est\nlà.\n\nLe vent.\n"),
        ("TITRE\n\nL\ne Centre est\nlà.\n\nLe vent.\n", "TITRE\n\nLe Centre est\nlà.\n\nLe vent.\n"),
        ("TITRE\n\nL\n\ne Centre est\nlà.\n\nLe vent.\n", "TITRE\n\nLe Centre est\nlà.\n\nLe vent.\n"),
        ("L\n\ne Centre est\nlà.\n\nLe vent.\n", "Le Centre est\nlà.\n\nLe vent.\n"),
        ("TITRE\r\n\r\nL\r\ne Centre.\r\n\r\nLe vent.\r\n", "TITRE\r\n\r\nLe Centre.\r\n\r\nLe vent.\r\n"),
        ("’ordre règne. L\n", "L’ordre règne.\n"),
        ("e Centre est là :L\r\n\r\nLe vent.", "Le Centre est là :\r\n\r\nLe vent."),
    ],
)
def test_a_displaced_initial_returns_to_its_paragraph(damaged: str, right: str) -> None:
    assert repaired("drop-capitals/1", damaged) == right


@pytest.mark.parametrize(
    "text",
    [
        "Le plan\n\nest le plan B\n", "une phrase qui\n\nva plus loin A\n", "A\n\nLe vent.\n\nB\n\nLa mer.\n",
        "e Centre est là.\n", "1. un\n", "x\n\ne Centre\n",
    ],
)  # fmt: skip
def test_capitals_that_are_no_initials_stay(text: str) -> None:
    assert propose("drop-capitals/1", text) == Proposal()


def test_many_letters_alone_are_a_list() -> None:
    assert propose("drop-capitals/1", "e Centre est là :L\n\nFin.\n\n" * 6) == Proposal()


def test_one_capital_is_not_moved_twice() -> None:
    text = "L\n\ne Centre est là :L\n\nLe vent.\n"
    assert repaired("drop-capitals/1", text) == "Le Centre est là :L\n\nLe vent.\n"


def test_an_initial_without_a_known_word_is_a_question() -> None:
    (place,) = propose("drop-capitals/1", "e Centre est là :L\n").open_places
    assert place.readings[0].after == "Le Centre est là :"
    (place,) = propose("drop-capitals/1", "’ordre règne ici.X\n").open_places
    assert place.readings[0].after == "X’ordre règne ici."


def test_doubled_blanks_and_blanks_at_line_ends_are_closed() -> None:
    assert repaired("spacing/1", "  un  mot,   puis  un\n autre  \t\n") == "  un mot, puis un\n autre\n"
    assert repaired("spacing/1", "5.  un  mot") == "5. un mot"
    assert repaired("spacing/1", "Annexes     :  \r\n") == "Annexes :\r\n"
    assert repaired("spacing/1", "« mot »\u00a0 ;  \n") == "« mot »\u00a0 ;\n"


def test_blanks_that_a_typist_doubled_after_sentences_stay() -> None:
    assert propose("spacing/1", "Une phrase.  Une autre.  Fin.\n" * 9) == Proposal()
    justified = "Une  phrase.  Une autre.  Une  fin.\n"
    assert repaired("spacing/1", justified) == "Une phrase. Une autre. Une fin.\n"


@pytest.mark.parametrize(
    "text",
    [
        "Le président          Le secrétaire", "nom  âge\nAnna  12\nPaul  9",
        "blé   12   3\nriz   14   4 et  un\n",
        "un\tdeux  trois", "V  K o n s t a n c i  dne",
        "(1)  un mot", "9.  deux mots\n\n–  trois", "1  12 ms  9 ms\n10  120 ms  9 ms\n11  8 ms  11 ms",
        "La mer  qui monte\nle vent  qui tombe\nla nuit  qui vient", "a  b\nd  e",
    ],
)  # fmt: skip
def test_blanks_of_tables_and_verse_stay(text: str) -> None:
    assert propose("spacing/1", text) == Proposal()


@pytest.mark.parametrize("name", RULE_SETS)
@pytest.mark.parametrize(("before", "after"), [("chat", "chien"), ("", "mot"), ("un mot", "un")])
def test_no_rule_set_can_change_words(name: str, before: str, after: str) -> None:
    assert not RULE_SETS[name].may_make(before, after)
