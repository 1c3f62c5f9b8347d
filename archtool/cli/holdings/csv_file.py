"""Writes a CSV file that appears complete at the end, or prints it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archtool.cli.batch.summaries import refuse_other_file
from archtool.cli.terminal import output
from archtool.files.writing.staging import Replacement, stage_beside
from archtool.files.writing.storage_errors import storage_errors

_STANDARD_OUTPUT = Path("-")
_FILE_NAME = "table"  # in the staging folder


@contextmanager
def csv_output(path: Path, head: str) -> Iterator[Callable[[str], None]]:
    """Give a function that writes one line; `-` prints, and a stopped run leaves no file.

    Raises:
        UsageError: another file has its name.
        StorageError: it cannot be written.
    """
    if path == _STANDARD_OUTPUT:
        output.citation(head)
        yield output.citation
        return
    refuse_other_file(path, head, "a list that archtool wrote")
    with stage_beside(path) as stage:
        staged = stage.path / _FILE_NAME
        with storage_errors(path), staged.open("w", encoding="utf-8", newline="") as file:
            file.write(head)

            def write(line: str) -> None:
                with storage_errors(path):
                    file.write(line)

            yield write
        stage.commit(replacing=Replacement(), file=staged)
