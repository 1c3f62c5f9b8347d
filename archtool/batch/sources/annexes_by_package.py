"""The table of annexes: for each package its rows, in the order of the table."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from archtool.batch.job import Job
from archtool.batch.sources.job_keys import refused_job
from archtool.batch.sources.table_columns import OF, PACKAGE
from archtool.batch.sources.table_index import TableIndex
from archtool.description.table.annexe_rows import AnnexeRow
from archtool.description.table.cells import CellValue
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.report.numbers import counted


class AnnexesByPackage:
    """The annexes of each package. Without a table no package has any."""

    def __init__(self, index: TableIndex | None) -> None:
        """Read all rows of the table."""
        self._index = index
        if index is not None:
            for row in index.table.rows:
                index.keep(row)
            index.index_packages()

    def files_of(self, key: str) -> list[str]:
        """The files that the annexes of a package declare."""
        index = self._index
        return [] if index is None else [file for row in index.rows_of(key) for file in index.files_in(row)]

    def rows_of(self, key: str) -> tuple[list[AnnexeRow], list[Finding]]:
        """The annexes of a package, and what is wrong with their cells."""
        rows: list[AnnexeRow] = []
        findings: list[Finding] = []
        index = self._index
        if index is None or not key:
            return rows, findings
        for row in index.rows_of(key):
            tree, complaints = index.read(row)
            findings += complaints
            above = index.text(row, OF)
            of = CellValue(above, index.cell(row.number, OF)) if above else None
            rows.append(AnnexeRow(index.table.place(row.number), of, tree))
        return rows, findings

    def orphans(self, source: Path, keys: Collection[str]) -> Iterator[Job]:
        """For each package that has annexes and no row, a job that cannot be begun."""
        index = self._index
        for key, first, count in index.packages() if index is not None else ():
            if index is None or (key and key in keys):
                continue
            place = index.place(first, PACKAGE)
            words = "annexes of the package " + shown(key) if key else "annexes of a package that is not said"
            why = f"{words}, which has no row ({counted(count, 'row')} of annexes)"
            hint = "give the package a row, or correct the column `package` here"
            yield refused_job(key or str(place), source, why, place, hint)
