"""Every finding states the fault, its place and the correction; all are reported at once."""

from __future__ import annotations

import json

import pytest

from archtool.description.document.nodes import FindingCollector
from archtool.description.document.schema_messages import report_schema_faults
from archtool.description.document.typing import TypedValues
from archtool.description.finding_kinds import ENCODING, FILE_PATH
from archtool.schemas import SchemaFault
from unit.description.description_texts import SMALL, brief, codes, described, load, only

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


def test_every_fault_causes_one_finding_in_reading_order() -> None:
    assert brief(load(TEN_FAULTS)) == [
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
    assert len(findings) == 11


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("colection: a", "unknown key `colection`", "did you mean `collection`?"),
        ("Notes: a", "unknown key `Notes`", "did you mean `note`?"),
        ("zzz: a", "unknown key `zzz`", f"use one of: {TOP_KEYS}; or keep it as `x-zzz`"),
        ("original: { langage: fr }", "unknown key `langage` in `original`", "did you mean `language`?"),
        ("addressees: [{ nam: A }, B]", "unknown key `nam` in `addressees[1]`", "did you mean `name`?"),
        ("addressees: [{ type: person }, B]", "`name` is missing in `addressees[1]`",
         "add `name:` (the name), for instance: Christian Rakovsky"),
    ],
)  # fmt: skip
def test_an_unknown_key_gets_the_nearest_known_one_as_hint(line: str, message: str, hint: str) -> None:
    found = [(f.message, f.hint) for f in load(SMALL + line + "\n").findings]
    assert (message, hint) in found


def meant(key: str, *example: str) -> str:
    return "\n".join([f"did you mean `{key}`? For instance:", *example])


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("author: Trotsky", meant("creators", "creators:", "  - { name: Trotsky, role: author }")),
        ("Creator: [{ name: A, role: author }]", "did you mean `creators`?"),
        ("année: 1932",
         ("did you mean `date`? It is the date of the document; the year of a publication belongs to the "
          "text of `source`")),
        ("date: 1932\nJahr: 1979",
         ("`date` of the document is there already, and the year of a publication is in the text of "
          "`source`; or keep it as `x-jahr`")),
        ("publisher: Maspero",
         ("it belongs to `source`, which is given as one text: write it there, or divide the text into keys "
          "(`type`, `title`, `publisher` …); or keep it as `x-publisher`")),
        ("attachments: a.txt", meant("annexes", "annexes:",
         "  - { title: Note of the secretariat, status: reproduced, file: a.txt }")),
        ("translator: Jean",
         meant("translation.translators", "translation:", "  { to: fr, translators: [Jean] }")),
        ("archive: RGASPI", meant("original.held-by", "original:", "  held-by: RGASPI")),
        ("lang: rus", "did you mean `language`? For instance: `language: ru`"),
        ("dated: mai 1932", "did you mean `date`? For instance: `date: 1932-05`"),
        ("files: [{ file: a, type: Scan }]", "did you mean `role`? For instance: `role: facsimile`"),
        ("attachments: [a.txt]", meant("annexes", "annexes:",
         "  - { title: Note of the secretariat, status: reproduced, file: a.txt }")),
        ("recipients: [A, B]", "did you mean `addressees`?"),
        ("within: { file: letter.txt, from-line: 2 }",
         f"it is a key of an annexe; here, use one of: {TOP_KEYS}; or keep it as `x-within`"),
        ("licence: InC", "`rights` is there already: keep one of the two; or keep it as `x-licence`"),
        ("original: { genre: letter }",
         "did you mean `genre`? It is a key of the description itself, not of `original`"),
        ("annexes: [{ title: A, status: listed, line: 3 }]",
         meant("within.from-line", "within:", "  { file: letter.txt, from-line: 3 }")),
    ],
)  # fmt: skip
def test_a_key_is_found_by_its_meaning_and_its_shape_is_shown(text: str, hint: str) -> None:
    assert only(load(SMALL + text + "\n")).hint == hint


def hints_for_unknown_keys(text: str) -> list[str | None]:
    return [f.hint for f in load(text).findings if f.code == "description.unknown-key"]


NO_SOURCE = SMALL.replace("source: Cahiers, no 3.\n", "")


def test_a_year_is_that_of_the_document_before_that_of_its_source() -> None:
    assert hints_for_unknown_keys(NO_SOURCE + "year: 1932\n") == [
        "did you mean `date`? It is the date of the document; the year of a publication is `source.date`"
    ]


def test_a_year_beside_the_date_of_the_document_is_that_of_its_source() -> None:
    assert hints_for_unknown_keys(NO_SOURCE + "date: 1932\nyear: 1979\n") == [
        "did you mean `source.date`? For instance:\nsource:\n  { type: book, date: 1979 }"
    ]


def test_keys_of_one_object_are_shown_once_with_the_object() -> None:
    assert hints_for_unknown_keys(NO_SOURCE + "publisher: Maspero\npages: 12-14\n") == [
        meant("source.publisher", "source:", "  { type: book, publisher: Maspero }"),
        "did you mean `source.pages`? Add to the keys of `source`: `pages: 12-14`",
    ]


