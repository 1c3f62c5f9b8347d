"""Reads the cells of a table row as values of a description, and maps each value back to its cell.

An empty cell has no value. Defaults apply where no cell has a value: objects are merged key by key; a list
or a text in the row replaces that of the defaults.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from archtool.description import finding_kinds
from archtool.description.document.nodes import TextPosition
from archtool.description.table.columns import ANNEXES_KEY, PLAIN_LIST, Column, column_name, holds_date
from archtool.description.table.date_order import how_to_read, is_date_in_digits, why_unclear
from archtool.findings import Finding, Kind, Place
from archtool.schemas import SchemaPath

LIST_SEPARATOR = ";"
_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class CellValue:
    """A value and the cell that contains it."""

    value: Any
    cell: Place


Tree = dict[str | int, "Tree | CellValue"]
"""Values by their keys; the items of a list by their numbers, some of which can be missing."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """Values that apply to every row that does not replace them."""

    file: str
    values: Mapping[str, Any]
    marks: Mapping[SchemaPath, TextPosition]


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one table, one after the other, by its columns."""

    file: str
    sheet: str | None
    columns: Sequence[Column | None]
    """The columns in order; `None` for those that are not part of the description."""
    complaints: list[Finding] = field(default_factory=list)
    """About the row that was read last."""

    def read(self, row: int, cells: Sequence[str]) -> Tree:
        """Return the values of a row as a tree; invalid cells are reported in `complaints` instead."""
        self.complaints = []
        tree: Tree = {}
        for number, (column, text) in enumerate(zip(self.columns, cells, strict=False), 1):
            if text and column is not None:
                place = Place(self.file, None, number, self.sheet, row, column.name)
                value = self._value(column, text, place)
                if value is not None:
                    self._put(tree, column, CellValue(value, place))
        return tree

    def _value(self, column: Column, text: str, place: Place) -> Any:
        """Return the value of a cell in the type of its column; `None` if it is invalid."""
        types = column.types
        if PLAIN_LIST in types:
            items = [item.strip() for item in text.split(LIST_SEPARATOR)]
            if all(items):
                return items
            message = f"`{column.name}` has an empty item: {text[:60]!r}"
            hint = "put semicolons between the items only, or give each item a column: "
            self._complain(finding_kinds.WRONG_VALUE, message, place, f"{hint}`{column.name}.1` …")
            return None
        if "boolean" in types and text.lower() in _TRUTH:
            return _TRUTH[text.lower()]
        if "integer" in types and _WHOLE_NUMBER.fullmatch(text):
            return int(text)
        if "string" in types:
            return self._date(column, text, place) if holds_date(column) else text
        expected = "a whole number" if "integer" in types else "`true` or `false`"
        self._complain(
            finding_kinds.WRONG_TYPE, f"`{column.name}` must be {expected}, found {text[:60]!r}", place
        )
        return None

    def _date(self, column: Column, text: str, place: Place) -> str | None:
        """Return the text, which is checked later; `None` for a date in digits in an unstated order."""
        if not is_date_in_digits(text):
            return text
        self._complain(finding_kinds.DATE, why_unclear(text), place, how_to_read(text, column.name))
        return None

    def _put(self, tree: Tree, column: Column, value: CellValue) -> None:
        node = tree
        for key in column.path[:-1]:
            other = _conflicting_value(node, key)
            inner = node.setdefault(key, {}) if other is None else other
            if isinstance(inner, CellValue):
                self._report_conflict(column, inner, value)
                return
            node = inner
        last = column.path[-1]
        other = _conflicting_value(node, last) or (_first_in(node[last]) if last in node else None)
        if other is None:
            node[last] = value
        else:
            self._report_conflict(column, other, value)

    def _report_conflict(self, column: Column, other: CellValue, value: CellValue) -> None:
        message = f"`{column.name}` and `{other.cell.column_name}` exclude each other"
        self._complain(finding_kinds.DUPLICATE_KEY, message, value.cell, "fill in only one of the two")

    def _complain(self, kind: Kind, message: str, place: Place, hint: str | None = None) -> None:
        self.complaints.append(replace(kind.at(message, hint=hint), place=place))


