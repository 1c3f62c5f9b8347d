"""A description in JSON follows the same rules as one in YAML."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.description.description_texts import brief, codes, load, only, syntax

SMALL = {
    "archtool": 1,
    "title": "Letter",
    "source": "Cahiers, no 3.",
    "transcription": "letter.txt",
    "rights": {"original": "UND"},
}


def with_more(**more: object) -> str:
    return json.dumps(SMALL | more)


def test_a_description_in_json_is_read() -> None:
    loaded = load(with_more(), is_json=True)
    assert loaded.findings == ()
    assert loaded.description is not None
    assert loaded.description.title == "Letter"


def test_a_number_in_place_of_a_text_is_kept_as_written() -> None:
    loaded = load(with_more().replace('"Letter"', "1.50e2"), is_json=True)
    assert loaded.description is not None
    assert loaded.description.title == "1.50e2"


def test_a_number_in_quotes_is_a_text() -> None:
    assert codes(load(with_more(archtool="1"), is_json=True)) == ["description.wrong-type"]


def test_null_is_a_missing_value() -> None:
    finding = only(load(with_more(note=None), is_json=True))
    assert (finding.code, finding.message) == ("description.no-value", "`note` has no value")


def test_a_duplicate_key_names_the_line_of_the_first() -> None:
    text = with_more()[:-1] + ',\n "title": "Another"}'
    finding = only(load(text, is_json=True))
    assert (str(finding.place), finding.message) == ("letter.json:2:2", "`title` is already given on line 1")


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ('{"a": 1,}', "1:9", "a key in double quotes is expected"),
        ('{"a": 1 "b": 2}', "1:9", "a comma or `}` is expected"),
        ('["a" "b"]', "1:6", "a comma or `]` is expected"),
        ('{"a" 1}', "1:6", "a colon is expected after the key"),
        ("{'a': 1}", "1:2", "a key in double quotes is expected"),
        ('{"a": NaN}', "1:7", "a value is expected"),
        ('{"a": -Infinity}', "1:7", "a value is expected"),
        ('{"a": 01}', "1:8", "a comma or `}` is expected"),
        ("[1,]", "1:4", "a value is expected"),
        ("[1] 2", "1:5", "there is text after the end of the value"),
        ("", "1:1", "the text ends too early"),
        (" \n ", "2:2", "the text ends too early"),
        ('{"a":', "1:6", "the text ends too early"),
        ('["open', "1:2", "a quotation mark is opened here and never closed"),
        ('["a\tb"]', "1:4", "a line end or another control character is inside a text"),
        ('["a\\x"]', "1:4", "a backslash begins an unknown escape"),
        ('["\\u12"]', "1:4", "a backslash begins an unknown escape"),
        ("// a comment\n{}", "1:1", "a value is expected"),
    ],
)
def test_a_json_syntax_error_is_reported_with_its_place(text: str, place: str, says: str) -> None:
    finding = syntax(load(text, is_json=True))
    assert (str(finding.place), finding.code) == (f"letter.json:{place}", "description.syntax")
    assert finding.message.startswith(f"not JSON: {says}")


def test_an_unknown_message_of_the_library_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archtool.description.document.json_reader._STRING_PROBLEMS", {})
    assert "Unterminated string" in only(load('["open', is_json=True)).message


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":[', " [\n"])
def test_a_hundred_thousand_levels_are_refused(opening: str) -> None:
    assert codes(load(opening * 100_000, is_json=True)) == ["description.too-deep"]


@pytest.mark.parametrize("half", ["\\ud800", "a\\udcffb", "\\ude00\\ud83d"])
def test_half_of_a_surrogate_pair_is_refused(half: str) -> None:
    loaded = load(with_more().replace("Letter", half), is_json=True)
    assert "half of a surrogate pair" in only(loaded).message


def test_a_whole_surrogate_pair_is_a_character() -> None:
    loaded = load(with_more(title="\N{WORLD MAP}"), is_json=True)
    assert loaded.description is not None
    assert loaded.description.title == "\N{WORLD MAP}"


def test_half_of_a_pair_in_a_key_is_refused() -> None:
    assert load(with_more().replace("title", "\\ud800"), is_json=True).description is None


def test_an_escaped_control_character_is_refused() -> None:
    finding = only(load(with_more(note="a\x1b[31m"), is_json=True))
    assert "control character U+001B" in finding.message


def test_lines_and_columns_are_right_after_crlf_and_wide_characters() -> None:
    text = json.dumps(
        SMALL | {"note": "été", "colour": "\N{WORLD MAP}", "hue": 1}, ensure_ascii=False, indent=1
    )
    loaded = load(text.replace("\n", "\r\n"), is_json=True)
    assert brief(loaded) == [
        ("letter.json:10:2", "description.unknown-key"),
        ("letter.json:11:2", "description.unknown-key"),
    ]


WORDS = st.text(max_size=20).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text))
TREES = st.recursive(
    WORDS | st.booleans().map(lambda b: str(b).lower()),
    lambda trees: st.lists(trees, max_size=3) | st.dictionaries(WORDS, trees, max_size=3),
    max_leaves=12,
)
CLEAN = TREES.filter(lambda tree: "\\u00" not in json.dumps(tree) and "\\x7f" not in repr(tree))


@settings(deadline=None)
@given(CLEAN, st.booleans(), st.sampled_from([None, 0, 3]))
def test_any_tree_written_as_json_is_read_back(tree: object, ensure_ascii: bool, indent: int | None) -> None:
    text = json.dumps(SMALL | {"x-own": tree}, ensure_ascii=ensure_ascii, indent=indent)
    loaded = load(text, is_json=True)
    if loaded.description is None:  # nothing but a character that no text may hold
        assert set(codes(loaded)) == {"description.wrong-value"}
    else:
        assert loaded.description.extras == {"x-own": tree}


@settings(deadline=None)
@given(st.text("[]{}:,\"\\'0123456789.eE+-truefalsn \n/", max_size=60))
def test_every_text_that_this_reader_accepts_is_accepted_by_python(text: str) -> None:
    is_refused = bool(set(codes(load(text, is_json=True))) & {"description.syntax", "description.too-deep"})
    try:
        json.loads(text, parse_constant=lambda _: 1 / 0)
    except (ValueError, ZeroDivisionError):
        assert is_refused
    else:
        assert not is_refused
