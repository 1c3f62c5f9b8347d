"""Equal values become equal bytes, one value per line, without loss."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.canonical_json import canonical_json, format_json, parse_canonical_json

_SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_a_written_value_is_read_back_unchanged(value: Any) -> None:
    text = format_json(value)
    assert text.endswith("\n")
    assert json.loads(text) == value


def test_each_value_is_on_its_own_line_in_the_given_order() -> None:
    facts = {"title": "À tous", "files": [{"file": "b.txt", "size": 1}, {}], "annexes": [], "signed": None}
    assert (
        format_json(facts)
        == """\
{
  "title": "À tous",
  "files": [
    {
      "file": "b.txt",
      "size": 1
    },
    {}
  ],
  "annexes": [],
  "signed": null
}
"""
    )


@pytest.mark.parametrize("value", [float("nan"), {"a": [float("inf")]}])
def test_a_number_that_json_cannot_represent_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        format_json(value)


def test_bytes_of_a_name_that_are_not_text_are_escaped() -> None:
    text = format_json({"é\udce9": "\udcff\U0001f600"})
    assert text == '{\n  "é\\udce9": "\\udcff\U0001f600"\n}\n'
    assert json.loads(text) == {"é\udce9": "\udcff\U0001f600"}


@pytest.mark.parametrize(
    "value",
    [
        {}, [], "", 0, -1, 2**53 - 1, True, None, {"a": [1, {"b": "é\u2028\x00\x7f"}], "z": "🎼"},
        {"é": 1, "\ufb00": 2, "😀": {"🎼": 3}}, "\\u0041", '"previous":"', {"": {"": []}},
    ],
)  # fmt: skip
def test_a_canonical_text_is_parsed_to_the_value_that_it_was_made_from(value: object) -> None:
    assert parse_canonical_json(canonical_json(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "", " 1", "1 ", "{", '{"b":1,"a":2}', '{"a":1,"a":1}', '{"a": 1}', '"\\u0041"', '"\\ud800"', '"\\/"',
        "1.0", "1e3", "-0", "01", "9007199254740992", "1" * 5000, "NaN", "Infinity", "[" * 100_000,
        "[1,]", "\ufeff1", '{"\ufb00":1,"🎼":2}', '"a\tb"', '"\ud800"',
    ],
)  # fmt: skip
def test_a_text_that_is_not_canonical_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_canonical_json(text)


def test_keys_have_the_order_of_the_example_in_the_standard() -> None:
    """RFC 8785 §3.2.3: an emoji comes before a letter of the Hebrew presentation forms."""
    keys = {
        "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One", "\U0001f600": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "O With Diaeresis",
    }  # fmt: skip
    expected = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical_json(keys))) == expected
    assert list(json.loads(canonical_json([{"inside": keys}]))[0]["inside"]) == expected


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(_TEXTS, st.integers(-1000, 1000) | st.dictionaries(_TEXTS, _TEXTS)))
def test_keys_are_sorted_by_their_utf_16_code_units(value: dict[str, Any]) -> None:
    text = canonical_json(value)
    assert parse_canonical_json(text) == value
    found = json.loads(text)
    for members in (found, *(member for member in found.values() if isinstance(member, dict))):
        units = [memoryview(key.encode("utf-16-le")).cast("H").tolist() for key in members]
        assert units == sorted(units)
