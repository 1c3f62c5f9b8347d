"""YAML is read strictly: no value is typed, expanded or lost, and every finding has a place."""

from __future__ import annotations

import sys

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archtool.description import loading
from archtool.description.document import nodes
from unit.description.description_texts import SMALL, brief, codes, described, load, only, syntax


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "yes",
        "on",
        "true",
        "16:30",
        "007",
        "2013",
        "1e3",
        "~",
        "null",
        "0x1F",
        "1_000",
        "1932-05-01",
        ".5",
    ],
)
def test_a_plain_value_is_kept_as_written(written: str) -> None:
    assert described(SMALL + f"original: {{ shelfmark: {written} }}\n").original.shelfmark == written  # type: ignore[union-attr]


def test_numbers_and_booleans_are_read_only_where_the_schema_has_them() -> None:
    text = SMALL + (
        "original: { signed: false, shelfmark: false }\n"
        "annexes: [{ title: 310, status: reproduced, within: { file: letter.txt, from-line: 310 } }]\n"
    )
    description = described(text)
    assert description.original is not None
    assert (description.original.signed, description.original.shelfmark) == (False, "false")
    (annexe,) = description.annexes
    assert annexe.within is not None
    assert (annexe.title, annexe.within.from_line) == ("310", 310)


@pytest.mark.parametrize("written", ["'310'", "007", "-5", "3.0", "1e3", "1234567890"])
def test_a_line_number_must_be_a_plain_whole_number(written: str) -> None:
    annexe = f"{{ title: Note, status: reproduced, within: {{ file: letter.txt, from-line: {written} }} }}"
    assert codes(load(SMALL + f"annexes: [{annexe}]\n")) == ["description.wrong-type"]


@pytest.mark.parametrize("written", ["yes", "True", "'true'", "1"])
def test_only_true_and_false_without_quotes_are_booleans(written: str) -> None:
    finding = only(load(SMALL + f"original: {{ signed: {written} }}\n"))
    assert "`true` or `false` without quotes" in finding.message


def test_a_duplicate_key_names_the_line_of_the_first() -> None:
    finding = only(load(SMALL + "title: Another\n"))
    assert (str(finding.place), finding.code) == ("letter.yaml:6:1", "description.duplicate-key")
    assert finding.message == "`title` is already given on line 2"


def test_anchors_aliases_and_tags_are_refused_with_their_places() -> None:
    text = SMALL + "place: &here Prague\ngenre: *here\nabstract: !!str a\nnote: !mine b\n"
    loaded = load(text)
    assert brief(loaded) == [
        (f"letter.yaml:{line}", "description.anchor") for line in ("6:8", "7:8", "8:11", "9:7")
    ]
    assert [f.message.split()[1] for f in loaded.findings] == ["anchor", "alias", "tag", "tag"]


def test_the_tag_of_a_list_and_the_anchor_of_a_mapping_are_refused() -> None:
    assert (
        codes(load(SMALL + "left-out: !!seq [a]\noriginal: &o { language: ru }\n"))
        == ["description.anchor"] * 2
    )


def test_a_merge_key_is_an_unknown_key() -> None:
    finding = only(load(SMALL + "<<: { genre: letter }\n"))
    assert (finding.code, finding.message) == ("description.unknown-key", "unknown key `<<`")


def test_a_second_document_is_refused_where_it_begins() -> None:
    finding = syntax(load("---\n" + SMALL + "---\n" + SMALL))
    assert (str(finding.place), finding.message) == ("letter.yaml:7:1", "a second document begins here")


def test_an_end_mark_without_a_second_document_is_fine() -> None:
    assert load(f"%YAML 1.1\n---\n{SMALL}...\n").findings == ()


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n", "---\n", "\ufeff"])
def test_an_empty_file_gets_a_hint_how_to_begin(text: str) -> None:
    finding = only(load(text))
    assert finding.message == "the file contains no description"
    assert "archtool new" in (finding.hint or "")


@pytest.mark.parametrize(("text", "found"), [("- a\n", "a list"), ("letter\n", "'letter'"), ("'5'\n", "'5'")])
def test_a_description_that_is_not_a_mapping_is_refused(text: str, found: str) -> None:
    assert only(load(text)).message == f"the description must be keys with values, found {found}"


@pytest.mark.parametrize("key", ["[a]", "{ b: c }", "~x: 1, "])
def test_a_key_that_is_not_a_single_word_is_refused(key: str) -> None:
    assert load(SMALL + f"? {key}\n: d\n").description is None


def test_an_empty_key_is_refused() -> None:
    assert only(load(SMALL + "?\n: d\n")).message == "a key must be a single word"


