"""Own labels for bag-info.txt: the file can hold them, and archtool does not write them itself."""

from __future__ import annotations

import pytest

from archtool.description.bag_info import GENERATED_LABELS, SHARED_LABELS, SUMMARY_LABELS
from archtool.operations.content.bag_info import DESCRIBED_LABELS
from unit.description.description_texts import SMALL, brief, codes, described, load, only

LABEL, VALUE = "description.bag-info-label", "description.bag-info-value"


def with_label(line: str, more: str = "") -> str:
    return f"{SMALL}{more}bag-info:\n  {line}\n"


def test_every_label_that_archtool_writes_is_known_to_the_check() -> None:
    known = {*GENERATED_LABELS, *SHARED_LABELS, *SUMMARY_LABELS}
    assert {*DESCRIBED_LABELS} <= known
    assert known - {*DESCRIBED_LABELS} == {"Payload-Oxum", "Bag-Size", "Bagging-Date", "Bag-Software-Agent"}


@pytest.mark.parametrize("label", [*GENERATED_LABELS, *SUMMARY_LABELS])
def test_a_label_that_archtool_writes_is_refused_in_any_case(label: str) -> None:
    finding = only(load(with_label(f"{label.upper()}: x")))
    assert (finding.code, str(finding.place).split(":")[1]) == (LABEL, "7")
    assert "archtool writes it from" in finding.message


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("id: a", "External-Identifier"),
        ("collection: a", "Bag-Group-Identifier"),
        ("packager: a", "Source-Organization"),
        ("packager: { name: a, type: person }", "Contact-Name"),
    ],
)
def test_a_label_that_a_key_gives_is_refused_only_beside_this_key(key: str, label: str) -> None:
    assert only(load(with_label(f"{label}: x", f"{key}\n"))).code == LABEL
    assert codes(load(with_label(f"{label}: x"))) == []


def test_a_person_as_packager_leaves_the_organisation_to_the_archivist() -> None:
    person = "packager: { name: A, type: person }\n"
    assert codes(load(with_label("Source-Organization: The archive", person))) == []


@pytest.mark.parametrize("label", ['"a:b"', '" a"', '"a "', '" "', '"a\\tb"', '"a\\u2028b"'])
def test_a_label_that_the_file_cannot_hold_is_refused(label: str) -> None:
    assert only(load(with_label(f"{label}: x"))).code == LABEL


@pytest.mark.parametrize("value", ['"a\\nb"', '"a\\n"', '"a\\u2028b"', '"a\\x85b"', '" "', '[a, " "]'])
def test_a_value_that_the_file_cannot_hold_is_refused(value: str) -> None:
    assert only(load(with_label(f"Note: {value}"))).code == VALUE


def test_labels_that_differ_only_in_case_are_one_label() -> None:
    finding = only(load(with_label("Note: a\n  note: b")))
    assert (finding.code, finding.hint) == (LABEL, "give `Note` a list of values")


@pytest.mark.parametrize("label", ["Bag-Count", "bag-group-identifier"])
def test_a_label_that_must_not_be_repeated_has_one_value(label: str) -> None:
    assert VALUE in codes(load(with_label(f"{label}: [1 of 2, 2 of 2]")))
    assert codes(load(with_label(f"{label}: 1 of 2"))) == []


@pytest.mark.parametrize(
    ("count", "is_right"), [("1 of 4", True), ("3 of ?", True), ("4", False), ("0 of 2", False)]
)
def test_the_place_of_a_bag_in_its_group_has_the_form_of_the_rfc(count: str, *, is_right: bool) -> None:
    assert codes(load(with_label(f"Bag-Count: {count}"))) == ([] if is_right else [VALUE])


def test_a_label_without_a_value_is_reported_at_its_line() -> None:
    assert brief(load(with_label("Note:"))) == [("letter.yaml:7:3", "description.no-value")]


def test_usual_labels_are_taken_as_they_are_written() -> None:
    labels = "Organization-Address: The street\n  Contact-Phone: 007\n  Internal-Sender-Description: no"
    assert described(with_label(labels)).bag_info == {
        "Organization-Address": ("The street",),
        "Contact-Phone": ("007",),
        "Internal-Sender-Description": ("no",),
    }
