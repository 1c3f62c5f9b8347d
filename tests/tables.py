"""Tables that say what a description says: for each value its column, for each annexe its row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from archtool.description.document.nodes import FindingCollector
from archtool.description.document.typing import type_values
from archtool.description.document.yaml_reader import read_yaml

Rows = list[dict[str, str]]
"""What each row has in its columns, by their names."""


def values_of(description: Path) -> dict[str, Any]:
    """The values of a description in YAML, in its own order."""
    node = read_yaml(description.read_text(encoding="utf-8"), FindingCollector(description.name, []))
    values: dict[str, Any] = type_values(node, "description.schema.json", FindingCollector("", [])).data
    return values


def cells_of(values: Mapping[str, Any], way: str = "") -> Iterator[tuple[str, str]]:
    """Each value with the name of its column, written as a person would type it."""
    for key, value in values.items():
        yield from _cells(f"{way}{key}", value)


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
    """The row of a package, its annexes left out."""
    said = {key: value for key, value in values.items() if key not in ("annexes", "archtool")}
    return {"package": package, **more, **dict(cells_of(said))}


def annexe_rows(package: str, annexes: Sequence[Mapping[str, Any]], of: str = "") -> Iterator[dict[str, str]]:
    """A row for each annexe and enclosure, parents before children."""
    for annexe in annexes:
        said = {key: value for key, value in annexe.items() if key != "enclosures"}
        yield {"package": package, "of": of, **dict(cells_of(said))}
        yield from annexe_rows(package, annexe.get("enclosures", ()), annexe.get("id", ""))


def header_of(rows: Rows) -> list[str]:
    """Every column of these rows, in the order of their appearance."""
    return list(dict.fromkeys(name for row in rows for name in row))


def write_table(path: Path, rows: Rows) -> Path:
    """A table in CSV or TSV, by the ending of its name."""
    written = io.StringIO(newline="")
    separator = "\t" if path.suffix == ".tsv" else ","
    writer = csv.DictWriter(written, header_of(rows), restval="", delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(written.getvalue(), encoding="utf-8", newline="")
    return path


def write_workbook(path: Path, **sheets: Rows) -> Path:
    """A workbook with these sheets, every cell a text."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet, names = book.create_sheet(title), header_of(rows)
        sheet.append(names)
        for row in rows:
            sheet.append([row.get(name) or None for name in names])
    book.save(path)
    return path
