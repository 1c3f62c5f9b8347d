"""The options that state what a table does not show: its encoding, its separator, its dates and its sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from archtool.cli.options.encoding import parse_encoding
from archtool.errors import UsageError
from archtool.files.paths import shown

if TYPE_CHECKING:
    from archtool.batch.sources.table_reading import ColumnOrder, TableReading

_ORDERS = ("dmy", "mdy", "ymd")
OPTION_NAMES = {
    "encoding": "--encoding", "delimiter": "--delimiter", "date_orders": "--date-order", "sheet": "--sheet",
}  # fmt: skip
"""The options by the names of their values."""


def table_form_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that state how a table is opened."""
    for option in reversed(_FORM_OPTIONS):
        command = option(command)
    return command


def table_reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add all options that `parse_table_reading` reads."""
    return table_form_options(_date_order_option(command))


_FORM_OPTIONS = (
    click.option(
        "--encoding", metavar="NAME",
        help="Encoding of the table and of --annexes, if it is not UTF-8: windows-1252, mac-roman …",
    ),
    click.option(
        "--delimiter", metavar="SIGN",
        help="The sign between the cells of a table in text: ';', ',', '|' or tab.",
    ),
    click.option(
        "--sheet", metavar="NAME", help="The sheet of a workbook that has the packages; default: the first."
    ),
)  # fmt: skip


_date_order_option = click.option(
    "--date-order",
    "date_orders",
    multiple=True,
    metavar="[COLUMN=]ORDER",
    help="Order of day, month and year in a column, or in all columns of dates: dmy, mdy or ymd; repeatable.",
)


def parse_table_reading(given: dict[str, Any]) -> TableReading:
    """Return what the options state.

    Raises:
        UsageError: an option has no such value.
    """
    # lazy: 66 ms, only tables need it
    from archtool.batch.sources.table_reading import TableReading
    from archtool.tables.separated import TextForm  # lazy: 66 ms, only tables need it

    form = TextForm(parse_encoding(given["encoding"]), _delimiter(given["delimiter"]))
    return TableReading(form, given["sheet"], tuple(map(_column_order, given.get("date_orders", ()))))


def _delimiter(sign: str | None) -> str | None:
    # lazy: 66 ms, only tables need it
    from archtool.tables.separated import DELIMITERS

    if sign is None:
        return None
    found = DELIMITERS.get(sign) or DELIMITERS.get(sign.strip().lower())
    if found is None:
        raise UsageError(
            f"--delimiter cannot be {sign!r}",
            hint="write ';' or ',' or '|' in quotation marks, or the word tab; with another sign between the"
            " cells, export the table again",
        )
    return found


def _column_order(text: str) -> ColumnOrder:
    # lazy: 66 ms, only tables need it
    from archtool.batch.sources.table_reading import ColumnOrder
    from archtool.description.table.date_order import DateOrder  # lazy: 66 ms, only tables need it

    column, equals, order = text.rpartition("=")
    if order.strip().lower() not in _ORDERS or (equals and not column.strip()):
        example = f"{column.strip() or 'date'}=dmy" if equals else "dmy"
        raise UsageError(
            f"--date-order “{shown(text)}” does not end in an order of day, month and year",
            hint=f"write --date-order {example} if the day is first, mdy if the month is, ymd if the year is",
        )
    return ColumnOrder(column.strip() or None, DateOrder(order.strip().lower()))
