"""Defines a mapping: the keys that the columns of an existing table give, and constant values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from archtool.description.document.nodes import TextPosition
from archtool.description.table.date_order import DateOrder
from archtool.schemas import SchemaPath

LINE_END = "\n"


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """What is done with one column of the table."""

    name: str
    """The name of the column, as the mapping has it."""
    keys: tuple[str, ...] = ()
    """The keys that it gives; none if the column is not used."""
    date_order: DateOrder | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    """The texts of the column and what each means; an empty meaning is no value."""
    separators: tuple[str, ...] = ()
    """What separates several values in one cell."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A value of every row. `{package}` and `{Column}` in it stand for texts of the row."""

    key: str
    template: str


@dataclass(frozen=True, slots=True)
class TableMapping:
    """The mapping of one table."""

    path: SchemaPath
    """Its path in the mapping: none for the packages, `annexes` for the annexes."""
    columns: tuple[ColumnRule, ...]
    constants: tuple[Constant, ...]

    def path_of_column(self, name: str) -> SchemaPath:
        """Return the path of a column in the mapping."""
        return (*self.path, "columns", name)

    def path_of_constant(self, key: str) -> SchemaPath:
        """Return the path of a constant in the mapping."""
        return (*self.path, "constants", key)


@dataclass(frozen=True, slots=True)
class TableMappings:
    """A mapping file: the table of packages, and perhaps that of their annexes."""

    file: str
    """Its name, for messages."""
    packages: TableMapping
    annexes: TableMapping | None
    keys: Mapping[SchemaPath, TextPosition]
    """The position of each key."""
    values: Mapping[SchemaPath, TextPosition]
    """The position of each value."""
