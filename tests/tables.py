"""Tables with the content of a description: a column for each value, a row for each annexe."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from archtool.description.document.nodes import FindingCollector
from archtool.description.document.typing import type_values
from archtool.description.document.yaml_reader import read_yaml

Rows = list[dict[str, str]]
"""The cells of each row, by the names of the columns."""


def values_of(description: Path) -> dict[str, Any]:
    """Return the values of a description in YAML, in its order."""
    node = read_yaml(description.read_text(encoding="utf-8"), FindingCollector(description.name, []))
    values: dict[str, Any] = type_values(node, "description.schema.json", FindingCollector("", [])).data
    return values


def cells_of(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield each value with the name of its column, as a person would type it."""
    for key, value in values.items():
        yield from _cells(f"{prefix}{key}", value)


def _cells(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield from cells_of(value, f"{name}.")
    elif isinstance(value, list) and all(isinstance(item, str) and ";" not in item for item in value):
        yield name, "; ".join(value)
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _cells(f"{name}.{number}", item)
    else:
        yield name, str(value).lower() if isinstance(value, bool) else str(value)


def package_row(package: str, values: Mapping[str, Any], **more: str) -> dict[str, str]:
    """Return the row of a package, without its annexes."""
    columns = {key: value for key, value in values.items() if key not in ("annexes", "archtool")}
    return {"package": package, **more, **dict(cells_of(columns))}


def annexe_rows(package: str, annexes: Sequence[Mapping[str, Any]], of: str = "") -> Iterator[dict[str, str]]:
    """Yield a row for each annexe and enclosure, parents before children."""
    for annexe in annexes:
        columns = {key: value for key, value in annexe.items() if key != "enclosures"}
        yield {"package": package, "of": of, **dict(cells_of(columns))}
        yield from annexe_rows(package, annexe.get("enclosures", ()), annexe.get("id", ""))


def header_of(rows: Rows) -> list[str]:
    """Return every column of these rows, in the order of appearance."""
    return list(dict.fromkeys(name for row in rows for name in row))


def write_table(path: Path, rows: Rows) -> Path:
    """Write a table in CSV or TSV, depending on its name."""
    written = io.StringIO(newline="")
    separator = "\t" if path.suffix == ".tsv" else ","
    writer = csv.DictWriter(written, header_of(rows), restval="", delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(written.getvalue(), encoding="utf-8", newline="")
    return path


def write_workbook(path: Path, **sheets: Rows) -> Path:
    """Write a workbook with these sheets, in which every cell is a text."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet, names = book.create_sheet(title), header_of(rows)
        sheet.append(names)
        for row in rows:
            sheet.append([row.get(name) or None for name in names])
    book.save(path)
    return path
