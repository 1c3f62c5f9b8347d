"""What is done with each job: one small class for each verb, in a file of its own."""

from __future__ import annotations

from typing import Protocol

from archtool.batch.job import Job, Outcome
from archtool.batch.journal.state import Known


class Verb(Protocol):
    """What is done with each job. It goes to other processes with the first job."""

    def prepare(self) -> None:
        """Load what every process would have to load for itself, before the first of them is forked."""

    def begins(self, job: Job, known: Known | None) -> bool:
        """Whether the journal must say that the job began: what a kill leaves is known to be ours then.

        `known` is what earlier runs found.
        """

    def __call__(self, job: Job, known: Known | None) -> Outcome:
        """Do it; errors of archtool may be raised. `known` is what earlier runs found."""

    def clear_after(self, key: str) -> None:
        """Take away what a process that was killed over a job had staged, if that is anything.

        Raises:
            StorageError: it cannot be taken away.
        """
