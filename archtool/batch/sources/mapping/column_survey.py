"""Looks through the cells of a table, to draft a mapping: what each column contains."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice

from archtool.tables.model import Row, Table

MAX_ROWS = 20_000  # that are looked through: a draft is checked by a person, and by the run
MAX_CELLS = 2_000_000
MAX_TEXT_CHARACTERS = 200  # a longer text is neither a name nor a code
MAX_TEXTS = 2_000  # different texts of a column that are kept, unless all are different


@dataclass(slots=True)
class ColumnSurvey:
    """What one column contains."""

    number: int
    """The number of the column, from 1."""
    name: str
    filled: int = 0
    """The number of its cells that are not empty."""
    texts: dict[str, int] = field(default_factory=dict)
    """The different texts, in the order of the rows, each with the number of its first row."""
    repeated: tuple[str, int, int] | None = None
    """A text that occurs in two rows, with their numbers."""
    is_complete: bool = True
    """Whether all its texts are kept."""

    def add(self, row: int, text: str) -> None:
        """Add a cell that is not empty."""
        self.filled += 1
        if len(text) > MAX_TEXT_CHARACTERS:
            self.is_complete = False
        elif text in self.texts:
            self.repeated = self.repeated or (text, self.texts[text], row)
        elif self.repeated is None or len(self.texts) < MAX_TEXTS:
            self.texts[text] = row
        else:
            self.is_complete = False


@dataclass(frozen=True, slots=True)
class TableSurvey:
    """What a table contains."""

    table: Table
    columns: tuple[ColumnSurvey, ...]
    rows: int
    """The number of rows that were looked through."""

    def has_key_column(self, column: ColumnSurvey) -> bool:
        """Whether a column has a different text in each row."""
        return column.filled == self.rows and column.is_complete and column.repeated is None


def survey_table(table: Table) -> TableSurvey:
    """Look through the first rows of a table."""
    columns = tuple(ColumnSurvey(number, name) for number, name in enumerate(table.names, 1))
    limit = min(MAX_ROWS, MAX_CELLS // max(1, len(columns)))
    count = 0
    for row in islice(table.rows, limit):
        count += 1
        _add(columns, row)
    for _ in table.rows:  # to its end: a fault in a later row is reported now
        pass
    return TableSurvey(table, columns, count)


def _add(columns: tuple[ColumnSurvey, ...], row: Row) -> None:
    for column, text in zip(columns, row.cells, strict=False):
        stripped = text.strip()
        if stripped:
            column.add(row.number, stripped)
