"""Columns of a terminal: wide characters, combining marks, and cuts between words."""

from __future__ import annotations

import pytest

from archtool.report.text.columns import cut_end, cut_start, fit, pad, text_width, wrap_columns


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("letters", 7),
        ("À tous", 6),
        ("A\u0300 tous", 6),
        ("中央", 4),
        ("カナ", 4),
        ("رسالة", 5),
        ("", 0),
        ("שָׁלוֹם", 4),
        ("👩\u200d👩\u200d👧", 2),
        ("🇫🇷", 2),
    ],
)
def test_a_wide_character_takes_two_columns_and_a_combining_mark_none(text: str, columns: int) -> None:
    assert text_width(text) == columns
    assert text_width(pad(text, 10)) == 10


@pytest.mark.parametrize(
    ("text", "columns", "fitted"),
    [
        ("letters", 7, "letters"),
        ("letters", 6, "lette…"),
        ("a letter", 3, "a…"),
        ("中央委員會", 10, "中央委員會"),
        ("中央委員會", 9, "中央委員…"),
        ("中央委員會", 8, "中央委…"),
        ("A\u0300 tous", 4, "A\u0300 t…"),
        ("letters", 1, ""),
        ("letters", 0, ""),
    ],
)
def test_a_text_that_does_not_fit_ends_in_an_ellipsis(text: str, columns: int, fitted: str) -> None:
    assert fit(text, columns) == fitted
    assert text_width(fitted) <= columns


@pytest.mark.parametrize(
    ("text", "columns"),
    [("letter", 6), ("été", 3), ("e\u0301te\u0301", 3), ("手紙", 4), ("письмо", 6), ("", 0)],
)
def test_a_text_takes_the_columns_of_its_characters(text: str, columns: int) -> None:
    assert text_width(text) == columns


def test_a_text_that_fits_is_not_cut() -> None:
    assert cut_end("To the sections", 15) == cut_start("To the sections", 15) == "To the sections"


def test_a_long_text_is_cut_between_words() -> None:
    assert cut_end("Letter of the bureau to the sections", 20) == "Letter of the…"
    assert cut_start("Letter of the bureau to the sections", 20) == "…to the sections"


def test_a_long_word_is_cut_inside() -> None:
    assert cut_end("bolcheviks-léninistes", 10) == "bolchevik…"
    assert cut_start("bolcheviks-léninistes", 10) == "…éninistes"


def test_wide_text_is_cut_by_columns_and_not_by_characters() -> None:
    cut = cut_end("各支部宛の手紙", 9)
    assert cut == "各支部宛…"
    assert text_width(cut) == 9


def test_a_combining_mark_stays_with_its_letter() -> None:
    assert cut_start("aaaaaaaaae\u0301", 2) == "…e\u0301"


def test_padding_counts_columns() -> None:
    assert pad("手紙", 6) == "手紙  "
    assert pad("17", 4, right=True) == "  17"


def test_a_text_that_just_fits_is_not_cut() -> None:
    assert cut_end("a letter", 8) == "a letter"
    assert cut_end("a" + "\u0301" * 20 + "b", 2) == "a" + "\u0301" * 20 + "b"  # accents take no column


def test_what_a_reader_sees_as_one_character_is_never_cut() -> None:
    assert fit("🇫🇷🇫🇷🇫🇷", 5) == "🇫🇷🇫🇷…"
    assert cut_start("e\u0301te\u0301 شُكْرًا", 5) == "…شُكْرًا"


def test_chinese_prose_is_broken_between_characters_and_a_path_is_not() -> None:
    assert wrap_columns("中央委員會致各支部", 10, "- ", "  ") == ["- 中央委員", "  會致各支", "  部"]
    assert wrap_columns("data/中央委員會致各支部.txt", 10, "- ", "  ") == ["- data/中央委員會致各支部.txt"]
    assert all(text_width(line) <= 10 for line in wrap_columns("שלום לכל הסניפים של התנועה", 10, "", "  "))
