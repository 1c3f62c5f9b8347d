"""Rows of cells become the values of a description; faults are reported at their cells."""

from __future__ import annotations

from typing import Any

from archtool.description.document.nodes import FindingCollector
from archtool.description.document.typing import type_values
from archtool.description.document.yaml_reader import read_yaml
from archtool.description.loading import load_description
from archtool.description.table.cells import Defaults, RowReader, Tree
from archtool.description.table.columns import find_column
from archtool.description.table.row_to_text import ComposedDescription, compose, read_defaults
from archtool.findings import Finding, Place

LETTER = {"title": "T", "source": "S", "transcription": "letter.txt", "rights.package": "CC0-1.0"}
ROW = Place("letters.csv", row=2)


def read(cells: dict[str, str]) -> tuple[Tree, list[Finding]]:
    reader = RowReader("letters.csv", None, [find_column(name) for name in cells])
    return reader.read(2, list(cells.values())), reader.complaints


def defaults(text: str) -> Defaults:
    found, findings = read_defaults(text.encode(), "defaults.yaml", is_json=False)
    assert found is not None, findings
    return found


def composed(cells: dict[str, str], shared: str | None = None) -> ComposedDescription:
    tree, complaints = read(cells)
    return compose(tree, ROW, None if shared is None else defaults(shared), (), complaints)


def values(made: ComposedDescription) -> Any:
    return type_values(
        read_yaml(made.data.decode(), FindingCollector("", [])),
        "description.schema.json",
        FindingCollector("", []),
    ).data


def placed_findings(made: ComposedDescription) -> list[tuple[str, str]]:
    """Return the place and message of each finding about a description composed from cells."""
    loaded = load_description(made.data, "letters.csv", places=made.places)
    return [(str(f.place), f.message) for f in (*made.findings, *loaded.findings)]


def test_keys_are_in_the_order_of_the_schema_and_inner_keys_in_that_of_the_columns() -> None:
    made = composed({"source.pages": "3", "source.type": "book", "title": "T", "x-b": "1", "x-a": "2"})
    assert list(values(made)) == ["archtool", "title", "source", "x-b", "x-a"]
    assert list(values(made)["source"]) == ["pages", "type"]


def test_items_without_cells_are_skipped_and_the_others_keep_their_numbers() -> None:
    made = composed(LETTER | {"creators.2.name": "A", "creators.2.role": "", "creators.7.name": "B"})
    assert [creator["name"] for creator in values(made)["creators"]] == ["A", "B"]
    assert [place for place, _ in placed_findings(made)] == [
        "letters.csv, row 2, column creators.2.role", "letters.csv, row 2, column creators.7.role",
    ]  # fmt: skip


def test_two_conflicting_cells_are_reported_at_the_second() -> None:
    for first, second in (
        ("source", "source.type"), ("source.type", "source"), ("packager", "packager.name"),
        ("addressees", "addressees.2"), ("addressees.2", "addressees"),
        ("transcription.file", "transcription.2.file"),
    ):  # fmt: skip
        tree, (complaint,) = read({first: "book", second: "person"})
        assert str(complaint.place) == f"letters.csv, row 2, column {second}"
        assert complaint.message == f"`{second}` and `{first}` exclude each other"
        assert tree


def test_a_missing_value_is_reported_in_the_defaults_only_where_they_apply() -> None:
    shared = "creators:\n  - name: A\nrights: { package: CC0-1.0 }\n"
    assert placed_findings(composed(LETTER, shared)) == [
        ("defaults.yaml:2:5", "`role` is missing in `creators[1]`")
    ]
    own = LETTER | {"creators.1.name": "B"}
    assert placed_findings(composed(own, shared)) == [
        ("letters.csv, row 2, column creators.1.role", "`role` is missing in `creators[1]`")
    ]


def test_a_conflict_of_defaults_and_row_is_reported_at_the_row() -> None:
    cells = {name: text for name, text in LETTER.items() if name != "source"}
    made = composed(cells | {"source.pages": "3"}, "source: { publisher: P }\n")
    assert placed_findings(made) == [
        ("letters.csv, row 2, column source.type", "`source` has neither `cite` nor `type`")
    ]
    assert values(made)["source"] == {"publisher": "P", "pages": "3"}


def test_each_item_of_a_list_is_reported_at_its_cell() -> None:
    creator = {"creators.1.name": "A", "creators.1.role": "author", "creators.1.attribution.status": "stated"}
    made = composed(LETTER | creator | {"creators.1.attribution.basis": "no one; b"})
    cell = "letters.csv, row 2, column creators.1.attribution.basis"
    assert [place for place, _ in placed_findings(made)] == [cell, cell]
    assert {message.partition(":")[0] for _, message in placed_findings(made)} == {
        "there is no id `b`",
        "`creators[1].attribution.basis[1]` cannot be 'no one'",
    }


def test_missing_rights_are_reported_at_the_first_rights_column() -> None:
    cells = {name: text for name, text in LETTER.items() if not name.startswith("rights")}
    assert placed_findings(composed(cells)) == [
        ("letters.csv, row 2, column rights.original", "no rights are stated")
    ]


def test_booleans_and_numbers_are_typed() -> None:
    made = composed(
        LETTER | {"original.signed": "FALSE", "annexes.1.within.from-line": "12", "archtool": "1"}
    )
    assert values(made)["original"] == {"signed": False}
    assert values(made)["annexes"][0]["within"] == {"from-line": 12}
    _, complaints = read({"original.signed": "no", "annexes.1.within.from-line": "012", "archtool": "one"})
    assert [c.message for c in complaints] == [
        "`original.signed` must be `true` or `false`, found 'no'",
        "`annexes.1.within.from-line` must be a whole number, found '012'",
        "`archtool` must be a whole number, found 'one'",
    ]


def test_defaults_may_be_incomplete_but_not_wrong() -> None:
    assert defaults("transcription: { language: fr }\nsource: { publisher: P }\n").values.keys()
    for text, message in (
        ("titel: T\n", "unknown key `titel`"),
        ("date: 19-99\n", "'19-99' is not an EDTF date"),
        ("- a\n", "the description must be keys with values, found a list"),
        ("source: { date: 1932, issued: 1933 }\n",
         "`source.issued` and `source.date` mean the same field: only one can be given"),
        ("", "the file contains no description"),
    ):  # fmt: skip
        found, findings = read_defaults(text.encode(), "defaults.yaml", is_json=False)
        assert (found, [finding.message for finding in findings]) == (None, [message])
    assert read_defaults(b"\xff", "d.yaml", is_json=False)[1][0].code == "description.not-utf8"
    assert read_defaults(b'{"title": 1', "d.json", is_json=True)[1][0].code == "description.syntax"


def test_a_date_in_digits_without_a_stated_order_is_reported_once_with_the_option() -> None:
    made = composed(LETTER | {"date": "03/06/1932"})
    assert placed_findings(made) == [
        ("letters.csv, row 2, column date",
         "'03/06/1932' does not show which part is the day and which is the month")
    ]  # fmt: skip
    (finding,) = made.findings
    assert "--date-order date=dmy or --date-order date=mdy" in (finding.hint or "")


def test_what_is_missing_is_shown_as_a_column() -> None:
    made = composed(LETTER | {"creators.1.name": "A"})
    loaded = load_description(made.data, "letters.csv", places=made.places)
    (finding,) = loaded.findings
    assert (str(finding.place), finding.message) == (
        "letters.csv, row 2, column creators.1.role",
        "`role` is missing in `creators[1]`",
    )
    assert finding.hint is not None
    assert finding.hint.startswith("fill in the column `creators.1.role` (the role")
