"""The parts of a description beside its syntax faults are read and checked."""

from __future__ import annotations

import pytest

from archtool.description import placeholders
from archtool.description.document import yaml_recovery
from archtool.description.limits import MAX_CUT_PARTS
from unit.description.description_texts import SMALL, brief, codes, load, syntax

LIST = """\
annexes:
  - title: "One
    status: listed
  - title: Two
    status: listd
  - title: Three: x
    status: listed
"""
JSON = """\
{
  "archtool": 1,
  "title": "He said "no" to them",
  "date": "1932-5",
  "creators": [{"name": "A" "role": "author"}],
  "source": "Cahiers",
  "transcription": "letter.txt",
  "rights": {"original": "UND"}
}
"""


def test_each_syntax_fault_is_reported_and_the_other_keys_are_checked() -> None:
    text = SMALL.replace("Letter of", "Letter: of") + "date: 1932-5\noriginal: [ru\nauthor: A\n"
    assert brief(load(text)) == [
        ("letter.yaml:2:14", "description.syntax"),
        ("letter.yaml:6:7", "description.date"),
        ("letter.yaml:7:11", "description.syntax"),
        ("letter.yaml:8:1", "description.unknown-key"),
    ]


def test_a_faulty_item_of_a_list_is_left_out_and_the_others_keep_their_numbers() -> None:
    loaded = load(SMALL + LIST)
    assert brief(loaded) == [
        ("letter.yaml:7:12", "description.syntax"),
        ("letter.yaml:10:13", "description.wrong-value"),
        ("letter.yaml:11:17", "description.syntax"),
    ]
    assert "`annexes[2].status`" in loaded.findings[1].message


def test_a_faulty_key_is_not_missing() -> None:
    assert codes(load(SMALL.replace("source: Cahiers", "source: @Cahiers"))) == ["description.syntax"]
    assert codes(load(SMALL.replace("source: ", "source "))) == ["description.syntax"]
    assert codes(load(SMALL.replace("rights: { original: UND }", 'rights: { original: "UND }'))) == [
        "description.syntax"
    ]


def test_a_quotation_mark_that_is_not_closed_ends_with_its_part() -> None:
    loaded = load(
        SMALL.replace("Letter", '"Letter').replace("Cahiers, no 3.", '"Cahiers"') + "date: 1932-5\n"
    )
    assert brief(loaded) == [
        ("letter.yaml:2:8", "description.syntax"),
        ("letter.yaml:6:7", "description.date"),
    ]


@pytest.mark.parametrize(("sign", "other"), [("[", "]"), ("{", "}")])
def test_a_bracket_that_is_not_closed_is_reported_where_it_opens(sign: str, other: str) -> None:
    finding = syntax(load(SMALL + f"creators: {sign}\ndate: 1932\n"))
    assert str(finding.place) == "letter.yaml:6:11"
    assert (finding.message, finding.hint) == (
        f"not YAML: `{sign}` is opened here and never closed",
        f"close it with `{other}`",
    )


def test_lines_that_can_belong_to_an_open_bracket_are_not_read() -> None:
    text = SMALL + 'original: {\nlanguage: rus,\nsigned: fal"se: [\n}\ndate: 1932-5\n'
    assert brief(load(text)) == [
        ("letter.yaml:6:11", "description.syntax"),
        ("letter.yaml:10:7", "description.date"),
    ]


def test_a_second_document_is_not_read() -> None:
    assert codes(load(SMALL + "date: 1932-5\n---\n" + SMALL + "tittle: A\n")) == [
        "description.date",
        "description.syntax",
    ]


def test_a_key_that_is_an_alias_can_stand_for_any_key() -> None:
    assert codes(load(SMALL.replace("title:", "*title:"))) == ["description.anchor"]


def test_a_value_that_is_given_twice_hides_no_file() -> None:
    loaded = load(SMALL + "files: [{ file: a.tif, role: other }]\nfiles: [{ file: b.tif, role: other }]\n")
    assert codes(loaded) == ["description.duplicate-key"]
    assert loaded.sound is not None
    mentioned = loaded.sound.doubts.mentioned_files()
    assert mentioned.can_be("b.tif")
    assert not mentioned.can_be("c.tif")


def test_after_too_many_faults_nothing_more_is_read() -> None:
    faults = "".join(f"x-{number}: @a\n" for number in range(MAX_CUT_PARTS + 5))
    found = codes(load(SMALL + faults))
    assert found == ["description.syntax"] * (MAX_CUT_PARTS + 1)


def test_a_large_text_is_read_up_to_its_first_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_recovery, "MAX_RECOVERED_CHARS", 10)
    assert codes(load(SMALL.replace("Letter", "@Letter") + "date: 1932-5\n")) == ["description.syntax"]


def test_a_text_without_a_key_is_refused_with_its_first_fault() -> None:
    assert brief(load("@\n")) == [("letter.yaml:1:1", "description.syntax")]


def test_the_keys_beside_a_fault_in_json_are_read() -> None:
    loaded = load(JSON, is_json=True)
    assert brief(loaded) == [
        ("letter.json:3:22", "description.syntax"),
        ("letter.json:4:11", "description.date"),
        ("letter.json:5:29", "description.syntax"),
    ]
    assert (
        loaded.findings[0].hint
        == 'write a comma after the value before it; a text is in double quotes, with \\" inside it'
    )


def test_after_brackets_that_do_not_match_the_rest_of_json_is_not_read() -> None:
    loaded = load(JSON.replace('"no"', "no").replace('[{"name"', '[[{"name"'), is_json=True)
    assert codes(loaded) == ["description.date", "description.syntax"]


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ('"1932-5"', '"1932-05",,', 'write `"key": value`'),
        ('"UND"}\n}', '"UND",}\n}', "delete the comma before it: there is none after the last value"),
        ('"source"', "'source'", 'write `"key": value`'),
        ('"Cahiers"', "Cahiers", "put a text in double quotes"),
        ('"Cahiers"', '"Cahiers', "close the text on its line, or write \\n for a line end"),
        ('"UND"}\n}', '"UND"}', "close every bracket: `{` with `}`, and `[` with `]`"),
        ('"UND"}\n}', '"UND"}\n}}', "delete it, or the `}` before it"),
    ],
)
def test_a_fault_in_json_has_a_hint(old: str, new: str, hint: str) -> None:
    text = JSON.replace('"no"', "no").replace('"A" "role"', '"A", "role"').replace("1932-5", "1932-05")
    assert load(text, is_json=True).findings == ()
    assert syntax(load(text.replace(old.replace("1932-5", "1932-05"), new), is_json=True)).hint == hint


def test_after_too_many_faults_in_json_nothing_more_is_read() -> None:
    faulty = ",\n".join(f'"x-{number}": {{"a" 1}}' for number in range(MAX_CUT_PARTS + 2))
    loaded = load("{\n" + faulty + "\n}", is_json=True)
    assert loaded.description is None
    assert 0 < codes(loaded).count("description.syntax") <= MAX_CUT_PARTS + 1
    assert loaded.sound is None


def test_a_placeholder_that_is_a_wrong_value_too_has_one_finding() -> None:
    annexes = f'annexes: [{{ title: A, status: "{placeholders.TITLE}" }}]\n'
    assert codes(load(SMALL + annexes)) == ["description.wrong-value"]
