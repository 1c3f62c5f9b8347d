"""The workers of a cluster: which have joined, which are usable, and which were lost."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

from archtool.batch.cluster.link import SchedulerLink
from archtool.batch.cluster.worker_config import Problem, check_worker, versions
from archtool.batch.limits import MAX_CHUNKS_SENT
from archtool.errors import StorageError
from archtool.files.lock import Notify
from archtool.installation import install_command_elsewhere

REFRESH_SECONDS = 1.0
CHUNKS_FOR_EACH = 2  # for each thread: one that runs and one that waits, so that it is never idle
_JOIN_POLL_SECONDS = 0.1
_MAX_NAMED = 5
_MISSING = ("ModuleNotFoundError(", "ImportError(", "AttributeError(")


class WorkerRegistry:
    """The workers of one run."""

    def __init__(self, link: SchedulerLink, config: bytes, wait_seconds: float, say: Notify) -> None:
        self._link = link
        self._config = config
        self._wait_seconds = wait_seconds
        self._say = say
        self._threads: dict[str, int] = {}
        self._refused: dict[str, str] = {}
        self._refreshed_at = 0.0
        self._no_worker_since: float | None = None

    @property
    def chunks(self) -> int:
        """How many chunks can be under way at a time."""
        return min(
            MAX_CHUNKS_SENT, max(1, sum(self._threads[worker] for worker in self.usable) * CHUNKS_FOR_EACH)
        )

    @property
    def usable(self) -> frozenset[str]:
        """The workers that have joined and were not excluded."""
        return frozenset(self._threads.keys() - self._refused.keys())

    @property
    def restriction(self) -> frozenset[str] | None:
        """The workers that jobs must be sent to; `None`: any worker."""
        return self.usable if self._refused.keys() & self._threads.keys() else None

    def admit_workers(self) -> None:
        """Wait until a worker has joined, then check all workers.

        Raises:
            StorageError: no worker joins, or one of them cannot take part.
        """
        until = time.monotonic() + self._wait_seconds
        while not (threads := self._link.workers()):
            if time.monotonic() >= until:
                raise self._no_worker_error("no worker has joined")
            if self._no_worker_since is None:
                self._no_worker_since = time.monotonic()
                self._say(f"no worker has joined the scheduler yet; waiting at most {self._wait_seconds:g} s")
            time.sleep(_JOIN_POLL_SECONDS)
        self._threads, self._no_worker_since, self._refreshed_at = threads, None, time.monotonic()
        answer = self._link.call_scheduler(versions)
        if isinstance(answer, BaseException):
            message, hint = _problem_of_error(answer)
            raise StorageError(f"the scheduler {message}; no job was begun", hint=hint)
        problems = self._problems_of(threads)
        if problems:
            named = [f"{worker} {message}" for worker, (message, _) in list(problems.items())[:_MAX_NAMED]]
            named += [f"{len(problems) - _MAX_NAMED} more"] if len(problems) > _MAX_NAMED else []
            several = f"not all of {len(threads):,} workers can"
            subject = several if len(threads) > 1 else "the only worker cannot"
            raise StorageError(
                f"{subject} take part; no job was begun: {'; '.join(named)}",
                hint=next(iter(problems.values()))[1],
            )

    def refresh(self, *, is_forced: bool = False) -> frozenset[str] | None:
        """Update the list of workers, at most once a second; returns the workers that were lost, else `None`.

        Raises:
            StorageError: there was no worker, or no usable one, for too long.
        """
        now = time.monotonic()
        if now - self._refreshed_at < REFRESH_SECONDS and not is_forced:
            return None
        threads = self._link.workers()
        lost = frozenset(self._threads.keys() - threads.keys())
        self._threads, self._refreshed_at = threads, now
        if self.usable:
            self._no_worker_since = None
        elif self._no_worker_since is None:
            self._no_worker_since = now
            self._say(f"no worker is left; waiting at most {self._wait_seconds:g} s for another worker")
        elif now - self._no_worker_since >= self._wait_seconds:
            refused = "; ".join(f"{worker} {reason}" for worker, reason in self._refused.items())
            raise self._no_worker_error(f"no usable worker is left{refused and f': {refused}'}")
        return lost

    def recheck(self) -> None:
        """Check all workers after one failed to run a chunk, and exclude those that cannot take part."""
        unknown = self._link.workers().keys() - self._refused.keys()
        for worker, (message, _) in self._problems_of(unknown).items():
            self.exclude(worker, message)

    def exclude(self, worker: str, reason: str) -> None:
        """Send no more chunks to a worker."""
        if worker not in self._refused:
            # it can have joined since the last refresh, and must not get the next chunk
            self._threads.setdefault(worker, 0)
            self._refused[worker] = reason
            self._say(f"a worker is excluded: {worker} {reason}")

    def _problems_of(self, workers: Collection[str]) -> dict[str, Problem]:
        """Return the problem of each worker that cannot take part."""
        answers = self._link.call_workers(check_worker, self._link.run, self._config, workers=workers)
        problems = {worker: _problem_of(answer) for worker, answer in answers.items()}
        return {worker: problem for worker, problem in problems.items() if problem is not None}

    def _no_worker_error(self, message: str) -> StorageError:
        return StorageError(
            f"{message} within {self._wait_seconds:g} s",
            hint="start workers (dask worker ADDRESS), then run the same command again to resume",
        )


def _problem_of(answer: Any) -> Problem | None:
    if isinstance(answer, OSError):
        return None  # the worker was lost just now
    return _problem_of_error(answer) if isinstance(answer, BaseException) else answer


def _problem_of_error(error: BaseException) -> Problem:
    """Return the problem of a machine that raised an exception instead of answering."""
    text = repr(error) if isinstance(error, ImportError | AttributeError) else str(error)
    if text.startswith(_MISSING):  # the library passes the exception on as text
        install = install_command_elsewhere("cluster", versions()[0])
        return (
            f"has no archtool with cluster support: {text}",
            f"install it there, then start it again: {install}",
        )
    return f"cannot be checked: {type(error).__name__}: {text}", "check its log"
