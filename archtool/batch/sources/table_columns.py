"""Compares the columns of a table with those of a description, before any row is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from archtool.description.table.cells import Defaults
from archtool.description.table.column_suggestions import column_hint
from archtool.description.table.columns import ANNEXES_KEY, ITEM, Column, all_columns, find_column, free_name
from archtool.errors import MaterialRefusedError
from archtool.files.paths import shown
from archtool.tables import finding_kinds
from archtool.tables.limits import MAX_NAME_CHARACTERS
from archtool.tables.model import Fault, Table, fault_finding, refuse
from archtool.tables.names import normalised_name

PACKAGE, FOLDER, OF = "package", "folder", "of"
OWN_OF_PACKAGES, OWN_OF_ANNEXES = (PACKAGE, FOLDER), (PACKAGE, OF)
"""The columns of a table that are not columns of the description."""
_MAPPING_HINT = (
    "a table with columns of its own needs a mapping: archtool batch template --from TABLE drafts one"
)
_MAX_NEAREST = 20  # columns with a wrong name that get a suggestion: the search is slow
_INVISIBLE = "\u200b\u200e\u200f\u2060\ufeff"  # copied from web pages along with a name
_ITEM_NUMBER = re.compile(r"(?<=[.\s_-])[0-9]+(?=[.\s_-]|$)")
_NUMBER = re.compile(r"(?<=\.)[0-9]+(?=\.|$)")


def with_known_names(table: Table, own: Sequence[str], of: str | None = None) -> Table:
    """Return the table with its columns spelt as in the description.

    Case, accents, blanks, hyphens and full stops do not count. An unknown name stays as it is.

    Raises:
        MaterialRefusedError: two columns then have the same name.
    """
    names = [known_name(name, own, of) or name for name in table.names]
    numbers_by_name: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        if name in numbers_by_name:
            message = (
                f"columns {numbers_by_name[name]} and {number} are both {shown(name[:MAX_NAME_CHARACTERS])}"
            )
            message += ": case, accents and blanks in a name make no difference"
            refuse(
                table.file,
                fault_finding(table, 1, Fault(number, message, kind=finding_kinds.DUPLICATE_COLUMN)),
            )
        numbers_by_name[name] = number
    return replace(table, names=tuple(names))


def known_name(name: str, own: Sequence[str], of: str | None = None) -> str | None:
    """Return the name of the column that a name means, as in the description, or `None` if there is none."""
    bare = name.strip(_INVISIBLE + " \t\r\n\u00a0")
    if name in own or find_column(name, of) is not None:
        return name
    free = free_name(bare)
    if free is not None and find_column(free, of) is not None:
        return free
    spelling = _spellings(tuple(own), of).get(_plain(bare))
    if spelling is None:
        return None
    numbers = iter(_ITEM_NUMBER.findall(bare))
    full_name = ".".join(next(numbers, ITEM) if word == ITEM else word for word in spelling.split("."))
    return full_name if full_name in own or find_column(full_name, of) is not None else None


@cache
def _spellings(own: tuple[str, ...], of: str | None) -> Mapping[str, str]:
    return {_plain(name): name for name in (*own, *(column.name for column in all_columns(of)))}


def _plain(name: str) -> str:
    """Return a name as people compare it; all numbers of items are equal. No two columns are equal then."""
    return normalised_name(_ITEM_NUMBER.sub(ITEM, name)).replace(".", "")


def columns_of(
    table: Table, own: Sequence[str], of: str | None = None, defaults: Defaults | None = None,
    *, has_annexes: bool = False,
) -> tuple[Column | None, ...]:  # fmt: skip
    """Return the columns of a table in order; `None` for those that do not belong to the description.

    Raises:
        MaterialRefusedError: a column is unknown, or a required column is missing.
    """
    columns = [None if name in own else find_column(name, of) for name in table.names]
    unknown = [*_unknown(table, columns, own, of)]
    faults = [
        *unknown,
        *(_missing(table) if PACKAGE not in table.names else ()),
        *conflicting_columns(_numbered(columns), defaults, has_annexes=has_annexes),
    ]
    if faults:
        findings = tuple(fault_finding(table, 1, fault) for fault in faults)
        hint = _MAPPING_HINT if unknown and of is None else None
        raise MaterialRefusedError(
            f"the table {shown(table.file)} cannot be used; nothing was done", findings, hint=hint
        )
    return tuple(columns)


def _unknown(
    table: Table, columns: Sequence[Column | None], own: Sequence[str], of: str | None
) -> Iterator[Fault]:
    count = 0
    for number, (name, column) in enumerate(zip(table.names, columns, strict=True), 1):
        if column is None and name not in own:
            count += 1
            hint = _nearest(name, own, of, table.names) if count <= _MAX_NEAREST else None
            shown_name = shown(name[:MAX_NAME_CHARACTERS])
            yield Fault(number, f"there is no column `{shown_name}`", hint, finding_kinds.UNKNOWN_COLUMN)


def _nearest(name: str, own: Sequence[str], of: str | None, taken: Sequence[str] = ()) -> str | None:
    """Return a suggestion for an unknown column."""
    return column_hint(name[:MAX_NAME_CHARACTERS], own, of, taken)


def _missing(table: Table) -> Iterator[Fault]:
    message = f"there is no column `{PACKAGE}`, which names the package of each row"
    yield Fault(len(table.names) + 1, message, kind=finding_kinds.MISSING_COLUMN)


def _numbered(columns: Sequence[Column | None]) -> Iterator[tuple[int, Column]]:
    yield from ((number, column) for number, column in enumerate(columns, 1) if column is not None)


def conflicting_columns(
    columns: Iterable[tuple[int, Column]], defaults: Defaults | None, *, has_annexes: bool
) -> Iterator[Fault]:
    """Yield a fault for each column that would replace values of the defaults, or is of another table."""
    for number, column in columns:
        if has_annexes and column.path[0] == ANNEXES_KEY:
            message = f"`{column.name}` belongs in the table of annexes, which was given also"
            yield Fault(number, message, kind=finding_kinds.CONFLICTING_COLUMN)
        inner = _default_at(column, defaults)
        if isinstance(inner, Mapping):
            replaced = ", ".join(f"`{column.name}.{key}`" for key in inner)
            message = f"`{column.name}` would replace values of the defaults: {replaced}"
            hint = f"call the column `{column.name}.{_first(column)}`, or remove it from the defaults"
            yield Fault(number, message, hint, finding_kinds.CONFLICTING_COLUMN)


def _default_at(column: Column, defaults: Defaults | None) -> Any:
    value: Any = defaults.values if defaults is not None else None
    for key in column.path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _first(column: Column) -> str:
    """Return the key that a single text stands for in an object: the file, the statement, the name."""
    keys = ("file", "statement", "name", "type")
    return next((key for key in keys if find_column(f"{column.name}.{key}") is not None), "…")
