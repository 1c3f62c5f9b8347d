"""Patterns match the names of one folder at a time, in natural order, and nothing outside."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import pytest

from archtool.operations.limits import MAX_PATTERN_MATCHES
from archtool.operations.sources.expansion import names_in
from archtool.operations.sources.patterns import matching_paths, natural_key

FILES = (
    "letter.txt", "scans/p1.jpg", "scans/p2.jpg", "scans/p10.jpg", "scans/.hidden.jpg", "scans/Thumbs.db",
    "scans/deep/p1.jpg", "old [1]/a.txt", "old 1/b.txt", "é/ü.txt",
)  # fmt: skip


def matches(pattern: str, files: Sequence[str] = FILES) -> tuple[str, ...]:
    return matching_paths(pattern, names_in(files).lister).paths


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("scans/*", ("scans/p1.jpg", "scans/p2.jpg", "scans/p10.jpg")),
        ("scans/p?.jpg", ("scans/p1.jpg", "scans/p2.jpg")),
        ("scans/p[2-9].jpg", ("scans/p2.jpg",)),
        ("scans/.*", ("scans/.hidden.jpg",)),
        ("*.txt", ("letter.txt",)),
        ("*/*/p1.jpg", ("scans/deep/p1.jpg",)),
        ("scans/*/", ("scans/deep/",)),
        ("old [1]/*", ("old [1]/a.txt",)),
        ("old [12]/*", ("old 1/b.txt",)),
        ("*/ü.txt", ("é/ü.txt",)),
        ("scans/P*", ()),
        ("none/*", ()),
    ],
)
def test_a_pattern_matches(pattern: str, expected: tuple[str, ...]) -> None:
    assert matches(pattern) == expected


def test_names_match_in_each_unicode_form() -> None:
    decomposed = unicodedata.normalize("NFD", "é/ü.txt")
    assert matches("é/ü*", [decomposed]) == (decomposed,)


@pytest.mark.parametrize("pattern", ["../*", "/etc/*", "a/../*", "~/*", "./*", "a//*"])
def test_a_pattern_cannot_leave_the_folder(pattern: str) -> None:
    found = matching_paths(pattern, names_in(FILES).lister)
    assert (found.paths, found.fault is not None) == ((), True)


def test_a_pattern_that_matches_too_many_files_proposes_the_folder() -> None:
    files = [f"scans/{number}.jpg" for number in range(MAX_PATTERN_MATCHES + 1)]
    found = matching_paths("scans/*", names_in(files).lister)
    assert found.fault == "scans/* matches more than 10,000 files"
    assert found.hint is not None
    assert "declare the whole folder" in found.hint


def test_a_pattern_with_many_wildcards_is_answered_at_once() -> None:
    assert matches("*a" * 50, ["a" * 250]) == ("a" * 250,)
    assert matches("*a" * 50 + "b", ["a" * 250]) == ()


def test_numbers_in_names_are_sorted_by_value() -> None:
    names = ["p10", "p2", "p002", "p1-12", "p1-9", "p" + "9" * 5000, "a"]
    assert sorted(names, key=natural_key) == ["a", "p1-9", "p1-12", "p002", "p2", "p10", "p" + "9" * 5000]


def test_a_pattern_that_leads_into_too_many_folders_is_refused() -> None:
    files = [f"{number}/a.txt" for number in range(MAX_PATTERN_MATCHES + 1)]
    found = matching_paths("*/a.txt", names_in(files).lister)
    assert (found.paths, f"{MAX_PATTERN_MATCHES:,}" in (found.fault or "")) == ((), True)
