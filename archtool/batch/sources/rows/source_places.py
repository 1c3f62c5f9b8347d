"""Maps the values of a package's description to the cells of an existing table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archtool.description.document.nodes import TextPosition
from archtool.description.table.cells import CellPlaces
from archtool.findings import Place
from archtool.schemas import SchemaPath


@dataclass(frozen=True, slots=True)
class OtherNames:
    """The columns of a table that are not named like the keys that they give."""

    file: str
    sheet: str | None
    columns: Mapping[str, tuple[int, str]]
    """The number and the name of the column that gives a key."""

    def place(self, row: int, key: str) -> Place:
        """Return the cell that gives a key; without a column if none gives it."""
        number, name = self.columns.get(key, (None, key))
        return Place(self.file, None, number, self.sheet, row, name)


@dataclass(frozen=True, slots=True)
class SourcePlaces:
    """See `Places`: the cells of a row whose columns have other names, or whose patterns were expanded.

    It is passed between processes, so it holds plain values only.
    """

    cells: CellPlaces
    names: Sequence[OtherNames]
    """The names of the columns, for each table with other names."""
    items: Sequence[int] | None = None
    """For each item of `files` the item of the row that it comes from, if a pattern was expanded."""

    def at(self, path: SchemaPath | None, mark: TextPosition | None) -> Place:
        """See `Places`."""
        if path is not None and self.items is not None and len(path) > 1 and path[0] == "files":
            number = path[1]
            if isinstance(number, int) and number < len(self.items):
                path = ("files", self.items[number], *path[2:])
        place = self.cells.at(path, mark)
        if place.row is None or place.column is not None or place.column_name is None:
            return place
        same = (names for names in self.names if (names.file, names.sheet) == (place.file, place.sheet))
        return next((names.place(place.row, place.column_name) for names in same), place)
