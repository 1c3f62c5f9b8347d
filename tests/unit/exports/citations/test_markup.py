"""The markup in titles of reference managers: nothing but letters and their forms is kept."""

from __future__ import annotations

from archtool.exports.citations.markup import markup_to_tex, without_markup


def test_a_line_break_in_a_title_is_a_blank() -> None:
    assert without_markup("Letters<br>and <i>replies</i>") == "Letters and replies"
    assert markup_to_tex("Letters<br/>and replies", str) == "Letters and replies"


def test_an_end_without_a_beginning_is_text() -> None:
    assert without_markup("Letters</i> and replies") == "Letters</i> and replies"
