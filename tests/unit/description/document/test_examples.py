"""Examples in hints: as the author writes, in YAML, in JSON or in the columns of a table."""

from __future__ import annotations

from typing import Any

from archtool.description.document.examples import Style, format_example, format_nested
from archtool.schemas import load_schema

PROPERTIES: dict[str, Any] = load_schema("description.schema.json")["properties"]
SOURCE: dict[str, Any] = {"properties": {"pages": {"type": "string"}, "none": {}}, "required": []}


def test_the_example_of_a_list_names_a_column_for_each_value_of_an_item() -> None:
    example = format_example(("creators",), PROPERTIES["creators"], Style.COLUMNS)
    assert example is not None
    names = [line.partition(": ")[0] for line in example.splitlines()]
    assert names[0] == "creators.1.name"
    assert all(name.startswith("creators.1.") for name in names)


def test_the_example_of_an_item_keeps_its_number_in_the_table() -> None:
    example = format_example(("creators", 2, "name"), {"type": "string"}, Style.COLUMNS)
    assert example is not None
    assert example.startswith("creators.3.name: ")


def test_a_value_inside_an_object_is_shown_in_its_own_column() -> None:
    example = format_nested("source", "pages", SOURCE, Style.COLUMNS, "12-14")
    assert example == "source.pages: 12-14"


def test_a_key_of_which_nothing_is_known_has_no_example() -> None:
    assert format_nested("source", "none", SOURCE, Style.YAML) is None