@pytest.mark.parametrize("text", ["a:\n\tb: c\n", "\ta: b\n", "a: |\n b\n\tc\n"])
def test_a_tab_in_the_indentation_is_named(text: str) -> None:
    assert syntax(load(text)).hint == "indent with spaces, not with tabs"


@pytest.mark.parametrize("quote", ["'", '"'])
def test_an_unclosed_quotation_mark_is_reported_where_it_opens(quote: str) -> None:
    finding = syntax(load(f"archtool: 1\ntitle: {quote}Letter\nplace: Prague\n"))
    assert str(finding.place) == "letter.yaml:2:8"
    assert "never closed" in finding.message


def test_a_colon_inside_a_plain_value_gets_a_hint_about_quotes() -> None:
    finding = syntax(load("title: Letter: to the sections\n"))
    assert (str(finding.place), finding.message, finding.hint) == (
        "letter.yaml:1:14",
        "not YAML: the value contains `: `",
        "put the value in quotes",
    )


@pytest.mark.parametrize("char", ["@", "`", "%"])
def test_a_value_with_a_reserved_first_character_gets_a_hint_about_quotes(char: str) -> None:
    finding = syntax(load(f"title: {char}x\n"))
    assert finding.message == f"not YAML: a value cannot begin with `{char}`"
    assert finding.hint == "put the value in quotes"


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("a: 1\n b: 2\n", "2:3", "this line is indented in another way than the lines that it belongs with",
         "begin it in the same column as those lines"),
        ('a: "b" c\n', "1:8", "a text goes on after its closing quotation mark",
         "put all of it in the other kind of quotes: 'He said \"no\"'"),
        ("a: *.txt\n", "1:4", "a value cannot begin with `*`", "put the value in quotes"),
        ("a\nb: 1\nc: 2\n", "1:1", "the description does not begin with a key",
         "write `key: value` at the beginning of the line, such as: `archtool: 1`"),
        ("a: 1\nb\nc: 2\n", "2:1", "a colon is missing after the key",
         "write `key: value`; a long text goes on indented"),
        ("a: { b: 1 c: 2 }\n", "1:12", "a comma or a closing bracket is missing",
         "write a comma between the items, and close each bracket: `[a, b]`, `{ key: value }`"),
        ('a: "\\d"\n', "1:5", "a backslash in double quotes begins an escape",
         "write \\\\ for a backslash, or use single quotes"),
    ],
)  # fmt: skip
def test_a_syntax_error_says_what_is_wrong_and_what_to_do(
    text: str, place: str, message: str, hint: str
) -> None:
    finding = syntax(load(text))
    assert (str(finding.place), finding.message) == (f"letter.yaml:{place}", f"not YAML: {message}")
    assert finding.hint == hint


@pytest.mark.parametrize(
    "text", ["a: [b\n", "a: {b\n", "a: - b\n", "%YAML 1.3\n---\na: b\n", "a: *\n", 'a: "\\ud800"\n']
)
def test_other_syntax_errors_have_a_line(text: str) -> None:
    finding = syntax(load(text))
    assert finding.message.startswith("not YAML: ")
    assert finding.place is not None
    assert finding.place.line is not None


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_ten_thousand_levels_are_refused(opening: str) -> None:
    assert codes(load(opening * 10_000)) == ["description.too-deep"]


def test_ten_thousand_indented_levels_are_refused() -> None:
    text = "".join(" " * depth + "a:\n" for depth in range(2_000))
    assert codes(load(text)) == ["description.too-deep"]


def test_a_description_larger_than_the_limit_is_refused_and_one_at_the_limit_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loading, "MAX_DESCRIPTION_BYTES", len(SMALL.encode()))
    assert load(SMALL).description is not None
    assert codes(load(SMALL + "#")) == ["description.too-large"]


@pytest.mark.parametrize("is_json", [False, True])
def test_a_text_with_too_many_values_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch, is_json: bool
) -> None:
    monkeypatch.setattr(nodes, "MAX_VALUES", 100)
    finding = only(load("[1" + ",\n1" * 200 + "\n]", is_json=is_json))
    assert (finding.code, finding.message) == (
        "description.too-large",
        "more than 100 values: the rest is not read",
    )
    assert finding.place is not None
    assert (finding.place.line, finding.place.column) == (100, 1)


def test_a_byte_order_mark_is_skipped() -> None:
    assert load("\ufeff" + SMALL).description is not None


