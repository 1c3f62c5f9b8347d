"""The summaries of a batch that somebody asked for: a table and a page, each written whole at the end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import click

from archtool.errors import UsageError
from archtool.files.paths import shown

_PATH = click.Path(path_type=Path)
_HEAD_BYTES = 1024
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
    wanted = {name: given[name] for name in ("csv_path", "html_path") if given[name] is not None}
    with contextlib.ExitStack() as held:
        yield tuple(_open(wanted, title, planned, held)) if wanted else ()


def _open(
    wanted: Mapping[str, Path], title: str, planned: int, held: contextlib.ExitStack
) -> Iterator[Summary]:
    from archtool.cli.batch.summary_files import SummaryPageFile, SummaryTableFile
    from archtool.files.writing.staging import stage_beside

    kinds: dict[str, type[SummaryTableFile | SummaryPageFile]] = {
        "csv_path": SummaryTableFile,
        "html_path": SummaryPageFile,
    }
    for name, path in wanted.items():
        kind = kinds[name]
        _refuse_other(path, kind.mark)
        yield kind(held.enter_context(stage_beside(path)), title, planned)


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
