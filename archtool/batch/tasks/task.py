"""The interface of a task: what a batch does with each job. Each verb has its own module."""

from __future__ import annotations

from typing import Protocol

from archtool.batch.job import Job, Outcome
from archtool.batch.journal.state import KnownJob


class Task(Protocol):
    """What is done with each job. It is sent to other processes with the first job."""

    def prepare(self) -> None:
        """Load what every process would have to load, before the first process is forked."""

    def records_begin(self, job: Job, known: KnownJob | None) -> bool:
        """Whether the journal must record that the job begins.

        Files that a killed run leaves are then known to be the batch's own. `known` is what earlier runs
        recorded.
        """

    def __call__(self, job: Job, known: KnownJob | None) -> Outcome:
        """Do the job; errors of archtool can be raised. `known` is what earlier runs recorded."""

    def remove_leftovers(self, key: str) -> None:
        """Remove what a process that was killed during a job had staged, if anything.

        Raises:
            StorageError: it cannot be removed.
        """
