"""A batch from a table: each row is a package, in one pass over the file.

The rows are kept on the disk as they are read: of a hundred thousand, memory holds the keys and the names of
the declared files. What may lie where is known only once all rows were seen; then the jobs are made one by
one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archtool.batch.job import Job, Plan
from archtool.batch.sources.annexes_by_package import AnnexesByPackage
from archtool.batch.sources.job_keys import Intake, texts_named, why_leads_elsewhere, why_no_folder
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
    """Which table, and what belongs to it."""

    table: Path
    output: Path
    files_root: Path | None = None
    """Where folders count from, if not from the table's own."""
    annexes: Path | None = None
    defaults: Path | None = None
    library: Path | None = None

    @property
    def base(self) -> Path:
        """Where folders count from."""
        return self.files_root if self.files_root is not None else self.table.parent

    def own_files(self) -> Iterator[Path]:
        """What may lie among the files and is none of them."""
        yield self.table
        yield from (path for path in (self.annexes, self.defaults, self.library) if path is not None)


def find_rows(request: TableRequest) -> Plan:
    """Every row of a table; all of it was read when this returns.

    Raises:
        InputError: a file is missing or cannot be read, or there is no row in it.
        MaterialRefusedError: the table, its columns or the defaults are not as they must be.
        SourceChangedError: a file changed while it was read.
        UsageError: the packages would lie among their sources.
    """
    intake = Intake(request.table, request.base, request.output, request.own_files(), "rows")
    defaults, notes = load_defaults(request.defaults)
    with open_tables(request.table, request.annexes) as tables:
        annexes = AnnexesByPackage(_index_annexes(tables.annexes))
        has_annexes = tables.annexes is not None
        packages = with_known_names(tables.packages, OWN_OF_PACKAGES)
        columns = columns_of(packages, OWN_OF_PACKAGES, None, defaults, has_annexes=has_annexes)
        rows = _Rows(request, TableIndex(packages, columns), defaults, annexes, intake)
        for row in packages.rows:
            rows.take(row)
        notes += (*packages.notes, *(tables.annexes.notes if tables.annexes is not None else ()))
    if not len(intake):
        raise InputError(
            f"there is no row in {shown(str(request.table))}",
            hint="put one row for each package below the names of the columns",
        )
    intake.close()
    others = [*intake.stray_jobs(), *annexes.orphans(request.table, rows.keys)]
    return Plan(len(intake) + len(others), rows.jobs(others), notes)


def _index_annexes(table: Table | None) -> TableIndex | None:
    if table is None:
        return None
    named = with_known_names(table, OWN_OF_ANNEXES, ANNEXES_KEY)
    return TableIndex(named, columns_of(named, OWN_OF_ANNEXES, ANNEXES_KEY))


class _Rows:
    """The rows of the packages, as they were read."""

    def __init__(
        self, request: TableRequest, index: TableIndex, defaults: Defaults | None,
        annexes: AnnexesByPackage, intake: Intake,
    ) -> None:  # fmt: skip
        self._request = request
        self._index = index
        self._defaults = defaults
        self._annexes = annexes
        self._intake = intake
        self._has_default_files = defaults is not None and any(texts_named(defaults.values))
        self.keys: set[str] = set()

    def take(self, row: Row) -> None:
        """Read one row for what must be known of all."""
        index = self._index
        key = index.text(row, PACKAGE)
        declared = [*index.files_in(row), *self._annexes.files_of(key)]
        left_out = list(index.left_out_in(row))
        if self._defaults is not None:
            declared += self._by_default(row, key)
        own = bool(left_out)
        if self._defaults is not None and not own:
            left_out = list(self._defaults.values.get("left-out", ()))
        folder, _ = self._folder(row)
        self.keys.add(key)
        index.keep(row)
        self._intake.add(key or None, folder, declared, left_out, by_default=not own)

    def _by_default(self, row: Row, key: str) -> Iterator[str]:
        """The files that the defaults declare for a row which does not say otherwise."""
        if self._defaults is None or not self._has_default_files:
            return
        own = CellPlaces(self._index.table.place(row.number), {}, {}, {}).values_of(self._index.read(row)[0])
        own |= {ANNEXES_KEY: []} if self._annexes.rows_of(key)[0] else {}
        yield from texts_named(merged(self._defaults.values, own))

    def jobs(self, others: list[Job]) -> Iterator[Job]:
        """The jobs one by one; before them what has to be said of all together."""
        yield from others
        for number in range(len(self._intake)):
            refused = self._intake.refused(number, lambda one: self._index.place(one, PACKAGE))
            yield refused or self._job(number)

    def _folder(self, row: Row) -> tuple[Path, str | None]:
        """The folder of a row's files; and why it cannot be the one that was said."""
        said = self._index.text(row, FOLDER)
        why = why_no_folder(said) or why_leads_elsewhere(self._request.base, said)
        return (self._request.base / said, None) if why is None else (self._request.base, why)

    def _job(self, number: int) -> Job:
        row = self._index.kept(number)
        key = self._index.text(row, PACKAGE)
        tree, complaints = self._index.read(row)
        annexes, others = self._annexes.rows_of(key)
        folder, why = self._folder(row)
        folder_place = self._index.place(number, FOLDER)
        findings: list[Finding] = [*complaints, *others]
        if why is not None:
            message = f"{self._index.text(row, FOLDER)[:100]!r} {why}"
            findings.append(replace(finding_kinds.FILE_PATH.at(message), place=folder_place))
        place = self._index.table.place(row.number)
        composed = compose(tree, place, self._defaults, annexes, findings)
        given = EmbeddedDescription(
            composed.data, is_json=False, folder=folder, places=composed.places, name=str(place),
            folder_name=str(folder_place), is_shared=self._intake.is_shared(folder),
            findings=composed.findings,
        )  # fmt: skip
        return Job(key, self._request.table, given=given)
