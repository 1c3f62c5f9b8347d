"""Does jobs on a Dask cluster: in chunks, of which a limited number is under way.

Each chunk is a task of Dask, which sends it to a worker that is free, does it again elsewhere when the
worker is lost, and gives it up when too many workers were lost with it (`allowed-failures`). So each job is
done at least once. Packages are staged and renamed: a job that is done twice, or by two workers at the same
time, leaves the package that it would have left. Only the client writes the journal.

What Dask does not do, and this module does:

- A chunk that was given up may hold innocent jobs, and may itself have been beside the guilty one. Its jobs
  are done again one by one at the end, each with nothing beside it.
- A worker that cannot take part raises an error for each chunk. `retries` sends the chunk to the same
  worker, which is free at once: with `retries=5` and one such worker of two, 36 of 40 tasks failed. A task
  that waits for a resource is not sent when a worker gets it (github.com/dask/distributed/issues/6677). So
  the chunk is sent again here, with `workers` naming the others.
- `as_completed` has one time limit for all futures, while this client must see each second which workers
  are there. So finished futures put themselves into a queue.
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
from archtool.batch.cluster.link import Link, Place, open_link
from archtool.batch.cluster.run_marker import placed_marker
from archtool.batch.cluster.task_codec import Keys, encode_verb, fingerprints_of
from archtool.batch.cluster.worker_config import WorkerConfig, WorkerRefusedError, do_chunk, encode_config
from archtool.batch.cluster.worker_registry import LOOK_SECONDS, WorkerRegistry
from archtool.batch.job import Outcome, crash
from archtool.batch.journal.state import Known
from archtool.batch.runner import Item, Outcomes
from archtool.batch.tasks.task import Verb
from archtool.errors import StorageError
from archtool.exit_codes import ExitCode
from archtool.files.lock import DEFAULT_WAIT_SECONDS, Notify

MAX_SENDINGS = 5  # of one chunk that comes back undone
_FETCH_SECONDS = 2.0  # twice as long each time: a scheduler tries for 30 s to reach a worker that was lost
_GRACE_SECONDS = 10.0  # for workers to see that the run has ended


@dataclass(frozen=True, slots=True)
class Cluster:
    """See `Runner`: the workers of a Dask scheduler."""

    place: Place
    output: Path | None
    """Where the packages go; `None`: nothing is written."""
    reads: tuple[Path, ...]
    """The folders and files that every worker must be able to read."""
    keys: Keys | None
    """Where workers find the keys to sign with."""
    say: Notify
    """Is told, in words, of workers that are missing or left out."""
    timeout_seconds: float | None = None
    wait_seconds: float = DEFAULT_WAIT_SECONDS

    def run(self, items: Iterable[Item], verb: Verb) -> Outcomes:
        """See `Runner`. What was sent is done also after the last job was taken from `items`."""
        with ExitStack() as held:
            link = held.enter_context(open_link(self.place, self.wait_seconds))
            window = held.enter_context(_Window(link, verb))
            marker = held.enter_context(placed_marker(self.output)) if self.output is not None else None
            config = encode_config(
                WorkerConfig(
                    encode_verb(verb, self.keys), marker, tuple(map(str, self.reads)),
                    fingerprints_of(verb), self.timeout_seconds,
                )
            )  # fmt: skip
            registry = WorkerRegistry(link, config, self.wait_seconds, self.say)
            registry.admit_workers()
            link.publish(config)
            yield from window.outcomes(items, registry)


@dataclass(slots=True, eq=False)
class _Task:
    """A chunk, and how it is faring."""

    chunk: Chunk
    future: Any = None
    """The `Future` of its last sending."""
    workers: frozenset[str] | None = None
    """Those that may do it; `None`: all."""
    sendings: int = 0
    fetches: int = 0
    """How often its result was asked for in vain."""
    lost: tuple[str, ...] = ()
    """Workers that were lost while it was under way: one of them may have had it in hand."""


class _Window:
    """The chunks of one run that are under way. At the end, what is left of them is cancelled."""

    def __init__(self, link: Link, verb: Verb) -> None:
        self._link = link
        self._verb = verb
        self._sent: dict[int, _Task] = {}
        self._finished: SimpleQueue[int] = SimpleQueue()
        self._unsent: deque[_Task] = deque()
        self._suspects: list[Chunk] = []
        self._is_alone = False
        self._count = 0
        self._returned_since: list[str] = []
        """The keys of jobs that ended since the last look at the workers."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._link.cancel([task.future for task in self._sent.values()], _GRACE_SECONDS)

    def outcomes(self, items: Iterable[Item], registry: WorkerRegistry) -> Outcomes:
        """Send all jobs as there is room for them; yields the outcomes as they come."""
        chunker = Chunker(self._begun(item) for item in items)
        chunks = iter(chunker.next, None)
        while self._fill(chunks, registry):
            outcomes = self._returned(registry)
            chunker.learn(outcomes)
            yield outcomes
        # workers were lost with each of these, or with a job beside it: alone, each shows which it was
        self._is_alone = True
        for suspect in self._suspects:
            self._look_again(registry, at_once=True)  # who was lost before is not counted
            self._unsent.append(_Task(suspect))
            while self._fill(iter(()), registry):
                yield self._returned(registry)
        self._look_again(registry, at_once=True)

    def _begun(self, item: Item) -> Item:
        """The job with what is known of it: a package that appears there from now on, our workers made."""
        job, known = item
        if not self._verb.begins(job, known):
            return item
        return job, replace(known or Known(None, None), is_begun=True)

    def _fill(self, chunks: Iterator[Chunk], registry: WorkerRegistry) -> bool:
        """Send what there is room for; returns whether anything is under way."""
        while (
            len(self._sent) + len(self._unsent) < registry.chunks
            and (chunk := next(chunks, None)) is not None
        ):
            self._unsent.append(_Task(chunk))
        while self._unsent and registry.restriction != frozenset():
            self._send(self._unsent.popleft(), registry.restriction)
        return bool(self._sent or self._unsent)

    def _send(self, task: _Task, workers: frozenset[str] | None) -> None:
        self._count += 1
        task.sendings += 1
        task.workers = workers
        task.future = self._link.send(
            self._count, do_chunk, self._link.run, task.chunk.pack(), workers=workers
        )
        self._await(self._count, task)

    def _await(self, number: int, task: _Task) -> None:
        self._sent[number] = task
        task.future.add_done_callback(lambda _: self._finished.put(number))

    def _returned(self, registry: WorkerRegistry) -> list[Outcome]:
        """The outcomes of a chunk that came back, if one did within the time between two looks."""
        try:
            number = self._finished.get(timeout=LOOK_SECONDS)
        except Empty:
            number = 0
        outcomes = self._look_again(registry, at_once=self._is_alone)
        if (task := self._sent.pop(number, None)) is not None:
            opened = self._open(number, task, registry)
            keys = [outcome.key for outcome in opened]
            if task.lost:
                self._clear_after(keys)
            else:
                self._returned_since += keys
            outcomes += opened
        return outcomes

    def _look_again(self, registry: WorkerRegistry, *, at_once: bool = False) -> list[Outcome]:
        """See which workers are there, if it is time; returns the outcomes of chunks that are given up."""
        lost = registry.look_again(at_once=at_once)
        if lost is None:
            return []
        outcomes = []
        if lost:
            self._clear_after(self._returned_since)
            for number, task in list(self._sent.items()):
                task.lost += tuple(lost)
                if task.workers is not None and not task.workers & registry.able:
                    # Dask would wait for these very workers
                    del self._sent[number]
                    task.future.cancel()
                    outcomes += self._send_again(task, "each worker was lost")
        self._returned_since.clear()
        return outcomes

    def _clear_after(self, keys: Iterable[str]) -> None:
        """Remove what a lost worker may have staged, now that another one has done the jobs."""
        for key in keys:
            with suppress(StorageError):
                self._verb.clear_after(key)

    def _open(self, number: int, task: _Task, registry: WorkerRegistry) -> list[Outcome]:
        """The outcomes of a chunk that came back; none if it must be done again."""
        from distributed import CancelledError, KilledWorker

        seconds = _FETCH_SECONDS * 2**task.fetches
        try:
            error = task.future.exception(timeout=seconds)
            if error is None:
                outcomes = task.future.result(timeout=seconds)
                return [pickle.loads(outcome) for outcome in outcomes]  # noqa: S301 - see docs/cluster.md
        except CancelledError as lost:
            raise self._link.lost(str(getattr(lost, "reason", None) or lost)) from lost
        except OSError:  # lost on the way: with its worker, so that Dask does it again, or with the scheduler
            self._link.workers()
            task.fetches += 1
            self._await(number, task)
            return []
        if isinstance(error, KilledWorker):
            return self._give_up(task, error.allowed_failures + 1, error.last_worker.address)
        if isinstance(error, WorkerRefusedError):
            registry.leave_out(error.worker, error.why)
        else:
            registry.check_again()
        return self._send_again(task, str(error))

    def _send_again(self, task: _Task, why: str) -> list[Outcome]:
        if task.sendings < MAX_SENDINGS:
            self._unsent.append(task)
            return []
        if task.lost:
            return self._give_up(task, len(task.lost))
        what = f"no worker of the cluster could take it: {why}"
        return [crash(key, what, ExitCode.SURROUNDINGS) for key in task.chunk.keys]

    def _give_up(self, task: _Task, deaths: int, *last: str) -> list[Outcome]:
        """Do the jobs again alone; if they were alone when workers were lost, they have failed."""
        if not self._is_alone:
            self._suspects += task.chunk.singly()
            return []
        named = ", ".join(dict.fromkeys((*task.lost, *last)))
        what = f"{deaths} workers died over it, while nothing else was done: {named}"
        return [crash(key, what, ExitCode.SURROUNDINGS) for key in task.chunk.keys]
