"""Languages are BCP 47 tags; for a name or a deprecated tag, the correct tag is suggested."""

from __future__ import annotations

from string import ascii_lowercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from language_tags import tags

from archtool.description.languages import _TWO_LETTERS, nearest_language, why_not_language
from archtool.description.limits import MAX_TAG_CHARS
from unit.description.description_texts import SMALL, described, load, only

NO_TAG = "is not a language tag"


@pytest.mark.parametrize(
    "tag",
    [
        "fr",
        "FR",
        "no",
        "ru-Latn",
        "ru-latn",
        "sr-Latn-RS",
        "de-1901",
        "und",
        "mul",
        "x-private",
        "X-own-tongue",
        "fr-x-own",
    ],
)
def test_a_valid_language_tag_is_accepted(tag: str) -> None:
    assert why_not_language(tag) is None


def test_the_two_letter_tags_are_exactly_those_of_the_registry() -> None:
    tags_of_two = [first + second for first in ascii_lowercase for second in ascii_lowercase]
    known = [tag for tag in tags_of_two if _TWO_LETTERS.fullmatch(tag)]
    assert known == [tag for tag in tags_of_two if tags.tag(tag).valid]


@pytest.mark.parametrize(
    ("tag", "why"),
    [
        ("french", NO_TAG),
        ("fra", NO_TAG),
        ("fr_FR", NO_TAG),
        ("fr--FR", NO_TAG),
        ("fr-", NO_TAG),
        ("x-", NO_TAG),
        ("x-toolongsubtag", NO_TAG),
        ("é", NO_TAG),
        ("iw", "is a deprecated language tag"),
        ("i-klingon", "is a deprecated language tag"),
        ("f" * (MAX_TAG_CHARS + 1), f"is longer than {MAX_TAG_CHARS} characters"),
    ],
)
def test_it_is_refused_with_a_reason(tag: str, why: str) -> None:
    assert why_not_language(tag) == why


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("french", "fr"),
        ("German", "de"),
        ("iw", "he"),
        ("mo", "ro"),
        ("i-klingon", "tlh"),
        ("en-GB-oed", "en-GB-oxendict"),
        ("fr_FR", "fr-FR"),
        ("russe", "ru"),
        ("rus", "ru"),
        ("русский", "ru"),
        ("Français", "fr"),
        ("langue des oiseaux", None),
        ("(", None),
        ("a_b", None),
    ],
)
def test_the_intended_tag_is_suggested(written: str, meant: str | None) -> None:
    assert nearest_language(written) == meant


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("french", "did you mean `fr`?"),
        ("fre", "did you mean `fr`?"),
        ("xqx", "BCP 47 uses the two-letter code of a language if it has one: `fr`, not `fre` or `fra`"),
        ("patois local", "write `fr`, `ru`, `ru-Latn` …"),
    ],
)
def test_a_wrong_language_gets_a_hint(written: str, hint: str) -> None:
    finding = only(load(SMALL + f"language: {written}\n"))
    assert (finding.code, finding.hint) == ("description.language", hint)


def test_a_tag_is_kept_exactly_as_written() -> None:
    assert described(SMALL + "language: RU-latn\n").language == "RU-latn"


@settings(deadline=None)  # the first tag pays for reading the registry
@given(st.text(max_size=20) | st.text("abcxi-_0123", max_size=12))
def test_no_text_raises_an_exception(text: str) -> None:
    why_not_language(text)
    nearest_language(text)
