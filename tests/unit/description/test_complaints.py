"""Every finding states the fault, its place and the correction; all are reported at once."""

from __future__ import annotations

import json

import pytest

from archtool.description.document.nodes import FindingCollector
from archtool.description.document.schema_messages import report_schema_faults
from archtool.description.document.typing import TypedValues
from archtool.description.finding_kinds import FILE_PATH
from archtool.schemas import SchemaFault
from unit.description.description_texts import SMALL, brief, codes, described, load, only

SHAPE = "write a value of the expected type"
NOTHING = "delete the line if there is no value"
TOP_KEYS = (
    "archtool, id, title, title-status, genre, date, place, abstract, language, creators, "
    "addressees, original …"
)

TEN_FAULTS = """\
archtool: 2
titel: Letter of the bureau
date: avril 1932
language: french
source: { type: chaptre, pages: 3-16 }
transcription: { file: ../letter.txt, encoding: latin-9000 }
original: { signed: yes }
annexes: [{ title: Note, status: reprodused }]
rights: {}
note:
"""


def test_ten_faults_cause_ten_findings_in_reading_order() -> None:
    assert brief(load(TEN_FAULTS)) == [
        ("letter.yaml:1:1", "description.missing-key"),
        ("letter.yaml:1:11", "description.wrong-value"),
        ("letter.yaml:2:1", "description.unknown-key"),
        ("letter.yaml:3:7", "description.date"),
        ("letter.yaml:4:11", "description.language"),
        ("letter.yaml:5:17", "description.wrong-value"),
        ("letter.yaml:6:24", "description.file-path"),
        ("letter.yaml:6:49", "description.encoding"),
        ("letter.yaml:7:21", "description.wrong-type"),
        ("letter.yaml:8:34", "description.wrong-value"),
        ("letter.yaml:9:9", "description.wrong-value"),
        ("letter.yaml:10:1", "description.no-value"),
    ]


def test_every_finding_has_a_hint() -> None:
    findings = load(TEN_FAULTS).findings
    assert [finding.message for finding in findings if not finding.hint] == []
    assert [finding.message for finding in findings if finding.message[0].isupper()] == []
    assert len(findings) == 12


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("colection: a", "unknown key `colection`", "did you mean `collection`?"),
        ("Notes: a", "unknown key `Notes`", "did you mean `note`?"),
        ("zzz: a", "unknown key `zzz`", f"use one of: {TOP_KEYS}"),
        ("original: { langage: fr }", "unknown key `langage` in `original`", "did you mean `language`?"),
        ("addressees: [{ nam: A }, B]", "`name` is missing in `addressees[1]`",
         "add `name:` (the name), for instance: Christian Rakovsky"),
    ],
)  # fmt: skip
def test_an_unknown_key_gets_the_nearest_known_one_as_hint(line: str, message: str, hint: str) -> None:
    found = [(f.message, f.hint) for f in load(SMALL + line + "\n").findings]
    assert (message, hint) in found


def test_a_custom_key_is_kept_with_any_value() -> None:
    extras = described(SMALL + "x-box: 007\nx-shelf: { a: [b, { c: no }] }\nx-nothing:\n").extras
    assert extras == {"x-box": "007", "x-shelf": {"a": ["b", {"c": "no"}]}, "x-nothing": None}


@pytest.mark.parametrize(
    "part",
    [
        "original: { x-box: 1 }", "creators: [{ name: A, role: author, x-viaf: 1 }]",
        "packager: { name: A, x-b: 1 }", "annexes: [{ title: A, status: listed, x-b: 1 }]",
        "files: [{ file: a.png, role: facsimile, x-b: 1 }]",
        "translation: { to: fr, x-b: 1 }", "custody: [{ event: sale, label: A, x-b: 1 }]",
        "tag-files: [{ file: a.txt, x-b: 1 }]",
    ],
)  # fmt: skip
def test_a_custom_key_is_kept_in_every_part(part: str) -> None:
    loaded = load(f"{SMALL}{part}\n")
    assert codes(loaded) == []
    assert loaded.description is not None
    assert list(loaded.description.extras.values()) == ["1"]


def test_every_missing_key_is_reported_with_an_example() -> None:
    found = {f.message: f.hint for f in load("genre: letter\n").findings}
    assert list(found) == [f"`{key}` is missing" for key in ("archtool", "source", "title", "transcription")]
    assert found["`archtool` is missing"] == "add `archtool:` (the version of this format), for instance: 1"
    assert "for instance: letter.txt, scans/0001.tif" in (found["`transcription` is missing"] or "")


