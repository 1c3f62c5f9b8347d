"""Does jobs in processes of this machine. One that crashes, hangs or is killed costs one job, not the batch.

The processes are forked, so that private keys are in their memory and are never sent. Where nothing can be
forked the jobs are done in this process.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

from archtool.batch.job import Outcome, crash
from archtool.batch.runner import InProcess, Item, Outcomes, do
from archtool.batch.tasks.task import Verb
from archtool.exit_codes import ExitCode
from archtool.files.workers.concurrency import Concurrency
from archtool.files.workers.parallel import can_fork
from archtool.files.workers.worker_pool import TaskResult, WorkerPool


class Pool:
    """So many processes, each with one job at a time."""

    def __init__(self, jobs: int, timeout_seconds: float | None = None) -> None:
        self._jobs = jobs
        self._timeout_seconds = timeout_seconds

    def run(self, items: Iterable[Item], verb: Verb) -> Outcomes:
        """See `Runner`."""
        if not can_fork():
            yield from InProcess().run(items, verb)
            return
        verb.prepare()
        pool: WorkerPool[Item, Outcome] = WorkerPool(
            lambda item: do(verb, item),
            Concurrency(self._jobs),
            cleans_up=True,
            timeout_seconds=self._timeout_seconds,
        )
        with closing(pool.run(items, lambda outcome: outcome.is_failure)) as portions:
            for results in portions:
                yield [_outcome_of(result) for result in results]


def _outcome_of(result: TaskResult[Item, Outcome]) -> Outcome:
    if result.outcome is not None:
        return result.outcome
    key = result.task[0].key
    if result.is_timed_out:
        return crash(key, f"{result.lost} and was ended (--job-timeout)", ExitCode.SURROUNDINGS)
    return crash(key, result.lost or f"a bug in archtool: {result.error}", ExitCode.SURROUNDINGS)
