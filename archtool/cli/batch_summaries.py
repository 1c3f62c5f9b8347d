"""The summaries of a batch that somebody asked for: a table and a page, each written whole at the end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol, TextIO

import click

from archtool.cli import clock
from archtool.errors import UsageError
from archtool.fixity.paths import shown
from archtool.fixity.staging import Stage, stage_beside
from archtool.fixity.storing import storing
from archtool.report.batch_csv import csv_head, csv_row
from archtool.report.batch_html import GENERATOR, BatchPage

_PATH = click.Path(path_type=Path)
_HEAD_BYTES = 1024
_MADE = "summary"  # in the staging folder
_OPTIONS = (
    click.option("--csv", "csv_path", type=_PATH, metavar="FILE", help="A table of all jobs too."),
    click.option("--html", "html_path", type=_PATH, metavar="FILE", help="A page to look at too."),
)


class Summary(Protocol):
    """Somebody who is told of every job, and writes when the last has ended."""

    def add(self, told: dict[str, Any]) -> None:
        """One more job has ended; this is its line."""

    def close(self, seconds: float) -> None:
        """All have ended, after so long."""


def summary_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `open_summaries` understands."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextlib.contextmanager
def open_summaries(given: dict[str, Any], title: str, planned: int) -> Iterator[tuple[Summary, ...]]:
    """Begin the summaries that were asked for; a run that comes to no end leaves none.

    Raises:
        StorageError: one of them cannot be written.
        UsageError: something else is there, which is not replaced.
    """
    with contextlib.ExitStack() as held:
        summaries: list[Summary] = []
        for path, kind in ((given["csv_path"], _Table), (given["html_path"], _Page)):
            if path is not None:
                _refuse_other(path, kind.mark)
                stage = held.enter_context(stage_beside(path))
                summaries.append(kind(stage, title, planned))
        yield tuple(summaries)


def _refuse_other(path: Path, mark: str) -> None:
    """An earlier summary may be replaced; anything else that lies there may not."""
    if not path.parent.is_dir():
        raise UsageError(
            f"{shown(str(path))} cannot be written: its folder does not exist",
            hint="make it first, or name another file",
        )
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except FileNotFoundError:
        return
    except OSError:
        head = b""
    if mark.encode() not in head:
        raise UsageError(
            f"{shown(str(path))} exists, and is no summary that archtool batch wrote",
            hint="name another file; an earlier summary would be replaced",
        )


class _Table:
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
        self._stage.commit(replace=True, file=self._made)


class _Page:
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
        self._stage.commit(replace=True, file=made)
