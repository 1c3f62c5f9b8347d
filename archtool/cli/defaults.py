"""Defaults that commands share: how many processes, which progress display, where a summary line goes."""

from __future__ import annotations

import os

from archtool.cli.terminal import output
from archtool.cli.terminal.progress_bar import ProgressBar
from archtool.files.limits import MAX_READS
from archtool.files.workers.concurrency import Concurrency
from archtool.progress import NoProgress, Progress

MAX_JOBS = 1024


def default_jobs() -> int:
    """Return the number of cores that this process may use: hashing is bound by them."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def concurrency_of(jobs: int | None, limit_bytes_per_second: int | None = None) -> Concurrency:
    """Return a concurrency of exactly `jobs` processes; `None` means the default."""
    if jobs is None:
        return default_concurrency(limit_bytes_per_second)
    return Concurrency(jobs, jobs, limit_bytes_per_second)


def default_concurrency(limit_bytes_per_second: int | None = None) -> Concurrency:
    """Return one process for each core, and more if they turn out to wait for the storage."""
    return Concurrency(default_jobs(), MAX_READS, limit_bytes_per_second)


def make_progress() -> Progress:
    """Return a progress bar if stderr is a terminal, else a display that shows nothing."""
    return ProgressBar() if output.is_terminal() else NoProgress()


def note(text: str, *, as_json: bool) -> None:
    """Print a line for a person: to stdout, or to stderr if stdout carries JSON."""
    if as_json:
        output.message(text)
    else:
        output.data(text + "\n")