@pytest.mark.parametrize(
    ("data", "place", "byte"),
    [
        (b"archtool: 1\ntitle: \xe9t\xe9\n", "2:8", "byte 20 is not UTF-8: found 0xe9"),
        ("été: né ".encode() + b"\xff", "1:9", "byte 12 is not UTF-8: found 0xff"),
        (b"\xef\xbb\xbftitle: \xff\n", "1:8", "byte 11 is not UTF-8: found 0xff"),
        ("archtool: 1".encode("utf-16"), "1:1", "the text is UTF-16, not UTF-8"),
        (b"a: \xed\xa0\x80\n", "1:4", "byte 4 is not UTF-8: found 0xed"),
    ],
)
def test_text_that_is_not_utf8_is_reported_with_byte_line_and_column(
    data: bytes, place: str, byte: str
) -> None:
    (finding,) = (one for one in load(data).findings if one.code == "description.not-utf8")
    assert (str(finding.place), finding.message) == (f"letter.yaml:{place}", byte)


def test_values_that_are_utf8_are_checked_beside_those_that_are_not() -> None:
    data = SMALL.encode().replace(b"Letter", b"Lettre tir\xe9e") + "author: É\n".encode()
    assert codes(load(data)) == ["description.not-utf8", "description.unknown-key"]


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\ufffe"])
def test_a_control_character_is_refused_with_its_place(char: str) -> None:
    finding = syntax(load(f"archtool: 1\ntitle: a{char}b\n"))
    assert (str(finding.place), finding.code) == ("letter.yaml:2:9", "description.syntax")
    assert f"U+{ord(char):04X}" in finding.message


@pytest.mark.parametrize("escape", ["\\0", "\\a", "\\e[31m", "\\x7f", "\\x9b", "\\uFFFF"])
def test_an_escaped_control_character_is_refused(escape: str) -> None:
    finding = only(load(SMALL + f'note: "a{escape}"\n'))
    assert (str(finding.place), finding.code) == ("letter.yaml:6:7", "description.wrong-value")
    assert "control character U+" in finding.message


def test_a_file_name_may_contain_control_characters() -> None:
    text = SMALL.replace("letter.txt", '"le\\rtter\\x07.txt"') + 'left-out: ["\\x07*"]\n'
    description = described(text)
    assert description.transcription[0].file == "le\rtter\x07.txt"
    assert description.left_out == ("\x07*",)


def test_lines_that_end_in_crlf_keep_their_numbers() -> None:
    assert brief(load((SMALL + "colour: red\n").replace("\n", "\r\n"))) == [
        ("letter.yaml:6:1", "description.unknown-key")
    ]


def test_a_folded_text_keeps_its_words() -> None:
    text = SMALL.replace("title: Letter of the bureau", "title: >-\n  Letter of\n  the bureau")
    assert described(text).title == "Letter of the bureau"


def test_the_result_is_the_same_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert load(SMALL + "note:\n").description is None
    assert load(SMALL).findings == ()
    assert codes(load("[" * 10_000)) == ["description.too-deep"]
    assert syntax(load("a: 'b\n")).hint == "close it"


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TREES = st.recursive(
    WORDS, lambda t: st.lists(t, max_size=3) | st.dictionaries(WORDS, t, max_size=3), max_leaves=12
)
# what a text may not hold is tested above
CLEAN = TREES.filter(lambda tree: repr(tree).isprintable() and "\\x" not in repr(tree))


@settings(deadline=None)
@given(CLEAN)
@example({"no": ["007", "16:30", ""], "": "a: b"})
def test_any_tree_written_as_yaml_is_read_back(tree: object) -> None:
    text = yaml.safe_dump({"x-own": tree, **yaml.safe_load(SMALL)}, allow_unicode=True, default_style='"')
    loaded = load(text.replace('!!int "1"', "1"))
    assert loaded.description is not None, (text, loaded.findings)
    assert loaded.description.extras == {"x-own": tree}


@settings(deadline=None)
@given(st.binary(max_size=200), st.booleans())
@example(b"\x85", False)
@example(b"a: &a *a", False)
def test_no_bytes_raise_an_exception(data: bytes, is_json: bool) -> None:
    assert load(data, is_json=is_json).findings


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([*"[]{}:,-?!&*#|>'\"%@` \n\t", "a", "title", "---\n", "\ufeff", "archtool: 1\n"]),
        max_size=40,
    )
)
def test_no_sequence_of_indicators_raises_an_exception(signs: list[str]) -> None:
    assert load("".join(signs)).description is None


def test_reading_does_not_need_a_deep_stack() -> None:
    limit = sys.getrecursionlimit()
    assert codes(load('{"a":' * 100_000, is_json=True)) == ["description.too-deep"]
    assert sys.getrecursionlimit() == limit
