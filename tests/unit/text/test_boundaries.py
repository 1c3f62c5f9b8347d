"""Places at which an annexe can begin."""

from __future__ import annotations

import pytest

from archtool.text.boundaries import Boundary, BoundaryFinder


def found(text: str, encoding: str = "utf-8") -> list[Boundary]:
    finder = BoundaryFinder(encoding)
    finder.update(memoryview(text.encode(encoding)))
    finder.finish()
    return finder.boundaries


@pytest.mark.parametrize("sign", ["***", "* * *", "---", "___", "⁂", "- - -"])
def test_an_annexe_can_begin_after_a_row_of_signs(sign: str) -> None:
    assert found(f"text\n\n{sign}\n\nannexe\n") == [Boundary(5, 1, f"after the line {sign}", False)]


@pytest.mark.parametrize(
    "heading", ["Annexe :", "Annex", "APPENDIX A", "Приложение 1", "Anlage 2", "Beilage"]
)
def test_an_annexe_can_begin_at_a_heading(heading: str) -> None:
    assert found(f"text\n\n{heading}\nwords\n") == [Boundary(3, 1, "a heading", True)]


def test_a_heading_after_a_row_of_signs_is_one_place() -> None:
    assert found("text\n***\n\nAnnexe :\nwords\n") == [Boundary(4, 1, "after the line ***, a heading", True)]


@pytest.mark.parametrize("text", ["text\n\fannexe\n", "text\n\f\nannexe\n"])
def test_an_annexe_can_begin_after_a_page_break(text: str) -> None:
    (boundary,) = found(text)
    assert boundary.reason == "after a page break"


def test_an_annexe_can_begin_after_many_empty_lines_but_not_after_a_few() -> None:
    assert found("text\n\n\nmore\n\n\n\n\nannexe\n") == [Boundary(9, 4, "after 4 empty lines", False)]


def test_nothing_begins_before_the_first_words_or_after_the_last() -> None:
    assert found("***\n\n\n\n\ntext\n***\n") == []


def test_headings_in_utf_16_are_found() -> None:
    assert found("текст\n\nПриложение 1\n", "utf-16") == [Boundary(3, 1, "a heading", True)]
