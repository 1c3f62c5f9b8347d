"""Quoted ranges of lines: what a person compares with the document."""

from __future__ import annotations

from archtool.report.annexe_lines import AnnexeLines
from archtool.report.text.show.annexe_lines import format_annexe_lines, quotations

EMPTY = AnnexeLines("annexe-1", "List", "letter.txt", 3, 5, "", "", 3, 3)


def test_a_range_without_words_says_so_and_quotes_nothing() -> None:
    assert list(format_annexe_lines(EMPTY, 80)) == ["annexe annexe-1: lines 3–5 of letter.txt (no words)"]
    assert quotations(EMPTY, 80) == []
