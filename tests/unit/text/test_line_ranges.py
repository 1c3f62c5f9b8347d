"""Ranges of lines: their first and last words, empty lines at their edges, and cut paragraphs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.files.hashing.digests import Algorithm
from archtool.text.line_ranges import RangeReader, RangeText
from archtool.text.line_spans import SpanSink

TEXT = """\
To the sections.
The bureau has met.

It has decided.
***

Annexe:
First words here.

Last words
here.
"""


def read(
    data: str | bytes, from_line: int, to_line: int | None = None, block: int = 1 << 20
) -> RangeText | None:
    reader = RangeReader()
    number = reader.add(from_line, to_line)
    raw = data.encode() if isinstance(data, str) else data
    for at in range(0, len(raw), block):
        reader.update(memoryview(raw)[at : at + block])
    return reader.range_text(number)


def seen(from_line: int, to_line: int | None = None) -> RangeText:
    found = read(TEXT, from_line, to_line)
    assert found is not None
    return found


def test_the_first_and_the_last_words_are_read() -> None:
    found = seen(7)
    assert (found.from_line, found.to_line) == (7, 11)
    assert found.begins.startswith("Annexe: First words here.")
    assert found.ends.endswith("Last words here.")


def test_empty_lines_and_rows_of_signs_at_the_edges_are_counted() -> None:
    found = seen(5, 9)
    assert (found.empty_at_start, found.empty_at_end, found.begins) == (2, 1, "Annexe: First words here.")


def test_a_range_without_words_is_recognised() -> None:
    assert seen(5, 6).begins == ""


def test_a_short_range_is_complete() -> None:
    assert seen(7, 8).is_complete
    assert not read("word\n" * 50, 1).is_complete  # type: ignore[union-attr]


@pytest.mark.parametrize(("from_line", "to_line"), [(12, None), (3, 12), (100, 200), (5, 3)])
def test_lines_that_the_file_does_not_have_are_not_read(from_line: int, to_line: int | None) -> None:
    assert read(TEXT, from_line, to_line) is None


def test_a_range_that_begins_inside_a_paragraph_names_the_nearest_ones() -> None:
    assert seen(2, 4).cut_start == (1, 4)
    assert seen(4, 4).cut_start is None


def test_a_range_that_ends_inside_a_paragraph_names_the_nearest_ends() -> None:
    assert seen(7, 10).cut_end == (8, 11)
    assert seen(1, 1).cut_end == (None, 2)
    assert seen(7, 11).cut_end is None
    assert seen(7).cut_end is None


def test_a_range_beside_a_row_of_signs_or_a_heading_cuts_nothing() -> None:
    assert seen(1, 4).cut_end is None
    found = read("one\ntwo\n\nthree\nAnnexe 1:\nfour\n", 5)
    assert found is not None
    assert found.cut_start is None
    before = read("one\n\nthree\nAnnexe 1:\nfour\n", 3, 3)
    assert before is not None
    assert before.cut_end is None


def test_no_paragraph_is_cut_in_a_text_that_has_none() -> None:
    found = read("each line\nis a paragraph\nof its own\n", 2, 2)
    assert found is not None
    assert (found.cut_start, found.cut_end) == (None, None)


def test_several_ranges_are_read_in_one_pass() -> None:
    reader = RangeReader()
    numbers = [reader.add(7, 8), reader.add(1, 2), reader.add(7, None), reader.add(1, 11)]
    reader.update(memoryview(TEXT.encode()))
    found = [reader.range_text(number) for number in numbers]
    assert [(r.from_line, r.to_line) for r in found if r] == [(7, 8), (1, 2), (7, 11), (1, 11)]


def test_cr_lf_and_cr_are_blanks_in_a_quotation() -> None:
    found = read("one\r\ntwo\rthree\r\n", 1)
    assert found is not None
    assert (found.begins, found.to_line) == ("one two three", 2)


@given(
    st.lists(st.sampled_from(["a", "b c", "\n", "\r\n", "\n\n", "***\n", "Annexe:\n", "é"]), max_size=30).map(
        "".join
    ),
    st.integers(1, 12),
    st.none() | st.integers(1, 12),
    st.integers(1, 9),
)
def test_a_range_has_the_lines_that_its_digest_is_made_of(
    text: str, from_line: int, to_line: int | None, block: int
) -> None:
    data = text.encode()
    sink = SpanSink(from_line, to_line, Algorithm.SHA256)
    sink.update(memoryview(data))
    span, found = sink.span(), read(data, from_line, to_line, block)
    assert (span is None) == (found is None)
    if span is not None and found is not None:
        assert (span.from_line, span.to_line) == (found.from_line, found.to_line)
        words = " ".join(
            word
            for line in data[span.offset_bytes : span.offset_bytes + span.size_bytes].decode().split("\n")
            if line.strip() and line.strip() != "***"
            for word in line.split()
        )
        assert words.startswith(found.begins)
        assert words.endswith(found.ends)
        assert found.is_complete == (found.begins == words)
