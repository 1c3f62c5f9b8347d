"""What a command works with where nobody asked for anything else: processes, a bar, a last line."""

from __future__ import annotations

import os

from archtool.cli.terminal import output
from archtool.files.workers.concurrency import MAX_READS, Concurrency
from archtool.progress import NoProgress, Progress

MAX_JOBS = 1024


def default_jobs() -> int:
    """As many as there are cores that this process may use: hashing is bound by them."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def effort_of(jobs: int | None, limit_bytes_per_second: int | None = None) -> Concurrency:
    """So many processes, or as many as seem right where nobody said."""
    if jobs is None:
        return default_effort(limit_bytes_per_second)
    return Concurrency(jobs, jobs, limit_bytes_per_second)


def default_effort(limit_bytes_per_second: int | None = None) -> Concurrency:
    """A process for each core, and more where they are seen to wait for the storage."""
    return Concurrency(default_jobs(), MAX_READS, limit_bytes_per_second)


def make_progress() -> Progress:
    """A bar where somebody watches, nothing elsewhere."""
    if not output.is_terminal():
        return NoProgress()
    from archtool.cli.terminal.progress_bar import ProgressBar

    return ProgressBar()


def note(text: str, *, as_json: bool) -> None:
    """A line for a person; scripts that asked for JSON get none on stdout."""
    if as_json:
        output.message(text)
    else:
        output.data(text + "\n")
