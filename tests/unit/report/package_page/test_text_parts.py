"""Texts are divided into parts, and their lines into those of annexes and others; no line is lost."""

from __future__ import annotations

from archtool.report.package_page.model import FileState, ShownText, Stretch
from archtool.report.package_page.text_parts import text_parts


def text(lines: int, *stretches: Stretch, is_whole: bool = True) -> ShownText:
    numbered = tuple(f"line {number}" for number in range(1, lines + 1))
    return ShownText(
        "text.txt", None, "en", numbered, FileState.AS_LISTED, is_whole=is_whole, stretches=stretches
    )


def numbers(shown: ShownText, page_lines: int) -> list[int]:
    return [
        number
        for part in text_parts(shown, page_lines)
        for segment in part.segments
        for number, _ in segment.numbered
    ]


def test_every_line_is_in_exactly_one_part() -> None:
    shown = text(25, Stretch((0,), "A", 4, 12), Stretch((0, 0), "B", 6, 7), Stretch((1,), "C", 12, None))
    for page_lines in (1, 3, 10, 24, 25, 26, 100):
        assert numbers(shown, page_lines) == list(range(1, 26))


def test_parts_have_the_wanted_number_of_lines() -> None:
    parts = text_parts(text(25), 10)
    assert [(part.first, part.last) for part in parts] == [(1, 10), (11, 20), (21, 25)]


def test_an_annexe_begins_and_ends_once_even_if_it_spans_parts() -> None:
    parts = text_parts(text(25, Stretch((0,), "A", 4, 22)), 10)
    segments = [segment for part in parts for segment in part.segments]
    assert [segment.first for segment in segments if segment.begins] == [4]
    assert [segment.first for segment in segments if segment.ends] == [21]
    assert [len(s.lines) for s in segments if s.depth] == [7, 10, 2]


def test_an_annexe_to_the_end_of_a_cut_text_does_not_seem_to_end() -> None:
    open_end = Stretch((0,), "A", 4, None)
    for shown, ends in ((text(9, open_end), 1), (text(9, open_end, is_whole=False), 0)):
        segments = [segment for part in text_parts(shown, 5) for segment in part.segments]
        assert sum(len(segment.ends) for segment in segments) == ends


def test_an_annexe_inside_an_annexe_has_a_deeper_margin() -> None:
    outer, inner = Stretch((0,), "A", 2, 9, "fr"), Stretch((0, 0), "B", 4, 5, "ru")
    (part,) = text_parts(text(10, outer, inner), 50)
    assert [(s.first, s.depth, s.language) for s in part.segments] == [
        (1, 0, None), (2, 1, "fr"), (4, 2, "ru"), (6, 1, "fr"), (10, 0, None),
    ]  # fmt: skip


def test_a_range_beyond_the_text_changes_nothing() -> None:
    (part,) = text_parts(text(3, Stretch((0,), "A", 40, 50)), 50)
    assert [(segment.depth, segment.begins) for segment in part.segments] == [(0, ())]


def test_twenty_thousand_annexes_in_one_text_are_placed_in_one_pass() -> None:
    nested = [Stretch((n,), "A", 1 + n, 40_000 - n, "fr" if n % 2 else None) for n in range(20_000)]
    segments = [one for part in text_parts(text(40_000, *nested), 10) for one in part.segments]
    assert sum(len(one.begins) for one in segments) == sum(len(one.ends) for one in segments) == 20_000
    assert (segments[0].language, segments[1].language, segments[-1].language) == (None, "fr", None)


def test_an_empty_text_has_no_parts() -> None:
    assert text_parts(text(0), 10) == ()


def test_the_opening_of_a_part_is_its_first_words() -> None:
    lines = ("", "   ", "To   the sections: " + "word " * 40)
    shown = ShownText("t", None, None, lines, FileState.AS_LISTED)
    (part,) = text_parts(shown, 10)
    assert part.opening.startswith("To the sections: word")
    assert len(part.opening) <= 62
    assert part.opening.endswith("word …")
