"""Folders of described letters, batch runs over them, and the results of a batch."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from archtool.batch.journal.journal import JOURNAL_NAME
from command_line import DATE, Run, archtool, archtool_process
from packages import LETTER, tree_bytes
from tables import values_of

_JOURNALS = JOURNAL_NAME.partition(".")[0]


def write_letters(folder: Path, *names: str) -> Path:
    """Write a description and a letter for each name; returns the folder."""
    for name in names:
        path = folder / name
        path.mkdir(parents=True)
        (path / "letter.txt").write_text(f"To the sections: {name}.\n")
        (path / "description.yaml").write_text(LETTER.replace("Letter", f"Letter {name}"))
    return folder


def make_unlistable(folder: Path) -> None:
    """Make a folder that cannot be walked: it is so deep that paths to its end are too long for any call."""
    folder.mkdir()
    handle = os.open(folder, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("x" * 200, dir_fd=handle)
        inner = os.open("x" * 200, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)


def batch(source: Path, output: Path, *options: str | Path) -> Run:
    """Pack the descriptions in a folder, with one job at a time unless the options differ."""
    return _batch(source, "-o", output, "--date", DATE, *options)


def batch_of(verb: str, source: Path, output: Path, *options: str | Path) -> Run:
    """Run a batch over existing packages, with one job at a time unless the options differ."""
    return _batch(source, "-o", output, "--verb", verb, *options)


def _batch(*words: str | Path) -> Run:
    # Dask leaves threads in its process, and a process with other threads is never forked
    return (
        archtool_process("batch", *words)
        if "--cluster" in words
        else archtool("batch", "--jobs", "1", *words)
    )


def endings(result: Run) -> dict[str, tuple[str, int]]:
    """Return for each job how it ended, and its exit code."""
    return {line["job"]: (line["ending"], line["exit_code"]) for line in result.objects}


def packages_in(output: Path) -> dict[str, bytes]:
    """Return every file of every package, without the journals."""
    return {path: data for path, data in tree_bytes(output).items() if not path.startswith(_JOURNALS)}


def described(folder: Path, package: str) -> dict[str, Any]:
    """Return the values of the description in a package of the folder `out` beside the folder of sources."""
    return values_of(folder.parent / "out" / package / "metadata" / "description.yaml")


def findings_of(seen: Run) -> list[dict[str, Any]]:
    """Return the findings of all jobs of a batch that printed JSON Lines."""
    return [finding for line in seen.objects for finding in line["findings"]]
