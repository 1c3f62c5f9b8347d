"""The files of a batch's summaries: each is staged, and appears complete when the last job has ended."""

from __future__ import annotations

from typing import Any, TextIO

from archtool.cli.options import clock
from archtool.files.writing.staging import Replacement, Stage
from archtool.files.writing.storage_errors import storage_errors
from archtool.report.batch_csv import csv_head, csv_row
from archtool.report.batch_html import GENERATOR, BatchPage

_FILE_NAME = "summary"  # in the staging folder


class SummaryTableFile:
    """The CSV table: one line for each job, as it ends. Implements `Summary`."""

    mark = csv_head()

    def __init__(self, stage: Stage, _title: str, _planned: int) -> None:
        self._stage = stage
        self._path = stage.path / _FILE_NAME
        with storage_errors(stage.target):
            self._file: TextIO = self._path.open("w", encoding="utf-8", newline="")
            self._file.write(csv_head())

    def add(self, job: dict[str, Any]) -> None:
        """Write the line of a job that has ended."""
        with storage_errors(self._stage.target):
            self._file.write(csv_row(job))

    def close(self, seconds: float) -> None:
        """Close the table and put it in its place."""
        del seconds
        with storage_errors(self._stage.target):
            self._file.close()
        self._stage.commit(replacing=Replacement(), file=self._path)


class SummaryPageFile:
    """The HTML page, made at the end. Implements `Summary`."""

    mark = GENERATOR

    def __init__(self, stage: Stage, title: str, planned: int) -> None:
        self._stage = stage
        self._page = BatchPage(title, f"{clock.now():%Y-%m-%d %H:%M} UTC", planned)

    def add(self, job: dict[str, Any]) -> None:
        """Add a job that has ended."""
        self._page.add(job)

    def close(self, seconds: float) -> None:
        """Write the page and put it in its place."""
        path = self._stage.path / _FILE_NAME
        with storage_errors(self._stage.target):
            path.write_text(self._page.format(seconds), encoding="utf-8", errors="backslashreplace")
        self._stage.commit(replacing=Replacement(), file=path)
