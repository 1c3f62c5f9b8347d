"""Rows of cells as the values of a description: what wins, what is refused, and where it is told."""

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


def told(made: ComposedDescription) -> list[tuple[str, str]]:
    """Place and message of what is wrong with a description that was made of cells."""
    loaded = load_description(made.data, "letters.csv", places=made.places)
    return [(str(f.place), f.message) for f in (*made.findings, *loaded.findings)]


def test_the_keys_stand_in_the_order_of_the_schema_and_of_the_columns_inside() -> None:
    made = composed({"source.pages": "3", "source.type": "book", "title": "T", "x-b": "1", "x-a": "2"})
    assert list(values(made)) == ["archtool", "title", "source", "x-b", "x-a"]
    assert list(values(made)["source"]) == ["pages", "type"]


def test_items_without_cells_are_passed_over_and_named_by_their_own_numbers() -> None:
    made = composed(LETTER | {"creators.2.name": "A", "creators.2.role": "", "creators.7.name": "B"})
    assert [creator["name"] for creator in values(made)["creators"]] == ["A", "B"]
    assert [place for place, _ in told(made)] == [
        "letters.csv, row 2, column creators.2.role", "letters.csv, row 2, column creators.7.role",
    ]  # fmt: skip


def test_two_cells_that_say_one_thing_are_told_at_the_second() -> None:
    for first, second in (
        ("source", "source.type"), ("source.type", "source"), ("packager", "packager.name"),
        ("addressees", "addressees.2"), ("addressees.2", "addressees"),
        ("transcription.file", "transcription.2.file"),
    ):  # fmt: skip
        tree, (complaint,) = read({first: "book", second: "person"})
        assert str(complaint.place) == f"letters.csv, row 2, column {second}"
        assert complaint.message == f"`{second}` says again what `{first}` says already"
        assert tree


def test_what_is_missing_is_told_at_the_defaults_only_where_they_hold() -> None:
    shared = "creators:\n  - name: A\nrights: { package: CC0-1.0 }\n"
    assert told(composed(LETTER, shared)) == [("defaults.yaml:2:5", "`role` is missing in `creators[1]`")]
    own = LETTER | {"creators.1.name": "B"}
    assert told(composed(own, shared)) == [
        ("letters.csv, row 2, column creators.1.role", "`role` is missing in `creators[1]`")
    ]


def test_what_the_defaults_and_a_row_say_together_is_told_at_the_row() -> None:
    cells = {name: text for name, text in LETTER.items() if name != "source"}
    made = composed(cells | {"source.pages": "3"}, "source: { publisher: P }\n")
    assert told(made) == [
        ("letters.csv, row 2, column source.type", "`source` has neither `cite` nor `type`")
    ]
    assert values(made)["source"] == {"publisher": "P", "pages": "3"}


def test_the_cell_of_a_list_is_told_for_each_of_its_items() -> None:
    creator = {"creators.1.name": "A", "creators.1.role": "author", "creators.1.attribution.status": "stated"}
    made = composed(LETTER | creator | {"creators.1.attribution.basis": "no one; b"})
    assert [place for place, _ in told(made)] == ["letters.csv, row 2, column creators.1.attribution.basis"]


def test_nothing_said_of_the_rights_is_told_at_the_first_column_of_the_rights() -> None:
    cells = {name: text for name, text in LETTER.items() if not name.startswith("rights")}
    assert told(composed(cells)) == [
        ("letters.csv, row 2, column rights.original", "nothing is said of the rights")
    ]


def test_truth_and_numbers_are_said_as_such() -> None:
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


def test_defaults_may_leave_out_what_rows_say_and_nothing_else_may_be_wrong() -> None:
    assert defaults("transcription: { language: fr }\nsource: { publisher: P }\n").values.keys()
    for text, message in (
        ("titel: T\n", "unknown key `titel`"),
        ("date: 19-99\n", "'19-99' is not an EDTF date"),
        ("- a\n", "the description must be keys with values, found a list"),
        ("source: { date: 1932, issued: 1933 }\n",
         "`source.issued` says the same thing as `source.date`, which is there too"),
        ("", "the file says nothing"),
    ):  # fmt: skip
        found, findings = read_defaults(text.encode(), "defaults.yaml", is_json=False)
        assert (found, [finding.message for finding in findings]) == (None, [message])
    assert read_defaults(b"\xff", "d.yaml", is_json=False)[1][0].code == "description.not-utf8"
    assert read_defaults(b'{"title": 1', "d.json", is_json=True)[1][0].code == "description.syntax"
