"""The table of annexes, read by package: the rows of each in the order of the table."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from archtool.batch.job import Job
from archtool.batch.sources.job_keys import refused_job
from archtool.batch.sources.rows.source_places import OtherNames
from archtool.batch.sources.table_columns import OF, PACKAGE
from archtool.batch.sources.table_index import TableIndex
from archtool.description.table.annexe_rows import AnnexeRow
from archtool.description.table.cells import CellValue
from archtool.files.paths import shown
from archtool.findings import Finding, Place
from archtool.report.numbers import counted


class AnnexesByPackage:
    """The annexes of each package. Without a table, packages have no annexes here."""

    def __init__(self, index: TableIndex | None) -> None:
        """Read all rows of the table."""
        self._index = index
        if index is not None:
            for row in index.table.rows:
                index.add(row)
            index.index_packages()

    @property
    def other_names(self) -> OtherNames | None:
        """The names of the columns of the table, if there is one and they are not the keys."""
        return None if self._index is None else self._index.columns.other_names

    def files_of(self, key: str) -> Iterator[tuple[str, Place]]:
        """Yield the files that a package's annexes declare, each with its cell."""
        index = self._index
        if index is None:
            return
        for row in index.rows_of(key):
            for name, text in index.columns.files_in(row):
                yield text, index.columns.place(row.number, name)

    def rows_of(self, key: str) -> tuple[list[AnnexeRow], list[Finding]]:
        """Return the annexes of a package, and the findings about their cells."""
        rows: list[AnnexeRow] = []
        findings: list[Finding] = []
        index = self._index
        if index is None or not key:
            return rows, findings
        for row in index.rows_of(key):
            tree, complaints = index.columns.read(row)
            findings += complaints
            parent = index.columns.text(row, OF)
            of = CellValue(parent, index.columns.place(row.number, OF)) if parent else None
            rows.append(AnnexeRow(index.table.place(row.number), of, tree))
        return rows, findings

    def orphans(self, source: Path, keys: Collection[str]) -> Iterator[Job]:
        """Yield a refused job for each package that has annexes but no row."""
        index = self._index
        for key, first, count in index.packages() if index is not None else ():
            if index is None or (key and key in keys):
                continue
            place = index.place(first, PACKAGE)
            subject = "annexes of the package " + shown(key) if key else "annexes of an unnamed package"
            reason = f"{subject}, which has no row ({counted(count, 'row')} of annexes)"
            hint = "add a row for the package, or correct the column `package` here"
            yield refused_job(key or str(place), source, reason, place, hint)
