"""The keys of a bibliography: each source once, no key twice."""

from __future__ import annotations

from typing import Any

from archtool.operations.export.bibliography import unique_items


def item(key: str, title: str) -> dict[str, Any]:
    return {"id": key, "type": "book", "title": title}


def keys(*items: dict[str, Any]) -> list[str]:
    return [str(one["id"]) for one in unique_items(items)]


def test_the_same_source_is_listed_once() -> None:
    assert keys(item("a", "A"), item("a", "A")) == ["a"]


def test_another_source_with_the_same_key_gets_a_number() -> None:
    assert keys(item("a", "A"), item("a", "B"), item("a", "C")) == ["a", "a-2", "a-3"]


def test_keys_that_differ_only_in_case_or_in_signs_of_tex_are_the_same_key() -> None:
    assert keys(item("Doe", "A"), item("doe", "B"), item("d oe", "C"), item("d{oe", "D")) == [
        "Doe", "doe-2", "d oe", "d{oe-2"
    ]  # fmt: skip


def test_a_number_that_another_source_has_already_is_left_out() -> None:
    assert keys(item("a-2", "A"), item("a", "B"), item("a", "C")) == ["a-2", "a", "a-3"]
