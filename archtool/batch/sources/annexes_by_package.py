"""The table of annexes: for each package its rows, in the order of the inventory."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator
from pathlib import Path

from archtool.batch.job import Job
from archtool.batch.sources.job_keys import refused_job
from archtool.batch.sources.table_columns import OF, PACKAGE
from archtool.batch.sources.table_index import Sheet
from archtool.description.table.annexe_rows import AnnexeRow
from archtool.description.table.cells import CellValue
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.report.numbers import counted


class AnnexeBook:
    """Where each package's annexes stand; without a table, nowhere."""

    def __init__(self) -> None:
        self._sheet: Sheet | None = None
        self._rows: dict[str, array[int]] = {}
        self._files: dict[str, list[str]] = {}

    def read(self, sheet: Sheet) -> None:
        """Read all rows of the table."""
        self._sheet = sheet
        for row in sheet.table.rows:
            key = sheet.text(row, PACKAGE)
            self._rows.setdefault(key, array("q")).append(sheet.keep(row))
            files = list(sheet.files_in(row))
            if files:
                self._files.setdefault(key, []).extend(files)

    def files_of(self, key: str) -> list[str]:
        """The files that the annexes of a package declare."""
        return self._files.get(key, [])

    def rows_of(self, key: str) -> tuple[list[AnnexeRow], list[Finding]]:
        """The annexes of a package, and what is wrong with their cells."""
        rows: list[AnnexeRow] = []
        findings: list[Finding] = []
        sheet = self._sheet
        for number in self._rows.get(key, ()) if sheet is not None and key else ():
            assert sheet is not None  # noqa: S101 - there are rows
            row = sheet.kept(number)
            tree, complaints = sheet.read(row)
            findings += complaints
            above = sheet.text(row, OF)
            of = CellValue(above, sheet.place(number, OF)) if above else None
            rows.append(AnnexeRow(sheet.table.place(row.number), of, tree))
        return rows, findings

    def orphans(self, source: Path, keys: Collection[str]) -> Iterator[Job]:
        """For each package that no row stands for, and that has annexes, a job that cannot be begun."""
        for key, numbers in self._rows.items():
            if self._sheet is None or (key and key in keys):
                continue
            place = self._sheet.place(numbers[0], PACKAGE)
            words = "annexes of the package " + shown(key) if key else "annexes of a package that is not said"
            why = f"{words}, which has no row ({counted(len(numbers), 'row')} of annexes)"
            hint = "give the package a row, or correct the column `package` here"
            yield refused_job(key or str(place), source, why, place, hint)
