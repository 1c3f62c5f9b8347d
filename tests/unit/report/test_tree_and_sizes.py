"""Nested lists are drawn as trees; numbers are formatted with their units and nouns."""

from __future__ import annotations

import pytest

from archtool.report.numbers import counted, format_size
from archtool.report.text.page import one_line
from archtool.report.text.tree import Branch, draw_tree


def test_a_nested_list_is_drawn_with_each_line_under_its_entry() -> None:
    inner = (Branch(("C", "c2")), Branch(("D",), (Branch(("E", "", "e2")),)))
    assert list(draw_tree([Branch(("A", "a2"), inner), Branch(("B", "b2"))])) == [
        "├─ A",
        "│  │  a2",
        "│  ├─ C",
        "│  │     c2",
        "│  └─ D",
        "│     └─ E",
        "│",
        "│           e2",
        "└─ B",
        "      b2",
    ]


def test_an_empty_list_draws_nothing() -> None:
    assert list(draw_tree([])) == []


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 KB"), (17_400, "17.4 KB"),
        (999_949, "999.9 KB"), (999_950, "1.0 MB"), (1_500_000_000, "1.5 GB"), (2 * 10**12, "2.0 TB"),
        (3 * 10**15, "3.0 PB"), (4 * 10**18, "4000.0 PB"),
    ],
)  # fmt: skip
def test_a_size_is_formatted_in_decimal_units(size_bytes: int, words: str) -> None:
    assert format_size(size_bytes) == words


def test_a_number_agrees_with_its_noun() -> None:
    assert [counted(n, "file") for n in (0, 1, 1204)] == ["0 files", "1 file", "1,204 files"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\n b\t\tc \n", "a b c"),
        ("", ""),
        ("«\u00a0été\u202f!\u00a0»\n", "«\u00a0été\u202f!\u00a0»"),
        ("\u00a0a", "\u00a0a"),
        ("a\x00\x1b\u202eb", "a\\u0000\\u001b\\u202eb"),
        ("é\udcff", "é\\xff"),
        ("a\u2028b", "a\\u2028b"),
    ],
)
def test_a_text_for_the_screen_is_one_line_without_control_characters(text: str, shown: str) -> None:
    assert one_line(text) == shown
