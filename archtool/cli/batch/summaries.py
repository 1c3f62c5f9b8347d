"""The summaries of a batch, on request: a CSV table and an HTML page; each appears complete at the end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import click

from archtool.cli.batch.summary_files import SummaryPageFile, SummaryTableFile
from archtool.cli.options.paths import ANY_PATH
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.files.writing.staging import stage_beside

_HEAD_BYTES = 1024
_OPTIONS = (
    click.option("--csv", "csv_path", type=ANY_PATH, metavar="FILE", help="Also write a table of all jobs."),
    click.option(
        "--html", "html_path", type=ANY_PATH, metavar="FILE", help="Also write a summary page for a browser."
    ),
)


class Summary(Protocol):
    """Collects every job of a batch, and writes a file when the last has ended."""

    def add(self, job: dict[str, Any]) -> None:
        """Add a job that has ended; `job` is its JSON object."""

    def close(self, seconds: float) -> None:
        """Write the file: all jobs have ended, after this time in seconds."""


def summary_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `open_summaries` reads."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextlib.contextmanager
def open_summaries(given: dict[str, Any], title: str, planned: int) -> Iterator[tuple[Summary, ...]]:
    """Open the requested summaries; an interrupted run leaves none.

    Raises:
        StorageError: a summary cannot be written.
        UsageError: another file has its name, and is not replaced.
    """
    wanted = {name: given[name] for name in ("csv_path", "html_path") if given[name] is not None}
    with contextlib.ExitStack() as stages:
        yield tuple(_open(wanted, title, planned, stages))


def _open(
    wanted: Mapping[str, Path], title: str, planned: int, stages: contextlib.ExitStack
) -> Iterator[Summary]:
    kinds: dict[str, type[SummaryTableFile | SummaryPageFile]] = {
        "csv_path": SummaryTableFile,
        "html_path": SummaryPageFile,
    }
    for name, path in wanted.items():
        kind = kinds[name]
        _refuse_other(path, kind.mark)
        yield kind(stages.enter_context(stage_beside(path)), title, planned)


def _refuse_other(path: Path, mark: str) -> None:
    """Refuse to replace a file that is not an earlier summary."""
    if not path.parent.is_dir():
        raise UsageError(
            f"{shown(str(path))} cannot be written: its folder does not exist",
            hint="create the folder, or give another file",
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
            f"{shown(str(path))} exists, and is not a summary that archtool batch wrote",
            hint="give another file; only an earlier summary is replaced",
        )
