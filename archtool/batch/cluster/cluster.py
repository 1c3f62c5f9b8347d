"""Runs jobs on a Dask cluster in chunks; a limited number of chunks is under way at a time.

Each chunk is a task of Dask, which sends it to a free worker, runs it again elsewhere if the worker is lost,
and gives it up if too many workers were lost with it (`allowed-failures`). So each job is done at least once.
Packages are staged and renamed: a job that is done twice, or by two workers at the same time, leaves the same
package. Only the client writes the journal.

This module adds what Dask does not do:

- A chunk that was given up can hold harmless jobs, and may only have been under way together with the job
  that killed the workers. Its jobs are run again one by one at the end, each with nothing else under way.
- A worker that cannot take part raises an error for each chunk. `retries` sends the chunk to the same worker,
  which is free at once: with `retries=5` and one such worker of two, 36 of 40 tasks failed. A task that waits
  for a resource is not sent when a worker gets it (github.com/dask/distributed/issues/6677). So the chunk is
  sent again here, and `workers` names the other workers.
- `as_completed` has one time limit for all futures, but this client must check each second which workers are
  there. So finished futures put themselves into a queue.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Self

from archtool.batch.cluster.chunks import Chunk, Chunker
from archtool.batch.cluster.link import SchedulerAddress, SchedulerLink, open_link
from archtool.batch.cluster.run_marker import written_marker
from archtool.batch.cluster.task_codec import Keys, encode_task, fingerprints_of
from archtool.batch.cluster.worker_config import WorkerConfig, WorkerRefusedError, encode_config, run_chunk
from archtool.batch.cluster.worker_registry import REFRESH_SECONDS, WorkerRegistry
from archtool.batch.job import Outcome, crash_outcome
from archtool.batch.journal.state import KnownJob
from archtool.batch.limits import MAX_SENDINGS
from archtool.batch.runner import Item, Outcomes
from archtool.batch.tasks.task import Task
from archtool.errors import StorageError
from archtool.exit_codes import ExitCode
from archtool.files.lock import DEFAULT_WAIT_SECONDS, Notify

_FETCH_SECONDS = 2.0  # doubled each time: a scheduler tries for 30 s to reach a worker that was lost
_GRACE_SECONDS = 10.0  # for workers to notice that the run has ended


@dataclass(frozen=True, slots=True)
class Cluster:
    """See `Runner`: runs jobs on the workers of a Dask scheduler."""

    scheduler: SchedulerAddress
    output: Path | None
    """The folder of the new packages; `None`: nothing is written."""
    reads: tuple[Path, ...]
    """The folders and files that every worker must be able to read."""
    keys: Keys | None
    """Where the workers find the keys to sign with."""
    say: Notify
    """Receives messages about workers that are missing or excluded."""
    timeout_seconds: float | None = None
    wait_seconds: float = DEFAULT_WAIT_SECONDS

    def run(self, items: Iterable[Item], task: Task) -> Outcomes:
        """See `Runner`. Chunks that are under way when `items` ends are finished."""
        with ExitStack() as stack:
            link = stack.enter_context(open_link(self.scheduler, self.wait_seconds))
            window = stack.enter_context(_Window(link, task))
            marker = stack.enter_context(written_marker(self.output)) if self.output is not None else None
            config = encode_config(
                WorkerConfig(
                    encode_task(task, self.keys), marker, tuple(map(str, self.reads)),
                    fingerprints_of(task), self.timeout_seconds,
                )
            )  # fmt: skip
            registry = WorkerRegistry(link, config, self.wait_seconds, self.say)
            registry.admit_workers()
            link.publish(config)
            yield from window.outcomes(items, registry)


@dataclass(slots=True, eq=False)
class _SentChunk:
    """A chunk and the state of its sending."""

    chunk: Chunk
    future: Any = None
    """The `Future` of its last sending."""
    workers: frozenset[str] | None = None
    """The workers that it can be sent to; `None`: any worker."""
    sendings: int = 0
    fetches: int = 0
    """How many attempts to fetch its result have failed."""
    lost: tuple[str, ...] = ()
    """Workers that were lost while it was under way; one of them can have been running it."""


class _Window:
    """The chunks of one run that are under way. Those that remain at the end are cancelled."""

    def __init__(self, link: SchedulerLink, task: Task) -> None:
        self._link = link
        self._task = task
        self._sent: dict[int, _SentChunk] = {}
        self._finished: SimpleQueue[int] = SimpleQueue()
        self._unsent: deque[_SentChunk] = deque()
        self._suspects: list[Chunk] = []
        self._is_isolating = False
        self._count = 0
        self._keys_since_refresh: list[str] = []
        """The keys of jobs that ended since the workers were last checked."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._link.cancel([sent.future for sent in self._sent.values()], _GRACE_SECONDS)

    def outcomes(self, items: Iterable[Item], registry: WorkerRegistry) -> Outcomes:
        """Send all jobs, as many at a time as the window allows; yields the outcomes as they come."""
        chunker = Chunker(self._mark_begun(item) for item in items)
        chunks = iter(chunker.next, None)
        while self._fill(chunks, registry):
            outcomes = self._next_outcomes(registry)
            chunker.record_durations(outcomes)
            yield outcomes
        # workers were lost while each of these was under way; run singly, the job that kills workers shows
        self._is_isolating = True
        for suspect in self._suspects:
            self._refresh_workers(registry, is_forced=True)  # forget workers that were lost before
            self._unsent.append(_SentChunk(suspect))
            while self._fill(iter(()), registry):
                yield self._next_outcomes(registry)
        self._refresh_workers(registry, is_forced=True)

    def _mark_begun(self, item: Item) -> Item:
        """Mark a job as begun: a package that appears at its target from now on was made by this run."""
        job, known = item
        if not self._task.records_begin(job, known):
            return item
        return job, replace(known or KnownJob(None, None), is_begun=True)

    def _fill(self, chunks: Iterator[Chunk], registry: WorkerRegistry) -> bool:
        """Send as many chunks as the window allows; returns whether any is under way."""
        while (
            len(self._sent) + len(self._unsent) < registry.chunks
            and (chunk := next(chunks, None)) is not None
        ):
            self._unsent.append(_SentChunk(chunk))
        while self._unsent and registry.restriction != frozenset():
            self._send(self._unsent.popleft(), registry.restriction)
        return bool(self._sent or self._unsent)

    def _send(self, sent: _SentChunk, workers: frozenset[str] | None) -> None:
        self._count += 1
        sent.sendings += 1
        sent.workers = workers
        sent.future = self._link.send(
            self._count, run_chunk, self._link.run, sent.chunk.pack(), workers=workers
        )
        self._add(self._count, sent)

    def _add(self, number: int, sent: _SentChunk) -> None:
        self._sent[number] = sent
        sent.future.add_done_callback(lambda _: self._finished.put(number))

    def _next_outcomes(self, registry: WorkerRegistry) -> list[Outcome]:
        """Return the outcomes of the next finished chunk, if one finishes before the next refresh."""
        try:
            number = self._finished.get(timeout=REFRESH_SECONDS)
        except Empty:
            number = 0
        outcomes = self._refresh_workers(registry, is_forced=self._is_isolating)
        if (sent := self._sent.pop(number, None)) is not None:
            fetched = self._fetch(number, sent, registry)
            keys = [outcome.key for outcome in fetched]
            if sent.lost:
                self._remove_leftovers(keys)
            else:
                self._keys_since_refresh += keys
            outcomes += fetched
        return outcomes

    def _refresh_workers(self, registry: WorkerRegistry, *, is_forced: bool = False) -> list[Outcome]:
        """Update the list of workers, if it is time; returns the outcomes of chunks that are given up."""
        lost = registry.refresh(is_forced=is_forced)
        if lost is None:
            return []
        outcomes = []
        if lost:
            self._remove_leftovers(self._keys_since_refresh)
            for number, sent in list(self._sent.items()):
                sent.lost += tuple(lost)
                if sent.workers is not None and not sent.workers & registry.usable:
                    # Dask would wait for exactly these workers
                    del self._sent[number]
                    sent.future.cancel()
                    outcomes += self._send_again(sent, "all its workers were lost")
        self._keys_since_refresh.clear()
        return outcomes

    def _remove_leftovers(self, keys: Iterable[str]) -> None:
        """Remove what a lost worker may have staged, after another worker has done the jobs."""
        for key in keys:
            with suppress(StorageError):
                self._task.remove_leftovers(key)

    def _fetch(self, number: int, sent: _SentChunk, registry: WorkerRegistry) -> list[Outcome]:
        """Return the outcomes of a finished chunk; none if it must be run again."""
        from distributed import CancelledError, KilledWorker  # lazy: optional dependency, 400 ms

        seconds = _FETCH_SECONDS * 2**sent.fetches
        try:
            error = sent.future.exception(timeout=seconds)
            if error is None:
                outcomes = sent.future.result(timeout=seconds)
                return [pickle.loads(outcome) for outcome in outcomes]  # noqa: S301 - see docs/cluster.md
        except CancelledError as lost:
            raise self._link.lost_error(str(getattr(lost, "reason", None) or lost)) from lost
        except OSError:  # lost with its worker, and Dask does it again; or lost with the scheduler
            self._link.workers()
            sent.fetches += 1
            self._add(number, sent)
            return []
        if isinstance(error, KilledWorker):
            return self._give_up(sent, error.allowed_failures + 1, error.last_worker.address)
        if isinstance(error, WorkerRefusedError):
            registry.exclude(error.worker, error.reason)
        else:
            registry.recheck()
        return self._send_again(sent, str(error))

    def _send_again(self, sent: _SentChunk, reason: str) -> list[Outcome]:
        if sent.sendings < MAX_SENDINGS:
            self._unsent.append(sent)
            return []
        if sent.lost:
            return self._give_up(sent, len(sent.lost))
        message = f"no worker of the cluster could run the job: {reason}"
        return [crash_outcome(key, message, ExitCode.SURROUNDINGS) for key in sent.chunk.keys]

    def _give_up(self, sent: _SentChunk, deaths: int, *last: str) -> list[Outcome]:
        """Run the jobs again singly; jobs that were run singly when the workers were lost have failed."""
        if not self._is_isolating:
            self._suspects += sent.chunk.split()
            return []
        named = ", ".join(dict.fromkeys((*sent.lost, *last)))
        message = f"{deaths} workers died while they ran only this job: {named}"
        return [crash_outcome(key, message, ExitCode.SURROUNDINGS) for key in sent.chunk.keys]
