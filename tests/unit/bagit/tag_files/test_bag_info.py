from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.bagit import bounded_findings
from archtool.bagit.model import BagInfo, Declaration, TagField
from archtool.bagit.tag_files.bag_info import format_info, parse_info, parse_oxum

NOW, OLD = Declaration((1, 0), "UTF-8"), Declaration((0, 97), "UTF-8")
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")
LABELS = st.text(CHARACTERS, min_size=1).filter(lambda s: ":" not in s and s == s.strip() and s)
VALUES = st.text(CHARACTERS).map(lambda s: s.strip(" \t"))


def parse(text: str, declaration: Declaration = NOW) -> tuple[list[tuple[str, str]], list[str]]:
    info, findings = parse_info(text.encode(), declaration, "bag-info.txt")
    return [(f.label, f.value) for f in info.fields], [f.code for f in findings]


@given(st.lists(st.tuples(LABELS, VALUES)))
def test_written_fields_are_read_back_in_order_with_repeats(fields: list[tuple[str, str]]) -> None:
    text = format_info(fields).removeprefix("\ufeff")
    read, findings = parse(text)
    if not format_info(fields).startswith("\ufeff"):
        assert read == fields
    assert set(findings) <= {"baginfo.repeated"}
    assert format_info(read) == text


@given(st.lists(st.text(alphabet="ab .", min_size=1).map(str.strip).filter(bool), min_size=1))
def test_a_value_of_several_lines_is_folded_and_unfolded_to_one(lines: list[str]) -> None:
    text = format_info([("Title", "\r\n".join(lines)), ("Next", "n")])
    assert all(line.startswith("  ") for line in text.splitlines()[1:-1])
    assert parse(text)[0] == [("Title", " ".join(lines)), ("Next", "n")]


def test_empty_lines_inside_a_value_are_not_written() -> None:
    assert format_info([("Title", "a\n\n  b \r")]) == "Title: a\n  b\n"


@pytest.mark.parametrize("label", ["", " ", "a:b", "a\nb", "a\rb", " a", "a\t"])
def test_a_label_that_could_not_be_read_back_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="not a label"):
        format_info([(label, "value")])


def test_before_10_any_blanks_around_the_colon_are_allowed() -> None:
    assert parse("Test-Tag  :\t 3 \nB:4\n", OLD) == ([("Test-Tag", "3"), ("B", "4")], [])


def test_lines_after_a_wrong_line_are_not_added_to_the_field_before_it() -> None:
    assert parse("Title: a\nwrong\n  more\n") == ([("Title", "a")], ["baginfo.line-malformed"])


def test_metadata_with_too_many_errors_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_findings, "MAX_ERRORS", 3)
    fields, found = parse("wrong\n" * 3 + "Title: a\n")
    assert (fields, found) == ([], ["baginfo.line-malformed"] * 3 + ["bag.too-many-errors"])


def test_empty_lines_are_counted_once() -> None:
    info, findings = parse_info(b"Title: a\n\n\n\nNext: b\n", NOW, "bag-info.txt")
    assert [f.line for f in info.fields] == [1, 5]
    assert [(f.message, str(f.place)) for f in findings] == [
        ("this line is empty, and 2 more", "bag-info.txt:2")
    ]


def test_a_value_is_found_by_its_label_in_any_case() -> None:
    info, _ = parse_info(b"Contact-Name: A\ncontact-name: B\n", NOW, "bag-info.txt")
    assert (info.values("CONTACT-NAME"), info.first("Contact-name")) == (("A", "B"), "A")
    assert info.first("Title") is None


def test_an_oxum_is_bytes_and_files() -> None:
    info = BagInfo((TagField("payload-oxum", "12.3", 1),))
    assert parse_oxum(info, "bag-info.txt") == ((12, 3), ())
    assert parse_oxum(BagInfo(), "bag-info.txt") == (None, ())


@pytest.mark.parametrize(
    "text",
    [" " * 2_000_000, "x" + " " * 2_000_000, "A: b\n" + " c\n" * 400_000, "\n" * 400_000, "a" * 2_000_000],
)
@pytest.mark.parametrize("declaration", [NOW, OLD])
def test_no_text_takes_quadratic_time(text: str, declaration: Declaration) -> None:
    started = time.process_time()
    parse(text, declaration)
    assert time.process_time() - started < 20


@given(st.text())
def test_no_text_raises_an_error(text: str) -> None:
    for declaration in (NOW, OLD):
        fields, _ = parse(text.encode("utf-8", "replace").decode(), declaration)
        assert all(label == label.strip(" \t") and ":" not in label for label, _ in fields)
