"""Reads a batch from a table: each row is a package, and the file is read once.

The rows are stored on the disk as they are read; memory holds only the keys and the names of the declared
files, also for a hundred thousand rows. Keys and shared folders can be checked only after all rows were read;
then the jobs are made one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archtool.batch.job import Job, Plan
from archtool.batch.sources.annexes_by_package import AnnexesByPackage
from archtool.batch.sources.job_keys import JobKeys, declared_files
from archtool.batch.sources.rows.described_files import DescribedFiles, kept_matches
from archtool.batch.sources.rows.file_names import FileNames, PathsOfCell
from archtool.batch.sources.rows.row_columns import PlainColumns
from archtool.batch.sources.rows.row_folders import RowFolder, folder_of_row
from archtool.batch.sources.rows.source_places import OtherNames
from archtool.batch.sources.table_columns import (
    FOLDER,
    OWN_OF_ANNEXES,
    OWN_OF_PACKAGES,
    PACKAGE,
    columns_of,
    with_known_names,
)
from archtool.batch.sources.table_files import TableFiles, load_defaults, open_tables
from archtool.batch.sources.table_index import TableIndex
from archtool.batch.sources.table_reading import TableReading
from archtool.description.finding_kinds import LIBRARY
from archtool.description.table.cells import CellPlaces, Defaults, merged
from archtool.description.table.columns import ANNEXES_KEY
from archtool.description.table.row_to_text import compose
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.findings import Finding, Place, has_errors
from archtool.operations.describe.load_description import EmbeddedDescription, read_embedded_description
from archtool.operations.finding_kinds import SOURCES_UNUSABLE
from archtool.report.numbers import counted
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
    mapping: Path | None = None
    """The mapping that states what the columns mean."""
    reading: TableReading | None = None
    """What was stated about the tables themselves."""

    @property
    def base(self) -> Path:
        """The folder that folders are relative to."""
        return self.files_root if self.files_root is not None else self.table.parent

    def own_files(self) -> Iterator[Path]:
        """Yield the files of the batch itself, which can be among the payload files but are none."""
        yield self.table
        yield from (path for path in self._others() if path is not None)

    def _others(self) -> tuple[Path | None, ...]:
        return self.annexes, self.defaults, self.library, self.mapping


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
    with open_tables(request.table, request.annexes, request.reading) as tables:
        packages, annexe_index, more = _indexes(request, tables, defaults)
        annexes = AnnexesByPackage(annexe_index)
        rows = _Rows(request, packages, defaults, annexes, keys)
        for row in packages.table.rows:
            rows.add(row)
        more += rows.notes()
        notes += (*packages.table.notes, *(tables.annexes.notes if tables.annexes is not None else ()), *more)
    if not len(keys):
        raise InputError(
            f"there is no row in {shown(str(request.table))}",
            hint="write one row for each package below the column names",
        )
    keys.finish()
    others = [*keys.stray_jobs(), *annexes.orphans(request.table, rows.keys)]
    return Plan(len(keys) + len(others), rows.jobs(others), notes)


def _indexes(
    request: TableRequest, tables: TableFiles, defaults: Defaults | None
) -> tuple[TableIndex, TableIndex | None, tuple[str, ...]]:
    """Return the tables with the meaning of their columns, and notes about the mapping."""
    if request.mapping is None:
        has_annexes = tables.annexes is not None
        named = with_known_names(tables.packages, OWN_OF_PACKAGES)
        columns = columns_of(named, OWN_OF_PACKAGES, None, defaults, has_annexes=has_annexes)
        return TableIndex(named, PlainColumns(named, columns)), _index_annexes(tables.annexes), ()
    # lazy: 5 ms, only --mapping needs it
    from archtool.batch.sources.mapping.mapped_tables import join_mapping

    mapped = join_mapping(request.mapping, tables, defaults)
    packages = TableIndex(tables.packages, mapped.packages)
    if tables.annexes is None or mapped.annexes is None:
        return packages, _index_annexes(tables.annexes), mapped.notes
    return packages, TableIndex(tables.annexes, mapped.annexes), mapped.notes


def _index_annexes(table: Table | None) -> TableIndex | None:
    if table is None:
        return None
    named = with_known_names(table, OWN_OF_ANNEXES, ANNEXES_KEY)
    return TableIndex(named, PlainColumns(named, columns_of(named, OWN_OF_ANNEXES, ANNEXES_KEY)))


class _Rows:
    """The rows of the packages."""

    def __init__(
        self, request: TableRequest, index: TableIndex, defaults: Defaults | None,
        annexes: AnnexesByPackage, keys: JobKeys,
    ) -> None:  # fmt: skip
        self._request = request
        self._index = index
        self._columns = index.columns
        self._defaults = defaults
        self._annexes = annexes
        self._job_keys = keys
        self._has_default_files = defaults is not None and any(declared_files(defaults.values))
        self._names = FileNames(frozenset(path.resolve() for path in request.own_files()))
        self._backslashes = 0
        self._first_backslash: Place | None = None
        self.keys: set[str] = set()

    def add(self, row: Row) -> None:
        """Store a row and collect its key and its declared files."""
        columns = self._columns
        key = columns.text(row, PACKAGE)
        left_out = list(columns.left_out_in(row))
        own = bool(left_out)
        if self._defaults is not None and not own:
            left_out = list(self._defaults.values.get("left-out", ()))
        found = self._folder(row)
        if found.had_backslashes:
            self._count_backslashes(columns.place(row.number, FOLDER))
        if found.fault is not None:
            self._job_keys.lose_folder()
        declared = self._declared(row, key, found.path, left_out) if found.path is not None else ()
        self.keys.add(key)
        self._index.add(row)
        self._job_keys.add(key or None, found.path, declared, left_out, by_default=not own)

    def _declared(self, row: Row, key: str, folder: Path, left_out: Sequence[str]) -> list[str]:
        """Return the files that a row declares; of a pattern those that it matches now."""
        declared: list[str] = []
        for name, text in self._columns.files_in(row):
            found = self._names.files(folder, text, key)
            if found.had_backslashes:
                self._count_backslashes(self._columns.place(row.number, name))
            declared += _matched(found, left_out)
        for text, place in self._annexes.files_of(key):
            found = self._names.files(folder, text, key)
            if found.had_backslashes:
                self._count_backslashes(place)
            declared += found.paths
        for text in self._default_files(row, key):
            declared += _matched(self._names.files(folder, text, key), left_out)
        return declared

    def _count_backslashes(self, place: Place) -> None:
        self._first_backslash = self._first_backslash or place
        self._backslashes += 1

    def notes(self) -> tuple[str, ...]:
        """Return what the user should know about the cells."""
        if self._first_backslash is None:
            return ()
        cells = counted(self._backslashes, "cell")
        return (f"backslashes in {cells} were read as `/`, first in {self._first_backslash}",)

    def _default_files(self, row: Row, key: str) -> Iterator[str]:
        """Yield the files that the defaults declare for a row that does not override them."""
        if self._defaults is None or not self._has_default_files:
            return
        own = CellPlaces(self._index.table.place(row.number), {}, {}, {}).values_of(
            self._columns.read(row)[0]
        )
        own |= {ANNEXES_KEY: []} if self._annexes.rows_of(key)[0] else {}
        yield from declared_files(merged(self._defaults.values, own))

    def jobs(self, others: list[Job]) -> Iterator[Job]:
        """Yield the jobs one by one, after the given jobs, which concern the whole table."""
        yield from others
        for number in range(len(self._job_keys)):
            refused = self._job_keys.refusal_of(number, lambda position: self._index.place(position, PACKAGE))
            yield refused or self._job(number)

    def _folder(self, row: Row) -> RowFolder:
        return folder_of_row(self._names, self._request.base, self._columns.text(row, FOLDER))

    def _job(self, number: int) -> Job:
        row = self._index.row_at(number)
        key = self._columns.text(row, PACKAGE)
        tree, complaints = self._columns.read(row)
        annexes, others = self._annexes.rows_of(key)
        found = self._folder(row)
        folder = found.path if found.path is not None else self._request.base
        folder_place = self._index.place(number, FOLDER)
        findings: list[Finding] = [*complaints, *others, *found.faults_at(folder_place)]
        place = self._index.table.place(row.number)
        files = DescribedFiles(self._names, folder, key, self._other_names())
        resolve = files.resolve if found.fault is None else None
        composed = compose(tree, place, self._defaults, annexes, findings, resolve)
        embedded = EmbeddedDescription(
            composed.data, is_json=False, folder=folder, places=files.places(composed.places),
            name=str(place), folder_name=str(folder_place), is_shared=self._job_keys.is_shared(folder),
            findings=composed.findings,
        )  # fmt: skip
        if found.fault is None:
            return Job(key, self._request.table, embedded=embedded)
        (fault,) = found.faults_at(folder_place)
        return self._without_folder(key, embedded, fault)

    def _without_folder(self, key: str, embedded: EmbeddedDescription, fault: Finding) -> Job:
        """Return a refused job with all findings of a row but those about files, which cannot be found."""
        described = read_embedded_description(self._request.table, embedded, self._request.library)
        findings = tuple(finding for finding in described.findings if finding.code != LIBRARY.code)
        reason = f"{embedded.folder_name}: {fault.message}"
        others = [finding for finding in findings if finding.code != fault.code]
        if fault.code == SOURCES_UNUSABLE.code and not has_errors(others):
            return Job(key, self._request.table, reason, hint=fault.hint)
        return Job(key, self._request.table, reason, findings)

    def _other_names(self) -> list[OtherNames]:
        names = (self._columns.other_names, self._annexes.other_names)
        return [one for one in names if one is not None]


def _matched(found: PathsOfCell, left_out: Sequence[str]) -> Iterable[str]:
    """Return the files that a text declares; of a pattern those that are not left out."""
    return kept_matches(found.paths, set(), left_out) if found.is_pattern else found.paths