def _conflicting_value(node: Tree, key: str | int) -> CellValue | None:
    """Return a value that makes the node a list while the key makes it an object, or the other way round."""
    first = next(iter(node), key)
    return _first_in(node[first]) if isinstance(first, int) != isinstance(key, int) else None


def _first_in(node: Tree | CellValue) -> CellValue:
    while not isinstance(node, CellValue):
        node = next(iter(node.values()))
    return node


def merged(default: Any, own: Any) -> Any:
    """Merge the values of a row into those of the defaults."""
    if isinstance(default, Mapping) and isinstance(own, Mapping):
        both = {key: merged(value, own[key]) if key in own else value for key, value in default.items()}
        return both | {key: value for key, value in own.items() if key not in default}
    return own


@dataclass(frozen=True, slots=True)
class CellPlaces:
    """Maps the values of a description to the table cells in which they were written."""

    row: Place
    """The row of the package itself."""
    cells: dict[SchemaPath, Place]
    """The cell of each value that is in a cell."""
    numbers: dict[SchemaPath, tuple[int, ...]]
    """For each list the numbers of its items, if they are not 1, 2, 3 …"""
    annexes: dict[SchemaPath, Place]
    """The row of each annexe that has a row."""
    defaults: Defaults | None = None

    def values_of(self, tree: Tree | CellValue, path: SchemaPath = ()) -> Any:
        """Return the plain values of a tree, and record the cell of each."""
        if isinstance(tree, CellValue):
            self.cells[path] = tree.cell
            return tree.value
        numbers = sorted(key for key in tree if isinstance(key, int))
        if numbers:
            if numbers[-1] != len(numbers):
                self.numbers[path] = tuple(numbers)
            return [self.values_of(tree[number], (*path, i)) for i, number in enumerate(numbers)]
        return {key: self.values_of(inner, (*path, key)) for key, inner in tree.items()}

    def at(self, path: SchemaPath | None, mark: TextPosition | None) -> Place:
        """See `Places`: the cell, the line in the defaults, or for a missing value the column to fill in."""
        del mark
        if not path:
            return self.row
        single = path[:1] + path[2:] if path[:1] == ("transcription",) else path
        for known in (path, single):
            found = self._find(known)
            if found is not None:
                return found
        return self._missing(path)

    def _find(self, path: SchemaPath) -> Place | None:
        for length in range(len(path), 0, -1):
            if path[:length] in self.cells:  # a cell can contain a list
                return self.cells[path[:length]]
        below = self._cells_below(path)
        if path in self.annexes:  # enclosures have their own rows, which can be above this one
            below = [place for place in below if place.row == self.annexes[path].row]
        if below:
            return min(below, key=lambda place: place.column or 0)
        return self._in_defaults(path)

    def _cells_below(self, path: SchemaPath) -> list[Place]:
        return [place for known, place in self.cells.items() if known[: len(path)] == path]

    def _in_defaults(self, path: SchemaPath) -> Place | None:
        """Return the line of a value in the defaults, or of the list item in which it is missing."""
        lists = [path[:i] for i, key in enumerate(path) if isinstance(key, int)]
        if self.defaults is None or any(self._cells_below(one) for one in lists):
            return None
        for length in range(len(path), 0, -1):
            mark = self.defaults.marks.get(path[:length])
            if mark is not None and (length == len(path) or isinstance(path[length - 1], int)):
                return Place(self.defaults.file, mark.line, mark.column)
        return None

    def _missing(self, path: SchemaPath) -> Place:
        row, start, of = self.row, 0, None
        for length in range(len(path), 0, -1):
            if path[:length] in self.annexes:
                row, start, of = self.annexes[path[:length]], length, ANNEXES_KEY
                break
        named = tuple(self._number(path[:i], path[i]) for i in range(start, len(path)))
        return replace(row, column_name=column_name(named, of)) if named else row

    def _number(self, above: SchemaPath, key: str | int) -> str | int:
        if not isinstance(key, int):
            return key
        numbers = self.numbers.get(above)
        return numbers[key] if numbers is not None and key < len(numbers) else key + 1
