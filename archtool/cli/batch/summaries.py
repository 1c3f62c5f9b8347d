"""The summaries of a batch, on request: a CSV table and an HTML page; each appears complete at the end."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from archtool.cli.options.paths import ANY_PATH
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.files.writing.staging import stage_beside
from archtool.report.batch_product import Product, status_of

if TYPE_CHECKING:
    from archtool.cli.batch.summary_store import SummaryStore

_HEAD_BYTES = 1024
_OPTIONS = (
    click.option(
        "--csv",
        "csv_path",
        type=ANY_PATH,
        metavar="FILE",
        help="Also write a table: a row for each finding, or for a job without any.",
    ),
    click.option(
        "--html", "html_path", type=ANY_PATH, metavar="FILE", help="Also write a summary page for a browser."
    ),
)


class SummaryFile(Protocol):
    """A file that lists the jobs of a batch; it is written when the last has ended."""

    def add(self, job: dict[str, Any]) -> None:
        """Count a job that has ended; `job` is its JSON object."""

    def write(self, store: SummaryStore, seconds: float) -> None:
        """Write the file: all jobs have ended, after this time in seconds."""


class Summaries:
    """Collects every job of a batch for the requested files; without any it does nothing."""

    def __init__(self, files: Sequence[SummaryFile] = (), store: SummaryStore | None = None) -> None:
        self._files = files
        self._store = store

    def add(self, job: dict[str, Any], position: int) -> None:
        """Add a job that has ended; `position` is its number in the source."""
        if self._store is None:
            return
        for file in self._files:
            file.add(job)
        kept = {**job, "facts": None, "product": asdict(Product.of(job["facts"]))}
        self._store.add(position, status_of(job), kept)

    def close(self, seconds: float) -> None:
        """Write the files."""
        for file in self._files:
            if self._store is not None:
                file.write(self._store, seconds)


def summary_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `open_summaries` reads."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextlib.contextmanager
def open_summaries(given: dict[str, Any], title: str, planned: int, *, is_check: bool) -> Iterator[Summaries]:
    """Open the requested summaries; an interrupted run leaves none.

    Raises:
        StorageError: a summary cannot be written.
        UsageError: another file has its name, and is not replaced.
    """
    wanted = {name: given[name] for name in ("csv_path", "html_path") if given[name] is not None}
    if not wanted:
        yield Summaries()
        return
    # lazy: 10 ms (sqlite3), only summaries need it
    from archtool.cli.batch.summary_files import SummaryPageFile, SummaryTableFile
    from archtool.cli.batch.summary_store import SummaryStore

    kinds: dict[str, type[SummaryTableFile | SummaryPageFile]] = {
        "csv_path": SummaryTableFile,
        "html_path": SummaryPageFile,
    }
    with contextlib.ExitStack() as stages:
        files: list[SummaryFile] = []
        for name, path in wanted.items():
            refuse_other_file(path, kinds[name].mark, "a summary that archtool batch wrote")
            stage = stages.enter_context(stage_beside(path))
            files.append(kinds[name](stage, title, planned, is_check=is_check))
        yield Summaries(files, SummaryStore())


def refuse_other_file(path: Path, mark: str, what: str) -> None:
    """Refuse to replace a file that does not contain a mark in its beginning: an earlier output does.

    Raises:
        UsageError: there is another file, or its folder does not exist.
    """
    if not path.parent.is_dir():
        raise UsageError(
            f"{shown(str(path))} cannot be written: its folder does not exist",
            hint="create the folder, or give another file",
        )
    try:
        head = b""
        if stat.S_ISREG(path.stat().st_mode):  # to read a FIFO is to wait for a writer
            with path.open("rb") as file:
                head = file.read(_HEAD_BYTES)
    except FileNotFoundError:
        return
    except OSError:
        head = b""
    if mark.encode() not in head:
        raise UsageError(
            f"{shown(str(path))} exists, and is not {what}",
            hint="give another file; only an earlier one is replaced",
        )
