"""The files of a batch's summaries: each is staged, and appears complete when the last job has ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from archtool.cli.batch.summary_store import SummaryStore
from archtool.cli.options import clock
from archtool.files.writing.staging import Replacement, Stage
from archtool.files.writing.storage_errors import storage_errors
from archtool.report.batch_csv import FIRST_COLUMNS, csv_head, csv_rows
from archtool.report.batch_html import GENERATOR, BatchPage

_FILE_NAME = "summary"  # in the staging folder


class SummaryTableFile:
    """The CSV table. Implements `SummaryFile`."""

    mark = ",".join(FIRST_COLUMNS)

    def __init__(self, stage: Stage, _title: str, _planned: int, *, is_check: bool) -> None:
        del is_check  # the table then has no packages
        self._stage = stage

    def add(self, job: dict[str, Any]) -> None:
        """See `SummaryFile`: the table counts nothing."""

    def write(self, store: SummaryStore, seconds: float) -> None:
        """Write the table and put it in its place."""
        del seconds
        _commit(self._stage, _table(store))


def _table(store: SummaryStore) -> Iterator[str]:
    yield csv_head()
    for job in store.jobs():
        yield from csv_rows(job)


class SummaryPageFile:
    """The HTML page. Implements `SummaryFile`."""

    mark = GENERATOR

    def __init__(self, stage: Stage, title: str, planned: int, *, is_check: bool) -> None:
        self._stage = stage
        self._page = BatchPage(title, f"{clock.now():%Y-%m-%d %H:%M} UTC", planned, is_check=is_check)

    def add(self, job: dict[str, Any]) -> None:
        """Count a job that has ended."""
        self._page.add(job)

    def write(self, store: SummaryStore, seconds: float) -> None:
        """Write the page and put it in its place."""
        _commit(self._stage, self._page.format(seconds, store.jobs_with))


def _commit(stage: Stage, parts: Iterable[str]) -> None:
    path = stage.path / _FILE_NAME
    with (
        storage_errors(stage.target),
        path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file,
    ):
        file.writelines(parts)
    stage.commit(replacing=Replacement(), file=path)
