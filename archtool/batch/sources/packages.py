"""Makes one job for each existing package below a folder."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.batch.job import Job, Plan
from archtool.batch.journal.journal import JOURNAL_NAME, shards_in
from archtool.batch.journal.state import JournalState
from archtool.operations.list_packages.package_search import LOST_HINT, no_package_error, search_packages


def find_packages(folder: Path, pattern: str | None = None) -> Plan:
    """Find every package below a folder, or the folder itself; returns the jobs sorted by path.

    `pattern` filters by name.

    Two kinds of jobs are refused: folders that cannot be listed, since their packages are unknown; and
    missing packages that a journal or a sidecar mentions.

    Raises:
        InputError: the folder does not exist, or there is no package in it.
    """
    found = {
        item.name: Job(item.name, item.path, item.problem, hint=item.hint) for item in search_packages(folder)
    }
    if not (folder / DECLARATION_NAME).is_file():
        existing = {name for name, job in found.items() if job.refusal is None}
        found |= {job.key: job for job in _lost_packages(folder, existing)}
    jobs = [
        job
        for _, job in sorted(found.items())
        if pattern is None or fnmatchcase(job.path.name, pattern) or job.refusal
    ]
    if not jobs:
        raise no_package_error(folder, pattern)
    return Plan(len(jobs), jobs)


def _lost_packages(folder: Path, existing: Collection[str]) -> Iterator[Job]:
    """Yield a refused job for each missing package that a journal in the folder mentions."""
    state = JournalState()
    for path in [folder / JOURNAL_NAME, *shards_in(folder).values()]:
        state.read(path) if path.name == JOURNAL_NAME else state.read_share(path)
    for key, known in state.known.items():
        if known.was_made and state.verb_name == "pack" and key not in existing:
            reason = "the journal records that a package was made here, but there is none"
            yield Job(key, folder / key, reason, hint=LOST_HINT)
