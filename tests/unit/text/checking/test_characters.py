"""Characters that a transcription seldom has on purpose."""

from __future__ import annotations

import unicodedata

import pytest

from text_scans import fault, kinds, places, scan


@pytest.mark.parametrize(
    ("sign", "kind"),
    [
        ("\x02", "control-characters"),
        ("\x7f", "control-characters"),
        ("\x92", "control-characters"),
        ("\u2028", "control-characters"),
        ("\ue000", "private-use"),
        ("\U000f0001", "private-use"),
        ("\U00100001", "private-use"),
        ("\ufffd", "replacement-characters"),
        ("\u200b", "zero-width"),
        ("\u200d", "zero-width"),
        ("\u2060", "zero-width"),
        ("\u034f", "zero-width"),
        ("\u180e", "zero-width"),
        ("\u202e", "bidi-controls"),
        ("\u200f", "bidi-controls"),
        ("\u061c", "bidi-controls"),
        ("\u2066", "bidi-controls"),
        ("\ufeff", "byte-order-mark"),
        ("\ufb01", "ligatures"),
        ("\u00ad", "soft-hyphens"),
    ],
)
def test_a_character_is_reported_with_its_kind_and_place(sign: str, kind: str) -> None:
    report = scan(f"Chers camarades,\nnous avons re{sign}u.\n")
    assert kinds(report) == {kind: 1}
    assert places(report, kind) == [(2, 14, sign)]
    assert fault(report, kind).places[0].before == "nous avons re"
    assert fault(report, kind).places[0].after == "u."


def test_tabs_line_ends_and_form_feeds_are_no_control_characters() -> None:
    assert kinds(scan("\tun\n\ttexte de deux pages\n\fla seconde\n")) == {}


def test_letters_of_old_alphabets_are_no_ligatures() -> None:
    assert kinds(scan("Œuvre, æther, straße, IJsland, ĳs, ſ\n")) == {}


def test_joiners_stay_where_a_script_needs_them() -> None:
    assert kinds(scan("می\u200cخواهم\nक्\u200dष\n👩\u200d👧\n")) == {}


def test_a_direction_mark_stays_in_a_line_that_is_written_from_right_to_left() -> None:
    assert kinds(scan("שלום\u200f (1932)\n")) == {}
    assert kinds(scan("שלום\nabc\u200f\n")) == {"bidi-controls": 1}


def test_a_mark_at_the_start_is_told_from_one_in_the_middle() -> None:
    report = scan("\ufeffUn texte.\nAprès \ufeffune jonction.\n")
    assert fault(report, "byte-order-mark").variants == (("U+FEFF", 1), ("at the start", 1))
    assert places(report, "byte-order-mark") == [(1, 1, "\ufeff"), (2, 7, "\ufeff")]


def test_the_columns_of_the_first_line_do_not_count_the_mark() -> None:
    assert places(scan("\ufeffabc\u00addef\n"), "soft-hyphens") == [(1, 4, "\u00ad")]


def test_letters_with_separate_accents_are_not_in_nfc() -> None:
    text = "Prolétaires de tous les pays, réélus à l’été\n"
    report = scan(f"un\n{unicodedata.normalize('NFD', text)}")
    assert kinds(report) == {"not-nfc": 6}
    assert places(report, "not-nfc")[0] == (2, 5, "e\u0301")
    assert kinds(scan(text)) == {}


@pytest.mark.parametrize("sign", ["\u212b", "\u2126", "\u0387", "\u0340"])
def test_a_character_with_another_form_is_not_in_nfc(sign: str) -> None:
    assert "not-nfc" in kinds(scan(f"Un signe : {sign} ici.\n"))


def test_scripts_with_marks_that_have_no_composed_form_are_in_nfc() -> None:
    assert kinds(scan("שָׁלוֹם עֲלֵיכֶם\nс̀лово\n")) == {}


def test_a_latin_letter_in_a_russian_word_is_found() -> None:
    report = scan("Дорогие тов\u0061рищи, мы получили письмо.\n")
    assert kinds(report) == {"mixed-scripts": 1}
    assert places(report, "mixed-scripts") == [(1, 9, "товaрищи")]
    assert fault(report, "mixed-scripts").variants == (("Latin letters in Cyrillic words", 1),)


def test_a_russian_letter_in_a_latin_word_is_found() -> None:
    report = scan("Le bolch\u0435vik est là.\n")
    assert fault(report, "mixed-scripts").variants == (("Cyrillic letters in Latin words", 1),)


def test_a_greek_letter_in_a_latin_word_is_found() -> None:
    report = scan("un m\u03bft et λόγος\nп\u03bfле\n")
    assert {name for name, _ in fault(report, "mixed-scripts").variants} == {
        "Greek letters in Latin words",
        "Greek letters in Cyrillic words",
    }


def test_words_of_two_scripts_beside_each_other_are_right() -> None:
    assert kinds(scan("IBM-совместимый, «Правда», Pravda, μm, 5 µm, ОГПУ (OGPU)\n")) == {}


def test_words_are_found_where_two_scripts_are_equally_frequent() -> None:
    line = "слово word слово word λόγος\n"
    assert kinds(scan(line * 200 + "сл\u006fво\n" + line * 200)) == {"mixed-scripts": 1}


@pytest.mark.parametrize(
    ("text", "others", "usual"),
    [
        ("a\nb\r\nc\n", {"CR LF": 1}, "LF"),
        ("a\r\nb\r\nc\n", {"LF": 1}, "CR LF"),
        ("a\nb\rc\nd\n", {"CR": 1}, "LF"),
    ],
)
def test_line_ends_that_differ_from_most_are_counted(text: str, others: dict[str, int], usual: str) -> None:
    found = fault(scan(text), "line-ends")
    assert dict(found.variants) == others
    assert found.detail.startswith(f"most lines end in {usual}: ")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_one_kind_of_line_ends_is_no_fault(end: str) -> None:
    assert kinds(scan(f"a{end}b{end}c{end}")) == {}


def test_an_empty_text_has_no_faults() -> None:
    report = scan("")
    assert (report.faults, report.lines, report.characters, report.encoding) == ((), 0, 0, "utf-8")


def test_letters_of_two_scripts_in_words_beside_each_other_are_right() -> None:
    text = "мир " * 100 + "мир.World мир́ World́ц x́y"
    assert kinds(scan(text)).keys() <= {"mixed-scripts"}
    assert "mixed-scripts" not in kinds(scan("мир_World 5мир World\n"))
