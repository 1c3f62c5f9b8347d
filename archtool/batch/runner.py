"""The interface of a runner: it takes jobs from an iterator when it is ready and yields outcomes."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Protocol

from archtool.batch.job import Job, Outcome, crash_outcome, failed_outcome
from archtool.batch.journal.state import KnownJob
from archtool.batch.tasks.task import Task
from archtool.errors import ArchtoolError

JobFunction = Callable[[Job, KnownJob | None], Outcome]
Item = tuple[Job, KnownJob | None]
Outcomes = Generator[Sequence[Outcome], None, None]
"""Closing the generator ends the jobs that are running, at once."""


class Runner(Protocol):
    """One way to run jobs. Each job results in an outcome, also when its process crashes."""

    def run(self, items: Iterable[Item], task: Task, /) -> Outcomes:
        """Run each job; yields the outcomes as they are ready, in no order.

        Outcomes that are ready at the same time come together. A job is taken from the iterator only when a
        worker is free for it: a caller that stops iterating has begun no others.
        """


def run_job(function: JobFunction, item: Item) -> Outcome:
    """Run one job and return its outcome. An error becomes an outcome; only an interrupt is raised."""
    job, known = item
    started = time.monotonic()
    try:
        outcome = function(job, known)
    except ArchtoolError as error:
        outcome = failed_outcome(job.key, error)
    except Exception as error:  # noqa: BLE001 - a bug in one job must not stop the others
        outcome = crash_outcome(job.key, f"a bug in archtool: {type(error).__name__}: {error}")
    return outcome.with_seconds(time.monotonic() - started)


class InProcess:
    """Runs one job after another in this process."""

    def run(self, items: Iterable[Item], function: JobFunction) -> Outcomes:
        """See `Runner`."""
        for item in items:
            yield (run_job(function, item),)
