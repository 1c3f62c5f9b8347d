"""A cell that the rule of its column cannot convert is refused with what to change, and where."""

from __future__ import annotations

import pytest

from archtool.batch.sources.mapping.cell_values import CellConverter
from archtool.description.table.date_order import DateOrder
from archtool.operations.mapping.model import ColumnRule
from archtool.operations.mapping.targets import find_target


def hint_for(text: str, order: DateOrder | None) -> str:
    """Return the hint about a date in the column of a mapping."""
    target = find_target("date", (), None)
    assert target is not None
    converter = CellConverter.of(ColumnRule("Datum", ("date",), order), 1, "map.yaml")
    texts, fault = converter.convert(text, target)
    assert texts == []
    assert fault is not None
    return fault.hint or ""


def test_a_date_in_another_order_puts_the_stated_order_in_doubt_and_not_the_date() -> None:
    hint = hint_for("17/06/1932", DateOrder.MDY)
    assert hint.startswith("it is a date in the order dmy: check `date-order` of the column in map.yaml")
    assert "values" not in hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("April 1932", "did you mean `1932-04`? correct the cell, or write its meaning into map.yaml"),
        ("vers 1932", "did you mean `1932~`? correct the cell, or write its meaning into map.yaml"),
        ("s.d.", "leave the date out if it is not known"),
        ("after the war", "write the date as year-month-day"),
    ],
)
def test_a_text_without_a_date_in_digits_gets_a_suggestion(text: str, hint: str) -> None:
    assert hint_for(text, DateOrder.DMY).startswith(hint)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("April 1932", "values: { April 1932: 1932-04 }"),
        ("s.d.", 'values: { s.d.: "" }'),
        ("after the war", "values: { after the war: … }"),
        ("31/02/1932", 'values: { "31/02/1932": … }'),
    ],
)
def test_no_date_is_left_out_by_a_proposed_line_unless_it_says_that_there_is_none(
    text: str, line: str
) -> None:
    assert hint_for(text, DateOrder.DMY).endswith(line)