def test_a_source_must_have_a_type_or_a_citation() -> None:
    finding = only(load(SMALL.replace("Cahiers, no 3.", "{ pages: 3-16 }")))
    assert finding.message == "`source` has neither `cite` nor `type`"
    assert "manuscript" in (finding.hint or "")


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("place: [Prague]", "`place` must be text, found a list", SHAPE),
        ("place: { in: Prague }", "`place` must be text, found keys with values", SHAPE),
        ("creators: Rakovsky", "`creators` must be a list, found 'Rakovsky'", SHAPE),
        ("original: ru", "`original` must be keys with values, found 'ru'", SHAPE),
        ("addressees: [[A]]", "`addressees[1]` must be text or keys with values, found a list",
         SHAPE),
        ("translation: { to: [fr] }", "`translation.to` must be text, found a list", "for instance: fr"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_reported_with_the_expected_type(
    line: str, message: str, hint: str
) -> None:
    finding = only(load(SMALL + line + "\n"))
    assert (finding.code, finding.message, finding.hint) == ("description.wrong-type", message, hint)


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("title-status: suplied",
         "`title-status` cannot be 'suplied'; it is one of: formal, supplied", "did you mean `supplied`?"),
        ("title-status: ~",
         "`title-status` cannot be '~'; it is one of: formal, supplied", "use one of: formal, supplied"),
        ("id: a b",
         "`id` cannot be 'a b': The identifier of the package: letters, digits, `.`, `_`, `:`, `-`",
         "for instance: rakovsky-1932-appel"),
        ("place: ''", "`place` cannot be '': it must not be empty", NOTHING),
        ("language: ''", "`language` cannot be '': it must not be empty", "for instance: fr"),
        ("custody: []", "`custody` cannot be an empty list: it must not be empty",
         NOTHING),
        ("annexes: [{ title: A, status: reproduced, within: { file: letter.txt, from-line: 0 } }]",
         "`annexes[1].within.from-line` cannot be 0: the minimum is 1", "for instance: 207"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_allowed_is_reported_with_the_allowed_ones(
    line: str, message: str, hint: str
) -> None:
    finding = only(load(SMALL + line + "\n"))
    assert (finding.code, finding.message, finding.hint) == ("description.wrong-value", message, hint)


def test_a_long_list_of_possible_values_is_cut() -> None:
    finding = only(load(SMALL.replace("Cahiers, no 3.", "{ type: zzz }")))
    assert finding.message.endswith(" …")
    assert finding.hint is not None
    assert finding.hint.endswith(" …")


def test_a_date_in_parts_has_no_more_than_year_month_and_day() -> None:
    source = "{ type: book, issued: { date-parts: [[1932, 4, 1, 2]] } }"
    finding = only(load(SMALL.replace("Cahiers, no 3.", source)))
    assert finding.message.startswith("`source.issued.date-parts[1]` cannot be a list: ")


def test_a_fault_without_a_message_of_its_own_gets_that_of_the_validator() -> None:
    complaints = FindingCollector("letter.yaml", [])
    fault = SchemaFault((), "multipleOf", 2, 3, "3 is not a multiple of 2", {})
    report_schema_faults((fault, fault), TypedValues({}, {}, {}), complaints)
    (finding,) = complaints
    assert finding.message == "the description cannot be 3: 3 is not a multiple of 2"


def test_a_missing_value_is_reported_at_its_key() -> None:
    finding = only(load(SMALL + "original:\n  language:\n"))
    assert (str(finding.place), finding.message) == ("letter.yaml:7:3", "`original.language` has no value")


def test_a_missing_list_item_is_reported_at_its_dash() -> None:
    assert brief(load(SMALL + "left-out:\n  - \n  - b\n")) == [("letter.yaml:7:4", "description.no-value")]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("/etc/passwd", "is absolute"),
        ("a/../../b", "climbs out of its folder"),
        ("./a", "is not in its plain form"),
        ("a//b", "is not in its plain form"),
        ("~/a", "starts with `~`"),
    ],
)
def test_a_file_path_is_relative_to_the_folder_of_the_description(file: str, why: str) -> None:
    finding = only(load(SMALL.replace("letter.txt", json.dumps(file))))
    assert finding.code == FILE_PATH.code
    assert finding.message.startswith(f"'{file}' {why}")


def test_a_field_of_the_source_is_given_under_one_name_only() -> None:
    source = "{ type: book, date: 1932, pages: 3, place: Prague, issued: 1933, page: '4' }"
    loaded = load(SMALL.replace("Cahiers, no 3.", source))
    assert [f.message for f in loaded.findings] == [
        "`source.issued` and `source.date` mean the same field: only one can be given",
        "`source.page` and `source.pages` mean the same field: only one can be given",
    ]
    assert set(codes(loaded)) == {"description.duplicate-key"}


def test_a_finding_about_a_single_transcription_has_its_line_in_each_notation() -> None:
    for written, place in (("a.txt", "4:16"), ("{ file: a.txt }", "4:24"), ("[{ file: a.txt }]", "4:25")):
        loaded = load(SMALL.replace("letter.txt", written))
        finding = loaded.placed(("transcription", 0, "file"), FILE_PATH.at("a.txt"))
        assert str(finding.place) == f"letter.yaml:{place}"


def test_a_finding_about_a_missing_value_has_the_line_of_its_parent() -> None:
    loaded = load(SMALL + "original: { language: ru }\n")
    assert str(loaded.placed(("original", "medium"), FILE_PATH.at("")).place) == "letter.yaml:6:11"
    assert str(loaded.placed(("place",), FILE_PATH.at("")).place) == "letter.yaml"
