"""Lists the packages below folders: finds them, reads their metadata side by side, and sorts on request."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archtool.archives.limits import Limits
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.files.workers.concurrency import Concurrency
from archtool.operations import finding_kinds
from archtool.operations.list_packages.package_search import FoundPackage, no_package_error, search_packages
from archtool.operations.list_packages.read_row import read_row
from archtool.operations.list_packages.read_side_by_side import read_side_by_side
from archtool.report.package_row import PackageRow

_YEAR = re.compile(r"-?\d[\dX]{3}(?:-[\dX]{2}){0,2}")
SortKey = Callable[[PackageRow], Any]


@dataclass(frozen=True, slots=True)
class ListRequest:
    """The folders or packages to list, and in which order."""

    roots: Sequence[Path]
    sort: str | None = None
    """One of `SORT_KEYS`; `None` is the order of the paths, in which a package is listed once it is read."""
    is_reversed: bool = False
    limits: Limits | None = None
    with_formats: bool = False
    """Whether the recorded formats of the files are counted, which reads the provenance."""


def list_packages(request: ListRequest, concurrency: Concurrency) -> Iterator[PackageRow]:
    """Yield a row for each package; what cannot be read is a row with a problem.

    Without a sort key, the rows of many packages are never in memory together.

    Raises:
        ChildProcessError: a process ended early.
    """
    rows = _read_all(_find(request.roots), request, concurrency)
    if request.sort is None and not request.is_reversed:
        yield from rows
    else:
        yield from _in_order(rows, SORT_KEYS[request.sort or "name"], is_reversed=request.is_reversed)


def _find(roots: Iterable[Path]) -> Iterator[FoundPackage | PackageRow]:
    """Yield each package, and a row with a problem for each root without any."""
    for root in roots:
        if root.is_file():
            yield FoundPackage(root.name, root, is_root=True)
            continue
        found = False
        try:
            if not os.path.lexists(root):
                raise InputError(
                    f"{shown(str(root))}: there is no such folder or archive", hint="check the path"
                )
            for package in search_packages(root):
                found = True
                yield package
            if not found:
                raise no_package_error(root)
        except InputError as error:
            problem = finding_kinds.LIST_NONE_FOUND.at(error.message, hint=error.hint)
            yield PackageRow(str(root), str(root), problem)


def _read_all(
    found: Iterator[FoundPackage | PackageRow], request: ListRequest, concurrency: Concurrency
) -> Iterator[PackageRow]:
    def read(item: FoundPackage | PackageRow) -> PackageRow:
        if isinstance(item, PackageRow):
            return item
        return read_row(item, request.limits, with_formats=request.with_formats)

    yield from read_side_by_side(found, read, concurrency)


def _in_order(rows: Iterable[PackageRow], key: SortKey, *, is_reversed: bool) -> Iterator[PackageRow]:
    """Yield the rows sorted; those without a value come last, in both directions."""
    keyed = [(key(row), row) for row in rows]
    known = [pair for pair in keyed if pair[0] is not None]
    known.sort(key=lambda pair: pair[1].name)
    known.sort(key=lambda pair: pair[0], reverse=is_reversed)
    yield from (row for _, row in known)
    yield from (row for value, row in keyed if value is None)


def _text_key(text: str | None) -> str | None:
    """Return a text without accents and case, so that `Élan` is beside `elan`."""
    if text is None:
        return None
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def _date_key(date: str | None) -> str | None:
    """Return the first year, month and day of an EDTF date; `193X` is before 1931."""
    match = _YEAR.search(date or "")
    return match[0].replace("X", "0") if match is not None else None


def _checked_key(row: PackageRow) -> Any:
    return row.last_check.claimed_at if row.last_check is not None else None


SORT_KEYS: dict[str, SortKey] = {
    "name": lambda row: row.name,
    "title": lambda row: _text_key(row.title),
    "date": lambda row: _date_key(row.date),
    "id": lambda row: _text_key(row.id),
    "files": lambda row: row.files,
    "bytes": lambda row: row.size_bytes,
    "checked": _checked_key,
}
