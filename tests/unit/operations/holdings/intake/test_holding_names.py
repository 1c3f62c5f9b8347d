"""The name of a holding: what a package says about itself, or else where it is."""

from __future__ import annotations

import pytest

from archtool.errors import InputError
from archtool.holdings.model import PlaceKind
from archtool.operations.holdings.intake.holding_names import name_of, require_usable_name
from archtool.operations.holdings.package_facts import PackageFacts


def facts(name: str | None = None, part: str | None = None) -> PackageFacts:
    return PackageFacts(
        PlaceKind.FOLDER, "bag", {"manifest-sha512.txt": "sha512:ab"}, 1, 10, id=name, part=part
    )


def test_a_package_has_the_name_that_it_states() -> None:
    assert name_of(facts("letters-1847"), "shelf/other") == "letters-1847"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/letters", "a/letters"),
        ("a/letters.tar.gz", "a/letters"),
        ("LETTERS.ZIP", "LETTERS"),
        ("a/.zip", "a/.zip"),
    ],
)
def test_a_package_without_a_name_has_that_of_its_path_without_the_archives_ending(
    path: str, name: str
) -> None:
    assert name_of(facts(), path) == name


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("1 of 3", "letters/1-of-3"), ("02 of 03", "letters/2-of-3"), ("2 of ?", "letters/2"),
        ("1 of 1", "letters"), ("one of three", "letters"),
    ],
)  # fmt: skip
def test_each_part_of_a_group_has_its_number_in_its_name(part: str, name: str) -> None:
    assert name_of(facts("letters", part), "x") == name


@pytest.mark.parametrize(
    "name", ["", " letters", "letters\n", "a\tb", "a\x1b[31m", "a\u202eb", "a" * 401, "a\udcff"]
)
def test_a_name_that_cannot_stand_in_a_list_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="name of the holding"):
        require_usable_name(name)


@pytest.mark.parametrize("name", ["Briefe 1847/1", "Élan", "می\u200cخواهم", "a" * 400])
def test_a_name_in_any_script_is_usable(name: str) -> None:
    assert require_usable_name(name) == name
