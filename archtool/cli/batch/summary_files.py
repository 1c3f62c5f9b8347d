"""The files of a batch's summaries: each is staged, and appears whole when the last job has ended."""

from __future__ import annotations

from typing import Any, TextIO

from archtool.cli.options import clock
from archtool.files.writing.staging import Replacement, Stage
from archtool.files.writing.storage_errors import storing
from archtool.report.batch_csv import csv_head, csv_row
from archtool.report.batch_html import GENERATOR, BatchPage

_MADE = "summary"  # in the staging folder


class SummaryTableFile:
    """The table: a line for each job, as it ends."""

    mark = csv_head()

    def __init__(self, stage: Stage, _title: str, _planned: int) -> None:
        self._stage = stage
        self._made = stage.path / _MADE
        with storing(stage.target):
            self._file: TextIO = self._made.open("w", encoding="utf-8", newline="")
            self._file.write(csv_head())

    def add(self, told: dict[str, Any]) -> None:
        """See `Summary`."""
        with storing(self._stage.target):
            self._file.write(csv_row(told))

    def close(self, seconds: float) -> None:
        """See `Summary`."""
        del seconds
        with storing(self._stage.target):
            self._file.close()
        self._stage.commit(replacing=Replacement(), file=self._made)


class SummaryPageFile:
    """The page: it is put together at the end."""

    mark = GENERATOR

    def __init__(self, stage: Stage, title: str, planned: int) -> None:
        self._stage = stage
        self._page = BatchPage(title, f"{clock.now():%Y-%m-%d %H:%M} UTC", planned)

    def add(self, told: dict[str, Any]) -> None:
        """See `Summary`."""
        self._page.add(told)

    def close(self, seconds: float) -> None:
        """See `Summary`."""
        made = self._stage.path / _MADE
        with storing(self._stage.target):
            made.write_text(self._page.format(seconds), encoding="utf-8", errors="backslashreplace")
        self._stage.commit(replacing=Replacement(), file=made)