def test_a_key_of_an_object_that_is_there_is_shown_without_the_object() -> None:
    assert hints_for_unknown_keys(SMALL + "original: { signed: true }\narchive: RGASPI\n") == [
        "did you mean `original.held-by`? Add to the keys of `original`: `held-by: RGASPI`"
    ]


def test_two_words_for_one_key_of_an_object_are_not_suggested_twice() -> None:
    hints = hints_for_unknown_keys(SMALL + "archive: RGASPI\nrepository: IISG\n")
    assert hints[1] == (
        "another key means `original.held-by` already: write one of the two; or keep it as `x-repository`"
    )


def test_two_words_for_one_list_are_not_suggested_as_two_lists() -> None:
    first, second = load(SMALL + "author: A\nsender: B\n").findings
    assert (first.hint or "").startswith("did you mean `creators`?")
    assert (second.hint or "").startswith(
        "`creators` is there already: write it as one more item of that list"
    )


def test_the_fields_of_the_author_are_shown_in_a_list() -> None:
    assert only(load(SMALL + "creators: { name: A, role: author }\n")).hint == (
        "for instance:\ncreators:\n  - { name: A, role: author }"
    )


def test_a_licence_in_an_example_is_written_as_it_is_accepted() -> None:
    text = SMALL.replace("{ original: UND }", "cc0")
    assert only(load(text)).hint == "for instance:\nrights:\n  original: CC0-1.0"


def test_an_example_for_json_is_written_in_json() -> None:
    text = '{"archtool": 1, "title": "T", "source": "S", "transcription": "l", "rights": "UND"}'
    assert only(load(text, is_json=True)).hint == 'for instance:\n"rights":\n  {"original": "UND"}'


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
    missing = [f"`{key}` is missing" for key in ("archtool", "source", "title", "transcription")]
    assert list(found) == ["no rights are stated", *missing]
    assert found["`archtool` is missing"] == "add `archtool:` (the version of this format), for instance: 1"
    assert "for instance: letter.txt, scans/0001.tif" in (found["`transcription` is missing"] or "")


def test_a_source_must_have_a_type_or_a_citation() -> None:
    finding = only(load(SMALL.replace("Cahiers, no 3.", "{ pages: 3-16 }")))
    assert finding.message == "`source` has neither `cite` nor `type`"
    assert "manuscript" in (finding.hint or "")


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("place: [Prague]", "`place` must be text, found a list", "for instance: `place: Prague`"),
        ("place: { in: Prague }", "`place` must be text, found keys with values", "for instance: `place: …`"),
        ("creators: Rakovsky", "`creators` must be a list, found 'Rakovsky'",
         "for instance:\ncreators:\n  - { name: Rakovsky, role: author }"),
        ("original: ru", "`original` must be keys with values, found 'ru'",
         "for instance:\noriginal:\n  language: ru"),
        ("addressees: [[A]]", "`addressees[1]` must be text or keys with values, found a list",
         "for instance:\naddressees:\n  - A"),
        ("translation: { to: [fr] }", "`translation.to` must be text, found a list",
         "for instance: `to: fr`"),
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
         "did you mean `a-b`?"),
        ("id: '??'",
         "`id` cannot be '??': The identifier of the package: letters, digits, `.`, `_`, `:`, `-`",
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


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("files: [{ file: ./scans//a.tif, role: other }]", "did you mean `scans/a.tif`?"),
        ("files: [{ file: ../a.tif, role: other }]", FILE_PATH.advice),
        ("annexes: [{ title: A, status: lost, enclosures-stated: '3' }]",
         "for instance: `enclosures-stated: 3`"),
        ("original: { signed: oui }", "did you mean `true`?"),
        ("files: [{ file: a, role: Facsimiles }]", "did you mean `facsimile`?"),
        ("files: [{ file: a, role: scan }]", "did you mean `facsimile`?"),
        ("files: [{ id: scan-1, file: a, role: other }, { file: b, role: other, of: Scan_1 }]",
         "did you mean `scan-1`?"),
    ],
)  # fmt: skip
def test_the_nearest_value_is_suggested(line: str, hint: str) -> None:
    assert only(load(SMALL + line + "\n")).hint == hint


@pytest.mark.parametrize(
    ("encoding", "hint"),
    [
        ("ansi", "did you mean `windows-1252`?"),
        ("win-1251", "did you mean `windows-1251`?"),
        ("nothing", ENCODING.advice),
    ],
)
def test_the_nearest_encoding_is_suggested(encoding: str, hint: str) -> None:
    text = SMALL.replace("letter.txt", f"{{ file: letter.txt, encoding: {encoding} }}")
    assert only(load(text)).hint == hint


def test_an_id_that_another_part_has_is_not_suggested() -> None:
    text = SMALL + "annexes: [{ id: a-b, title: A, status: listed }, { id: a b, title: B, status: listed }]\n"
    assert only(load(text)).hint == "for instance: balitsky-letter"
