"""Texts in the columns of a terminal."""

from __future__ import annotations

import pytest

from archtool.report.text.columns import columns_of, fit, pad


@pytest.mark.parametrize(
    ("text", "columns"),
    [("letters", 7), ("À tous", 6), ("A\u0300 tous", 6), ("中央", 4), ("カナ", 4), ("رسالة", 5), ("", 0)],
)
def test_a_wide_character_takes_two_columns_and_a_combining_mark_none(text: str, columns: int) -> None:
    assert columns_of(text) == columns
    assert columns_of(pad(text, 10)) == 10


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
    assert columns_of(fitted) <= columns
