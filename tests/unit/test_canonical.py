"""The same facts are always the same bytes, and those that `json` itself would write."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.canonical import Fixed, format_json

_SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_is_what_json_itself_would_write(value: Any) -> None:
    assert format_json(value) == json.dumps(value, ensure_ascii=False, indent=2) + "\n"


@given(st.dictionaries(st.text(), VALUES))
def test_what_documents_have_in_common_is_written_as_if_it_were_their_own(facts: dict[str, Any]) -> None:
    fixed = Fixed(facts)
    for _ in range(2):  # put into words, and taken from there, at two depths
        assert format_json([fixed, [fixed]]) == format_json([facts, [facts]])


@pytest.mark.parametrize("value", [float("nan"), {"a": [float("inf")]}])
def test_what_json_has_no_number_for_is_not_written(value: Any) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        format_json(value)


@pytest.mark.parametrize("key", [1, None, True])
def test_a_key_that_is_no_text_is_not_written(key: Any) -> None:
    with pytest.raises(TypeError):
        format_json({key: 1})


def test_bytes_of_a_name_that_are_no_text_are_written_as_escapes() -> None:
    text = format_json({"é\udce9": "\udcff\U0001f600"})
    assert text == '{\n  "é\\udce9": "\\udcff\U0001f600"\n}\n'
    assert json.loads(text) == {"é\udce9": "\udcff\U0001f600"}
