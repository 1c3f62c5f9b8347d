"""A description in JSON is held to the same rules as one in YAML."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.description.description_texts import brief, codes, load, only

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


def test_a_number_where_text_is_asked_for_is_kept_as_it_is_written() -> None:
    loaded = load(with_more().replace('"Letter"', "1.50e2"), is_json=True)
    assert loaded.description is not None
    assert loaded.description.title == "1.50e2"


def test_a_number_in_quotes_is_no_number() -> None:
    assert codes(load(with_more(archtool="1"), is_json=True)) == ["description.wrong-type"]


def test_null_is_no_value() -> None:
    finding = only(load(with_more(note=None), is_json=True))
    assert (finding.code, finding.message) == ("description.no-value", "`note` has no value")


def test_a_key_given_twice_names_the_line_of_the_first() -> None:
    text = with_more()[:-1] + ',\n "title": "Another"}'
    finding = only(load(text, is_json=True))
    assert (str(finding.place), finding.message) == ("letter.json:2:2", "`title` was given on line 1 already")


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
        ("[1] 2", "1:5", "something follows the end of the value"),
        ("", "1:1", "the text ends too early"),
        (" \n ", "2:2", "the text ends too early"),
        ('{"a":', "1:6", "the text ends too early"),
        ('["open', "1:2", "a quotation mark is opened here and never closed"),
        ('["a\tb"]', "1:4", "a line end or another control character stands inside a text"),
        ('["a\\x"]', "1:4", "a backslash stands before something that it cannot"),
        ('["\\u12"]', "1:4", "a backslash stands before something that it cannot"),
        ("// a comment\n{}", "1:1", "a value is expected"),
    ],
)
def test_what_is_not_json_is_said_at_its_place(text: str, place: str, says: str) -> None:
    finding = only(load(text, is_json=True))
    assert (str(finding.place), finding.code) == (f"letter.json:{place}", "description.syntax")
    assert finding.message.startswith(f"not JSON: {says}")


def test_a_message_of_the_library_that_nobody_foresaw_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archtool.description.document.json_reader._STRING_PROBLEMS", {})
    assert "Unterminated string" in only(load('["open', is_json=True)).message


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":[', " [\n"])
def test_a_hundred_thousand_levels_are_refused_and_nothing_breaks(opening: str) -> None:
    assert codes(load(opening * 100_000, is_json=True)) == ["description.too-deep"]


@pytest.mark.parametrize("half", ["\\ud800", "a\\udcffb", "\\ude00\\ud83d"])
def test_half_of_a_surrogate_pair_is_no_character(half: str) -> None:
    loaded = load(with_more().replace("Letter", half), is_json=True)
    assert "half of a surrogate pair" in only(loaded).message


def test_a_whole_surrogate_pair_is_a_character() -> None:
    loaded = load(with_more(title="\N{WORLD MAP}"), is_json=True)
    assert loaded.description is not None
    assert loaded.description.title == "\N{WORLD MAP}"


def test_half_of_a_pair_in_a_key_is_refused_too() -> None:
    assert load(with_more().replace("title", "\\ud800"), is_json=True).description is None


def test_a_control_character_behind_an_escape_is_refused() -> None:
    finding = only(load(with_more(note="a\x1b[31m"), is_json=True))
    assert "control character U+001B" in finding.message


def test_lines_and_columns_are_right_behind_crlf_and_wide_characters() -> None:
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
def test_whatever_is_written_as_json_is_read_back(
    tree: object, ensure_ascii: bool, indent: int | None
) -> None:
    text = json.dumps(SMALL | {"x-own": tree}, ensure_ascii=ensure_ascii, indent=indent)
    loaded = load(text, is_json=True)
    if loaded.description is None:  # nothing but a character that no text may hold
        assert set(codes(loaded)) == {"description.wrong-value"}
    else:
        assert loaded.description.extras == {"x-own": tree}


@settings(deadline=None)
@given(st.text("[]{}:,\"\\'0123456789.eE+-truefalsn \n/", max_size=60))
def test_what_our_reader_takes_python_takes_too(text: str) -> None:
    is_refused = bool(set(codes(load(text, is_json=True))) & {"description.syntax", "description.too-deep"})
    try:
        json.loads(text, parse_constant=lambda _: 1 / 0)
    except (ValueError, ZeroDivisionError):
        assert is_refused
    else:
        assert not is_refused
