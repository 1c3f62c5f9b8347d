"""The text in TEI: divisions for ranges of lines, however they lie."""

from __future__ import annotations

import re

from archtool.description.model import Annexe, AnnexeStatus, Description, Source, TranscriptionFile, Within
from archtool.exports.catalogue.elements import format_element
from archtool.exports.catalogue.record import Record, Text
from archtool.exports.catalogue.tei.text import text_of

LINES = tuple(f"line {number}" for number in range(1, 11))


def text_with(*ranges: tuple[int, int | None], lines: tuple[str, ...] = LINES) -> str:
    """Return a text in TEI with annexes that are these ranges of lines."""
    annexes = tuple(
        Annexe(str(first), AnnexeStatus.REPRODUCED, within=Within("a.txt", first, last))
        for first, last in ranges
    )
    described = Description("T", Source("s"), (TranscriptionFile("a.txt"),), annexes=annexes)
    return format_element(text_of(Record("p", described, texts={"a.txt": Text(lines)})))


def shape(xml: str) -> str:
    """Return the kinds of divisions and the numbers of lines, in order: `document 1 2 annexe 3 /`."""
    found = re.findall(r'<div type="([^"]+)"|<lb n="(\d+)"|</(div)>', xml)
    return " ".join(kind or number or "/" for kind, number, _ in found)


def test_a_text_without_annexes_has_no_divisions() -> None:
    assert shape(text_with(lines=LINES[:3])) == "1 2 3"


def test_an_annexe_at_the_end_divides_the_text_in_two() -> None:
    assert shape(text_with((4, None), lines=LINES[:5])) == "document 1 2 3 / annexe 4 5 /"


def test_an_annexe_in_the_middle_leaves_two_parts_of_the_document_that_belong_together() -> None:
    xml = text_with((2, 3), lines=LINES[:4])
    assert shape(xml) == "document 1 / annexe 2 3 / document 4 /"
    assert re.findall('part="(.)"', xml) == ["I", "F"]


def test_an_enclosure_inside_an_annexe_is_a_division_in_it() -> None:
    assert shape(text_with((2, 4), (3, 3), lines=LINES[:4])) == (
        "document 1 / annexe annexe-text 2 / annexe 3 / annexe-text 4 / /"
    )


def test_of_two_ranges_that_cross_the_later_one_is_marked_where_it_begins() -> None:
    xml = text_with((2, 4), (4, 6), lines=LINES[:6])
    assert shape(xml) == "document 1 / annexe 2 3 4 / document 5 6 /"
    assert '<milestone unit="annexe" corresp="#annexe-2"/><lb n="4"/>' in xml


def test_an_annexe_that_is_the_whole_file_leaves_no_empty_division() -> None:
    assert shape(text_with((1, None), lines=LINES[:2])) == "annexe 1 2 /"


def test_a_range_behind_the_end_of_the_file_is_no_division() -> None:
    assert shape(text_with((20, 30), lines=LINES[:1])) == "1"


def test_a_range_of_empty_lines_is_an_empty_division() -> None:
    assert "<ab/>" in text_with((2, 2), lines=("a", "", "b"))


def test_an_empty_file_is_an_empty_text() -> None:
    assert "<ab/>" in text_with(lines=())


def test_thousands_of_nested_ranges_end_in_marks_and_not_in_a_crash() -> None:
    lines = tuple(f"line {number}" for number in range(1, 4001))
    xml = text_with(*((n, 4001 - n) for n in range(1, 2001)), lines=lines)
    assert (xml.count("<milestone"), xml.count("<lb ")) == (2000 - 64, 4000)
