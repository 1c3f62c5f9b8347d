"""Finds what a key in a mapping stands for: one value of a description, or the items of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archtool.description.table.columns import ITEM, PLAIN_LIST, Column, find_column

_LISTS_OF_FILES = ("files", "transcription")


@dataclass(frozen=True, slots=True)
class Target:
    """The column of a description that a key stands for."""

    key: str
    """The key as the mapping has it."""
    column: Column | None
    """The column that one text fills in; `None` for those that are not part of the description."""
    items: str | None = None
    """The name of the columns that several texts fill in, with `N` for the number: `creators.N.name`."""

    def column_for(self, number: int | None) -> str:
        """Return the name of the column for one text, or for one of several texts."""
        if number is None or self.items is None:
            return self.key if self.column is None else self.column.name
        return numbered(self.items, number)

    @property
    def is_date(self) -> bool:
        """Whether the value is a date."""
        return self.column is not None and self.column.schema.get("format") == "edtf"

    @property
    def is_language(self) -> bool:
        """Whether the value is a language."""
        return self.column is not None and self.column.schema.get("format") == "bcp47"


def find_target(key: str, own: Sequence[str], of: str | None) -> Target | None:
    """Return what a key stands for, or `None` if it is unknown; `own` are keys beside the description."""
    if key in own:
        return Target(key, None)
    if ITEM in key.split("."):
        first = find_column(numbered(key, 1), of)
        return None if first is None or key.split(".").count(ITEM) > 1 else Target(key, first, key)
    column = find_column(key, of)
    items = _items_of(key, column, of)
    if column is None and items is not None:
        column = find_column(numbered(items, 1), of)
    return None if column is None else Target(key, column, items)


def _items_of(key: str, column: Column | None, of: str | None) -> str | None:
    if column is not None and PLAIN_LIST in column.types:
        return f"{key}.{ITEM}"
    # one text stands for the path of a file, or for the name of a person
    items = f"{key}.{ITEM}.{'file' if key in _LISTS_OF_FILES else 'name'}"
    return items if find_column(numbered(items, 1), of) is not None else None


def numbered(name: str, number: int) -> str:
    """Return the name of a column for one item: `creators.N.name` and 2 give `creators.2.name`."""
    return ".".join(str(number) if word == ITEM else word for word in name.split("."))
