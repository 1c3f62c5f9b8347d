"""Who does the jobs. A runner takes them from an iterator as it is ready for more, and gives the outcomes."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Protocol

from archtool.batch.job import Job, Outcome, crash, failure
from archtool.batch.journal.state import Known
from archtool.batch.tasks.task import Verb
from archtool.errors import ArchtoolError

Work = Callable[[Job, Known | None], Outcome]
Item = tuple[Job, Known | None]
Outcomes = Generator[Sequence[Outcome], None, None]
"""Whoever wants no more of them closes it: what is in hand is ended then, and not some time later."""


class Runner(Protocol):
    """One way to have jobs done. What becomes of a job is an outcome, whatever happens to it."""

    def run(self, items: Iterable[Item], verb: Verb, /) -> Outcomes:
        """Do each job; the outcomes come as they are ready, in no order, together where several are.

        Jobs are taken from the iterator only when somebody is free for them: whoever stops iterating
        has begun no more than that.
        """


def do(work: Work, item: Item) -> Outcome:
    """Do one job. An error is its outcome; only an interrupt passes."""
    job, known = item
    started = time.monotonic()
    try:
        outcome = work(job, known)
    except ArchtoolError as error:
        outcome = failure(job.key, error)
    except Exception as error:  # noqa: BLE001 - one job's bug is no reason to leave the others undone
        outcome = crash(job.key, f"a bug in archtool: {type(error).__name__}: {error}")
    return outcome.after(time.monotonic() - started)


class InProcess:
    """One job after the other, here."""

    def run(self, items: Iterable[Item], work: Work) -> Outcomes:
        """See `Runner`."""
        for item in items:
            yield (do(work, item),)
