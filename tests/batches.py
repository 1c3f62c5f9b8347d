"""Folders of described letters, and what a batch made of them."""

from __future__ import annotations

import os
from pathlib import Path

from archtool.batch.journal.journal import JOURNAL_NAME
from command_line import DATE, Run, archtool, archtool_process
from packages import LETTER, tree_bytes

_JOURNALS = JOURNAL_NAME.partition(".")[0]


def write_letters(folder: Path, *names: str) -> Path:
    """A description and a letter for each name."""
    for name in names:
        place = folder / name
        place.mkdir(parents=True)
        (place / "letter.txt").write_text(f"To the sections: {name}.\n")
        (place / "description.yaml").write_text(LETTER.replace("Letter", f"Letter {name}"))
    return folder


def make_unlistable(folder: Path) -> None:
    """A folder so deep that no call can name the folders at its end whole."""
    folder.mkdir()
    handle = os.open(folder, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("x" * 200, dir_fd=handle)
        inner = os.open("x" * 200, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)


def batch(source: Path, output: Path, *options: str | Path) -> Run:
    """Pack what lies in a folder, with one job at a time unless the options say otherwise."""
    return _batch(source, "-o", output, "--date", DATE, *options)


def batch_of(verb: str, source: Path, output: Path, *options: str | Path) -> Run:
    """A batch over packages that are there, with one job at a time unless the options say otherwise."""
    return _batch(source, "-o", output, "--verb", verb, *options)


def _batch(*words: str | Path) -> Run:
    # Dask leaves threads behind in its process, and only a process without other threads is ever forked
    return (
        archtool_process("batch", *words)
        if "--cluster" in words
        else archtool("batch", "--jobs", "1", *words)
    )


def endings(seen: Run) -> dict[str, tuple[str, int]]:
    """Of each job how it ended, and with which code."""
    return {told["job"]: (told["ending"], told["exit_code"]) for told in seen.objects}


def packages_in(output: Path) -> dict[str, bytes]:
    """Every file of every package; the journals are another thing."""
    return {path: data for path, data in tree_bytes(output).items() if not path.startswith(_JOURNALS)}
