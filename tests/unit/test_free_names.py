"""Each name is given once, in a time that does not grow with the names that are taken."""

from __future__ import annotations

from archtool.free_names import FreeNames


def test_equal_names_are_numbered_and_a_numbered_name_that_is_taken_is_left_out() -> None:
    names = FreeNames()
    assert [names.take(name) for name in ("a", "a-2", "a", "a", "A")] == ["a", "a-2", "a-3", "a-4", "A"]


def test_names_that_differ_only_by_case_are_the_same_where_files_are_named() -> None:
    names = FreeNames(pattern="{name} ({number})", ignores_case=True)
    assert [names.take(name) for name in ("Page", "page", "PAGE")] == ["Page", "page (2)", "PAGE (3)"]


def test_a_hundred_thousand_equal_names_are_numbered_at_once() -> None:
    names = FreeNames()
    found = [names.take("item") for _ in range(100_000)]  # with a search from 2 this takes ten minutes
    assert found[-1] == "item-100000"
