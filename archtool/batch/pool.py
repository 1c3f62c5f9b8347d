"""Runs jobs in processes of this machine. A job that crashes, hangs or is killed does not stop the batch.

The processes are forked, so that private keys are in their memory and are never sent. On systems that cannot
fork, the jobs run in this process.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

from archtool.batch.job import Outcome, crash_outcome
from archtool.batch.runner import InProcess, Item, Outcomes, run_job
from archtool.batch.tasks.task import Task
from archtool.exit_codes import ExitCode
from archtool.files.workers.concurrency import Concurrency
from archtool.files.workers.parallel import can_fork
from archtool.files.workers.worker_pool import TaskResult, WorkerPool
from archtool.progress import Meter


class Pool:
    """Runs the given number of processes, each with one job at a time."""

    def __init__(
        self,
        jobs: int,
        timeout_seconds: float | None = None,
        meter: Meter | None = None,
        *,
        jobs_per_process: int = 1,
    ) -> None:
        """Make a pool.

        `meter.tick` is called several times in a second, also while no job ends. `jobs_per_process`: how many
        jobs a process can have, one running and the others waiting; if it is killed, all of them are lost.
        """
        self._jobs_per_process = jobs_per_process
        self._jobs = jobs
        self._meter = meter
        self._timeout_seconds = timeout_seconds

    def run(self, items: Iterable[Item], task: Task) -> Outcomes:
        """See `Runner`."""
        if not can_fork():
            yield from InProcess().run(items, task)
            return
        task.prepare()
        pool: WorkerPool[Item, Outcome] = WorkerPool(
            lambda item: run_job(task, item),
            Concurrency(self._jobs, meter=self._meter),
            cleans_up=True,
            tasks_per_worker=self._jobs_per_process,
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
        return crash_outcome(key, f"{result.lost} and was ended (--job-timeout)", ExitCode.SURROUNDINGS)
    return crash_outcome(key, result.lost or f"a bug in archtool: {result.error}", ExitCode.SURROUNDINGS)
