"""What a person has stated about the tables of a batch, because the files do not show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from archtool.description import finding_kinds
from archtool.description.table.columns import ANNEXES_KEY, ITEM, all_columns, holds_date
from archtool.description.table.date_order import DateOrder, date_in_order, how_to_correct, why_not_in_order
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.tables.limits import MAX_NAME_CHARACTERS
from archtool.tables.model import Fault, Row, Table
from archtool.tables.names import normalised_name
from archtool.tables.separated import TextForm

_NAMED = 20  # columns in a message


@dataclass(frozen=True, slots=True)
class ColumnOrder:
    """The order of the parts of a date in a column, or in all columns of dates."""

    column: str | None
    order: DateOrder


@dataclass(frozen=True, slots=True)
class TableReading:
    """How the tables are read; everything that is not stated is recognised."""

    form: TextForm = field(default_factory=TextForm)
    """Of tables in text."""
    sheet: str | None = None
    """The sheet of the packages in a workbook."""
    date_orders: tuple[ColumnOrder, ...] = ()

    def with_dates(self, tables: Sequence[Table | None]) -> list[Table | None]:
        """Return the tables with the dates of the stated columns as EDTF, row by row.

        A cell that has no such date gets a fault instead.

        Raises:
            UsageError: no table has a stated column, or a column has two orders.
        """
        orders_by_table = [{} if table is None else self._orders_of(table) for table in tables]
        for one in self.date_orders:
            if not any(_applies(one, table) for table in tables if table is not None):
                raise _no_column(one, tables)
        return [
            replace(table, rows=_converted(table.rows, orders)) if table is not None and orders else table
            for table, orders in zip(tables, orders_by_table, strict=True)
        ]

    def _orders_of(self, table: Table) -> dict[int, DateOrder]:
        """Return the order of each column for which one is stated, by the number of the column."""
        orders: dict[int, DateOrder] = {}
        for number, name in enumerate(table.names, 1):
            named = {
                one.order for one in self.date_orders if one.column is not None and _is(one.column, name)
            }
            general = {one.order for one in self.date_orders if one.column is None and _is_date(name)}
            found = named or general
            if len(found) > 1:
                values = " and ".join(sorted(order.value for order in found))
                shown_name = shown(name[:MAX_NAME_CHARACTERS])
                raise UsageError(
                    f"--date-order gives two orders for the column {shown_name}: {values}",
                    hint="a column has one order; correct the other dates in the table",
                )
            orders.update(dict.fromkeys([number], *found) if found else {})
        return orders


def _converted(rows: Iterator[Row], orders: dict[int, DateOrder]) -> Iterator[Row]:
    for row in rows:
        cells, faults = list(row.cells), list(row.faults)
        for number, order in orders.items():
            text = cells[number - 1] if number <= len(cells) else ""
            date = date_in_order(text, order) if text else ""
            if date is None:
                reason = why_not_in_order(text, order)
                faults.append(Fault(number, reason, how_to_correct(text, order), finding_kinds.DATE))
            if text:
                cells[number - 1] = date or ""
        yield Row(row.number, tuple(cells), tuple(faults))


def _applies(one: ColumnOrder, table: Table) -> bool:
    return any(_is_date(name) if one.column is None else _is(one.column, name) for name in table.names)


def _is(stated: str, name: str) -> bool:
    return _plain(stated) == _plain(name)


def _is_date(name: str) -> bool:
    dates = (column.name for of in (None, ANNEXES_KEY) for column in all_columns(of) if holds_date(column))
    plain = ".".join(ITEM if part.isdecimal() else part for part in normalised_name(name).split("."))
    return plain.replace(".", "").lower() in {_plain(date).lower() for date in dates}


def _plain(name: str) -> str:
    return normalised_name(name).replace(".", "")


def _no_column(one: ColumnOrder, tables: Sequence[Table | None]) -> UsageError:
    names = [name[:MAX_NAME_CHARACTERS] for table in tables if table is not None for name in table.names]
    listed = ", ".join(map(shown, names[:_NAMED])) + (" …" if len(names) > _NAMED else "")
    if one.column is None:
        return UsageError(
            f"--date-order {one.order.value} names no column, and no column has the name of a date",
            hint=f"name the column: --date-order COLUMN={one.order.value}; there are: {listed}",
        )
    return UsageError(
        f"--date-order names a column that no table has: {shown(one.column)}", hint=f"there are: {listed}"
    )
