"""A description is checked for contradictions: ids that are defined and used, and the rights."""

from __future__ import annotations

import pytest

from unit.description.description_texts import SMALL, brief, codes, described, load, only

A_TEXT = "{{ title: {}, status: reproduced, file: a.txt }}"
A_PART = "{{ title: {}, status: reproduced, within: {{ file: a.txt, from-line: {}, to-line: {} }} }}"
A_NOTE = "{ id: a, title: A, status: listed }"
B_NOTE = "{ id: b, title: B, status: listed }"
SCAN = "{{ file: a.jpg, role: facsimile, of: {} }}"
INNER = """\
annexes:
  - title: Note
    id: note
    status: listed
    enclosures:
      - { title: A, id: inner, status: listed }
"""


def test_a_duplicate_id_is_reported_at_the_second() -> None:
    text = SMALL.replace("letter.txt", "{ file: letter.txt, id: note }") + INNER
    finding = only(load(text))
    assert (str(finding.place), finding.message) == ("letter.yaml:8:9", "the id `note` is given twice")


def test_a_duplicate_id_is_found_at_any_depth() -> None:
    text = SMALL + INNER + "files: [{ file: a.png, role: facsimile, id: inner }]\n"
    assert brief(load(text)) == [("letter.yaml:12:45", "description.id-twice")]


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (
            "creators: [{ name: A, role: author, attribution: { status: attributed, basis: [nothing] } }]",
            "12:80",
        ),
        ("custody: [{ event: seizure, label: L, evidence: [inner, nothing] }]", "12:57"),
        ("files: [{ file: a.png, role: facsimile, of: nothing }]", "12:45"),
        ("files: [{ file: a.png, role: derived, derived-from: nothing }]", "12:53"),
    ],
)
def test_an_unknown_id_is_reported_where_it_is_used(lines: str, place: str) -> None:
    finding = only(load(SMALL + INNER + lines + "\n"))
    assert (str(finding.place), finding.code) == (f"letter.yaml:{place}", "description.id-unknown")
    assert finding.hint == "existing ids: note, inner"


def test_an_unknown_id_is_found_at_any_depth() -> None:
    basis = "creators: [{ name: A, role: author, attribution: { status: attributed, basis: [nothing] } }]"
    text = SMALL + INNER.replace("{ title: A, id: inner,", f"{{ title: A, {basis},")
    finding = only(load(text))
    assert finding.hint == "existing ids: note"
    assert str(finding.place).startswith("letter.yaml:11:")


def test_the_hint_states_that_no_part_has_an_id() -> None:
    finding = only(load(SMALL + "custody: [{ event: seizure, label: L, evidence: [nothing] }]\n"))
    assert finding.hint == "existing ids: none"


def test_the_document_and_its_source_can_be_evidence() -> None:
    source = "{ type: book, id: politburo }"
    text = SMALL.replace("Cahiers, no 3.", source) + (
        "id: letter\ncustody: [{ event: seizure, label: L, evidence: [politburo, letter] }]\n"
    )
    assert load(text).findings == ()


def test_a_file_can_be_derived_from_a_file_or_from_an_id() -> None:
    text = SMALL.replace("letter.txt", "{ file: letter.txt, id: text }") + (
        "files:\n  - { file: a.pdf, role: derived, derived-from: letter.txt }\n"
        "  - { file: b.pdf, role: derived, derived-from: text, of: text }\n"
    )
    assert load(text).findings == ()


def test_several_transcriptions_can_have_ids() -> None:
    text = SMALL.replace("letter.txt", "[{ file: a.txt, id: one }, { file: b.txt, id: one }]")
    assert brief(load(text)) == [("letter.yaml:4:62", "description.id-twice")]


def test_missing_rights_cause_a_warning_and_are_not_guessed() -> None:
    loaded = load(SMALL.replace("rights:", "x-rights:"))
    finding = only(loaded)
    assert (finding.code, finding.severity.value, str(finding.place)) == (
        "rights.missing",
        "warning",
        "letter.yaml",
    )
    assert loaded.description is not None
    assert loaded.description.rights == ()


@pytest.mark.parametrize(
    "statement",
    ["InC", "UND", "CC0-1.0", "CC-BY-SA-4.0", "MIT", "LicenseRef-own", "https://rightsstatements.org/vocab/InC/1.0/",
     "All rights reserved"],
)  # fmt: skip
def test_a_valid_rights_statement_is_accepted(statement: str) -> None:
    assert load(SMALL.replace("UND", statement)).findings == ()


@pytest.mark.parametrize("statement", ["Inc", "CC-BY", "free", "http://"])
def test_an_unknown_rights_identifier_is_noted(statement: str) -> None:
    finding = only(load(SMALL.replace("UND", f"'{statement}'")))
    assert (finding.code, finding.severity.value) == ("rights.unknown", "note")
    assert str(finding.place) == "letter.yaml:5:21"


def test_rights_are_kept_by_layer_with_holder_and_credit() -> None:
    text = SMALL.replace(
        "original: UND", "original: { statement: InC, holder: Heirs, credit: ©, note: N }, package: CC0-1.0"
    )
    original, package = described(text).rights
    assert (original.layer, original.statement, original.holder, original.credit, original.note) == (
        "original",
        "InC",
        "Heirs",
        "©",
        "N",
    )
    assert (package.layer, package.statement, package.holder) == ("package", "CC0-1.0", None)


def test_two_different_faults_are_reported_together() -> None:
    text = SMALL.replace("UND", "free") + INNER + "files: [{ file: a.png, role: facsimile, of: nothing }]\n"
    assert codes(load(text)) == ["rights.unknown", "description.id-unknown"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("files: [{ file: a.jpg, role: facsimile }, { file: a.jpg, role: other }]",
         "`a.jpg` is declared twice: as facsimile and as other"),
        ("files: [{ file: letter.txt, role: permission }]",
         "`letter.txt` is declared twice: as transcription and as permission"),
        (f"annexes: [{A_TEXT.format('A')}, {A_TEXT.format('B')}]",
         "`a.txt` is declared twice: as annexe “A” and as annexe “B”"),
    ],
)  # fmt: skip
def test_a_file_that_is_declared_as_two_things_is_a_warning(text: str, message: str) -> None:
    finding = only(load(SMALL + text + "\n"))
    assert (finding.code, finding.severity.value) == ("description.file-twice", "warning")
    assert finding.message == message


@pytest.mark.parametrize(
    "text",
    [
        "annexes: [{ title: A, status: reproduced, within: { file: letter.txt, from-line: 2 } }]",
        f"annexes: [{A_PART.format('A', 1, 2)}, {A_PART.format('B', 3, 4)}]",
        f"annexes: [{A_NOTE}, {B_NOTE}]\nfiles: [{SCAN.format('a')}, {SCAN.format('b')}]",
    ],
)
def test_texts_that_share_a_file_are_no_fault(text: str) -> None:
    assert codes(load(SMALL + text + "\n")) == []
