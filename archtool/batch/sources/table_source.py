"""Reads a batch from a table: each row is a package, and the file is read once.

The rows are stored on the disk as they are read; memory holds only the keys and the names of the declared
files, also for a hundred thousand rows. Keys and shared folders can be checked only after all rows were read;
then the jobs are made one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archtool.batch.job import Job, Plan
from archtool.batch.sources.annexes_by_package import AnnexesByPackage
from archtool.batch.sources.job_keys import JobKeys, declared_files, why_behind_link, why_no_folder
from archtool.batch.sources.table_columns import (
    FOLDER,
    OWN_OF_ANNEXES,
    OWN_OF_PACKAGES,
    PACKAGE,
    columns_of,
    with_known_names,
)
from archtool.batch.sources.table_files import load_defaults, open_tables
from archtool.batch.sources.table_index import TableIndex
from archtool.description import finding_kinds
from archtool.description.table.cells import CellPlaces, Defaults, merged
from archtool.description.table.columns import ANNEXES_KEY
from archtool.description.table.row_to_text import compose
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations.describe.load_description import EmbeddedDescription
from archtool.tables.model import Row, Table


@dataclass(frozen=True, slots=True)
class TableRequest:
    """The table and the files that belong to it."""

    table: Path
    output: Path
    files_root: Path | None = None
    """The folder that folders are relative to, if not the table's own."""
    annexes: Path | None = None
    defaults: Path | None = None
    library: Path | None = None

    @property
    def base(self) -> Path:
        """The folder that folders are relative to."""
        return self.files_root if self.files_root is not None else self.table.parent

    def own_files(self) -> Iterator[Path]:
        """Yield the files of the batch itself, which can be among the payload files but are none."""
        yield self.table
        yield from (path for path in (self.annexes, self.defaults, self.library) if path is not None)


def find_rows(request: TableRequest) -> Plan:
    """Return a job for every row of a table. The table has been read completely when this returns.

    Raises:
        InputError: a file is missing or unreadable, or the table has no row.
        MaterialRefusedError: the table, its columns or the defaults have errors.
        SourceChangedError: a file changed while it was read.
        UsageError: the packages would be written among their sources.
    """
    keys = JobKeys(request.table, request.base, request.output, request.own_files(), "rows")
    defaults, notes = load_defaults(request.defaults)
    with open_tables(request.table, request.annexes) as tables:
        annexes = AnnexesByPackage(_index_annexes(tables.annexes))
        has_annexes = tables.annexes is not None
        packages = with_known_names(tables.packages, OWN_OF_PACKAGES)
        columns = columns_of(packages, OWN_OF_PACKAGES, None, defaults, has_annexes=has_annexes)
        rows = _Rows(request, TableIndex(packages, columns), defaults, annexes, keys)
        for row in packages.rows:
            rows.add(row)
        notes += (*packages.notes, *(tables.annexes.notes if tables.annexes is not None else ()))
    if not len(keys):
        raise InputError(
            f"there is no row in {shown(str(request.table))}",
            hint="write one row for each package below the column names",
        )
    keys.finish()
    others = [*keys.stray_jobs(), *annexes.orphans(request.table, rows.keys)]
    return Plan(len(keys) + len(others), rows.jobs(others), notes)


def _index_annexes(table: Table | None) -> TableIndex | None:
    if table is None:
        return None
    named = with_known_names(table, OWN_OF_ANNEXES, ANNEXES_KEY)
    return TableIndex(named, columns_of(named, OWN_OF_ANNEXES, ANNEXES_KEY))


class _Rows:
    """The rows of the packages."""

    def __init__(
        self, request: TableRequest, index: TableIndex, defaults: Defaults | None,
        annexes: AnnexesByPackage, keys: JobKeys,
    ) -> None:  # fmt: skip
        self._request = request
        self._index = index
        self._defaults = defaults
        self._annexes = annexes
        self._job_keys = keys
        self._has_default_files = defaults is not None and any(declared_files(defaults.values))
        self.keys: set[str] = set()

    def add(self, row: Row) -> None:
        """Store a row and collect its key and its declared files."""
        index = self._index
        key = index.text(row, PACKAGE)
        declared = [*index.files_in(row), *self._annexes.files_of(key)]
        left_out = list(index.left_out_in(row))
        if self._defaults is not None:
            declared += self._default_files(row, key)
        own = bool(left_out)
        if self._defaults is not None and not own:
            left_out = list(self._defaults.values.get("left-out", ()))
        folder, _ = self._folder(row)
        self.keys.add(key)
        index.add(row)
        self._job_keys.add(key or None, folder, declared, left_out, by_default=not own)

    def _default_files(self, row: Row, key: str) -> Iterator[str]:
        """Yield the files that the defaults declare for a row that does not override them."""
        if self._defaults is None or not self._has_default_files:
            return
        own = CellPlaces(self._index.table.place(row.number), {}, {}, {}).values_of(self._index.read(row)[0])
        own |= {ANNEXES_KEY: []} if self._annexes.rows_of(key)[0] else {}
        yield from declared_files(merged(self._defaults.values, own))

    def jobs(self, others: list[Job]) -> Iterator[Job]:
        """Yield the jobs one by one, after the given jobs, which concern the whole table."""
        yield from others
        for number in range(len(self._job_keys)):
            refused = self._job_keys.refusal_of(number, lambda position: self._index.place(position, PACKAGE))
            yield refused or self._job(number)

    def _folder(self, row: Row) -> tuple[Path, str | None]:
        """Return the folder of a row's files, and why it is not the folder that the row names."""
        name = self._index.text(row, FOLDER)
        reason = why_no_folder(name) or why_behind_link(self._request.base, name)
        return (self._request.base / name, None) if reason is None else (self._request.base, reason)

    def _job(self, number: int) -> Job:
        row = self._index.row_at(number)
        key = self._index.text(row, PACKAGE)
        tree, complaints = self._index.read(row)
        annexes, others = self._annexes.rows_of(key)
        folder, reason = self._folder(row)
        folder_place = self._index.place(number, FOLDER)
        findings: list[Finding] = [*complaints, *others]
        if reason is not None:
            message = f"{self._index.text(row, FOLDER)[:100]!r} {reason}"
            findings.append(replace(finding_kinds.FILE_PATH.at(message), place=folder_place))
        place = self._index.table.place(row.number)
        composed = compose(tree, place, self._defaults, annexes, findings)
        embedded = EmbeddedDescription(
            composed.data, is_json=False, folder=folder, places=composed.places, name=str(place),
            folder_name=str(folder_place), is_shared=self._job_keys.is_shared(folder),
            findings=composed.findings,
        )  # fmt: skip
        return Job(key, self._request.table, embedded=embedded)
