"""Every value of a description has a column in a table, and there are no other columns."""

from __future__ import annotations

import pytest

from archtool.batch.sources.table_columns import OWN_OF_ANNEXES, OWN_OF_PACKAGES
from archtool.description.table.columns import all_columns, column_name, find_column, names_files
from archtool.schemas import load_schema


def test_every_listed_column_is_found_by_its_name() -> None:
    for of in (None, "annexes"):
        for column in all_columns(of):
            found = find_column(column.name.replace(".N", ".7"), of)
            assert found is not None, column.name
            assert (found.types, found.schema) == (column.types, column.schema)


def test_every_simple_key_of_the_schema_has_a_column() -> None:
    schema = load_schema("description.schema.json")
    simple = {
        key for key, value in schema["properties"].items() if value.get("type") in ("string", "integer")
    }
    assert simple <= {column.name for column in all_columns()}
    fields = {f"source.{key}" for key in schema["$defs"]["source"]["properties"]}
    assert fields <= {".".join(map(str, column.path[:2])) for column in all_columns()}
    annexe = set(schema["$defs"]["annexe"]["properties"]) - {"enclosures"}
    assert annexe == {str(column.path[0]) for column in all_columns("annexes")}


def test_the_own_columns_of_a_table_are_not_keys_of_a_description() -> None:
    assert [name for name in OWN_OF_PACKAGES if find_column(name)] == []
    assert [name for name in OWN_OF_ANNEXES if find_column(name, "annexes")] == []


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("title", {"string"}),
        ("original.signed", {"boolean"}),
        ("annexes.1.within.from-line", {"integer"}),
        ("creators.12.attribution.basis", {"list"}),
        ("creators.1.attribution.basis.2", {"string"}),
        ("addressees", {"list"}),
        ("addressees.1.name", {"string"}),
        ("transcription", {"string"}),
        ("transcription.1.file", {"string"}),
        ("transcription.file", {"string"}),
        ("source.date.date-parts.1.1", {"integer", "string"}),
        ("annexes.1.enclosures.2.enclosures.3.title", {"string"}),
        ("x-anything at all", {"string"}),
        ("creators.1.x-viaf", {"string"}),
        ("bag-info.Contact-Email", {"string"}),
        ("bag-info.No. of boxes", {"string"}),
        ("bag-info.Contact-Email.2", {"string"}),
        ("tag-files.1.as", {"string"}),
    ],
)
def test_a_column_has_the_types_of_its_value(name: str, types: set[str]) -> None:
    column = find_column(name)
    assert column is not None
    assert column.types == types


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "Title", "title ", "creators", "creators.0.name", "creators.1000.name", "creators.N.name",
        "title.1", "annexes.1.enclosures", "rights", "properties", "a" * 1000,
        "annexes." + "1.enclosures." * 40 + "1.title",
    ],
)  # fmt: skip
def test_other_names_are_not_columns(name: str) -> None:
    assert find_column(name) is None


def test_enclosures_of_annexes_have_rows_instead_of_columns() -> None:
    assert find_column("enclosures.1.title", "annexes") is None
    assert find_column("within.file", "annexes") is not None


def test_a_value_of_several_cells_is_named_by_its_first_column() -> None:
    assert column_name(("rights",)) == "rights.original"
    assert column_name(("creators", 2)) == "creators.2.name"
    assert column_name(("within",), "annexes") == "within.file"
    assert column_name(("bag-info",)) == "bag-info.LABEL"
    assert column_name(("bag-info", "Contact-Email")) == "bag-info.Contact-Email"


def test_a_label_with_full_stops_is_one_part_of_its_column() -> None:
    for name, path in (
        ("bag-info.No. of boxes", ("bag-info", "No. of boxes")),
        ("bag-info.Vol. A.2", ("bag-info", "Vol. A", 2)),
    ):
        column = find_column(name)
        assert column is not None
        assert column.path == path


def test_columns_that_name_files_are_recognised() -> None:
    names = {column.name for column in all_columns() if names_files(column)}
    assert {"transcription", "transcription.N.file", "files.N.file", "annexes.N.file"} <= names
    assert "title" not in names
    assert "tag-files.N.file" in names
    assert "tag-files.N.as" not in names  # a path in the package, where no source lies
