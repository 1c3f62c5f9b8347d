"""The names of pages: in plain letters, different, and the same for the same packages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.operations.site.slugs import assign_slugs, slug_of
from archtool.operations.site.state import OWN_FILE


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("rakovsky-1932-appel", "rakovsky-1932-appel"),
        ("Письмо из Барнаула", "pis-mo-iz-barnaula"),
        ("À tous !", "a-tous"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con-package"),
        ("com1", "com1-package"),
    ],
)
def test_a_slug_has_only_plain_letters_digits_and_hyphens(text: str, slug: str) -> None:
    assert slug_of(text) == slug


def test_texts_without_any_letter_and_very_long_ones_have_different_slugs() -> None:
    slugs = [slug_of("!!!"), slug_of("???"), slug_of("x" * 100), slug_of("x" * 101), slug_of("")]
    assert len(set(slugs)) == 5
    assert all(len(slug) < 75 for slug in slugs)


def test_of_packages_with_one_identifier_the_first_by_name_has_the_plain_slug() -> None:
    packages = [("letter", "b"), ("letter", "a"), ("other", "c")]
    slugs = assign_slugs(packages)
    assert slugs[1:] == ["letter", "other"]
    assert re.fullmatch(r"letter-[0-9a-f]{8}", slugs[0])


def test_a_package_that_is_added_changes_no_other_slug() -> None:
    before = assign_slugs([("letter", "b"), ("letter", "c")])
    after = assign_slugs([("letter", "b"), ("letter", "c"), ("letter", "d"), (None, "e")])
    assert after[:2] == before


def test_the_order_in_which_packages_are_found_changes_no_slug() -> None:
    packages = [("letter", f"p{number}") for number in range(5)]
    slugs = dict(zip(packages, assign_slugs(packages), strict=True))
    assert dict(zip(packages[::-1], assign_slugs(packages[::-1]), strict=True)) == slugs


@given(st.lists(st.tuples(st.none() | st.text(), st.text()), max_size=8))
def test_slugs_are_different_in_any_case_and_name_files_of_a_site(
    packages: list[tuple[str | None, str]],
) -> None:
    slugs = assign_slugs(packages)
    assert len({slug.casefold() for slug in slugs}) == len(packages)
    assert all(OWN_FILE.fullmatch(f"packages/{slug}.html") for slug in slugs)
