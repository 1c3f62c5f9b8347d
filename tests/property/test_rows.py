"""The values in the cells of a row are in its description, and each value is traced to its cell."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archtool.description.document.json_reader import read_json
from archtool.description.document.nodes import FindingCollector
from archtool.description.document.typing import type_values
from archtool.description.document.writer import format_node, format_yaml
from archtool.description.document.yaml_reader import read_yaml
from archtool.description.loading import load_description
from archtool.description.table.cells import RowReader, merged
from archtool.description.table.columns import ITEM, Column, all_columns, find_column
from archtool.description.table.row_to_text import compose
from archtool.findings import Place
from budgets import examples
from property.strategies import BOUNDED

SCHEMA = "description.schema.json"
ODD = [
    "", " ", "\n", "\t", "# no comment", "- ", ": ", "true", "null", "~", "007", "16:30", '"', "\\", "'", "{",
    "\x85", "\u2028", "\u2029", "\ufeff", "\x7f", "\x00", "\x1b", "é", "e\u0301", "\U0001f4dc", "\ufffe",
]  # fmt: skip
PARTS = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
TEXTS = st.lists(PARTS, max_size=4).map("".join)
ITEMS = TEXTS.map(lambda text: text.replace(";", "").strip()).filter(bool)
VALUES: st.SearchStrategy[Any] = st.recursive(
    TEXTS | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)
COLUMNS = [column for column in all_columns() if len(column.path) < 6]


def with_number(column: Column, number: int) -> Column:
    """Return the column with a number instead of each `N`."""
    found = find_column(".".join(str(number) if part == ITEM else str(part) for part in column.path))
    assert found is not None
    return found


def cells(column: Column) -> st.SearchStrategy[str]:
    if "boolean" in column.types and "string" not in column.types:
        return st.sampled_from(["true", "FALSE", "True"])
    if "integer" in column.types and "string" not in column.types:
        return st.integers(0, 10**8).map(str)
    if "list" in column.types:
        return st.lists(
            TEXTS.map(lambda t: t.replace(";", "").strip()).filter(bool), min_size=1, max_size=3
        ).map("; ".join)
    return TEXTS.filter(bool)


ROWS = st.lists(
    st.sampled_from(COLUMNS).flatmap(
        lambda column: st.tuples(st.integers(1, 3).map(lambda n: with_number(column, n)), cells(column))
    ),
    max_size=14, unique_by=lambda pair: pair[0].name,
)  # fmt: skip


def values_in(text: str) -> Any:
    """Read a text with the strict YAML reader; the schema decides the types."""
    complaints = FindingCollector("row", [])
    node = read_yaml(text, complaints)
    assert complaints.findings == []
    return type_values(node, SCHEMA, FindingCollector("row", [])).data


@settings(BOUNDED, max_examples=examples(300), suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_the_values_of_a_row_are_read_again_from_its_text_and_lead_to_their_cells(row: Any) -> None:
    columns, texts = [column for column, _ in row], [text for _, text in row]
    reader = RowReader("letters.csv", None, columns)
    tree = reader.read(7, texts)
    composed = compose(tree, Place("letters.csv", row=7))
    values = values_in(composed.data.decode("utf-8"))
    refused = {complaint.place.column for complaint in reader.complaints if complaint.place}
    for path, place in composed.places.cells.items():
        value: Any = values
        for key in path:
            value = value[key]
        assert place.column is not None
        column, text = columns[place.column - 1], texts[place.column - 1]
        assert expected_value(column, text) == value
        assert composed.places.at(path, None) == place
    assert len(composed.places.cells) + len(refused) == len(row)
    loaded = load_description(composed.data, "letters.csv", places=composed.places)
    assert all(
        f.place is not None and f.place.row == 7 and f.place.file == "letters.csv" for f in loaded.findings
    )


def expected_value(column: Column, text: str) -> Any:
    if "list" in column.types:
        return [item.strip() for item in text.split(";")]
    if "boolean" in column.types and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return int(text) if "integer" in column.types and text.isdecimal() and str(int(text)) == text else text


@settings(BOUNDED, max_examples=examples(400))
@given(st.dictionaries(TEXTS.map(lambda text: f"x-{text[:200]}"), VALUES, max_size=4))
def test_any_value_written_as_yaml_is_read_back(values: dict[str, Any]) -> None:
    assert values_in(format_yaml({"title": "T"} | values)) == {"title": "T"} | values


@settings(BOUNDED, max_examples=examples(300))
@given(st.dictionaries(TEXTS, VALUES | st.integers() | st.booleans(), max_size=4))
def test_the_canonical_text_of_an_object_has_the_same_values(values: dict[str, Any]) -> None:
    node = read_json(json.dumps(values, indent=2), FindingCollector("line", []))
    text = format_node(node)
    assert json.loads(text) == values
    assert len(text.splitlines()) == 1
    assert format_node(read_json(text, FindingCollector("line", []))) == text


@settings(BOUNDED, max_examples=examples(200))
@given(st.dictionaries(TEXTS, VALUES, max_size=4), st.dictionaries(TEXTS, VALUES, max_size=4))
def test_values_of_a_row_replace_those_of_the_defaults_and_no_others(default: Any, own: Any) -> None:
    both = merged(default, own)
    assert both.keys() == default.keys() | own.keys()
    for key, value in both.items():
        if key not in own:
            assert value == default[key]
        elif not (isinstance(own[key], dict) and isinstance(default.get(key), dict)):
            assert value == own[key]
