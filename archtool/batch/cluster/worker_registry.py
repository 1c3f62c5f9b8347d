"""The workers of a cluster: which are there, which may do jobs, and which were lost."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

from archtool.batch.cluster.link import Link
from archtool.batch.cluster.worker_config import Problem, check_worker, versions
from archtool.errors import StorageError
from archtool.files.lock import Notify
from archtool.installation import install_command_elsewhere

LOOK_SECONDS = 1.0
CHUNKS_FOR_EACH = 2  # of each thread: one that it does and one that waits, so that it is never idle
MAX_CHUNKS_SENT = 1_000  # whatever the cluster's size: what is sent lies in the scheduler's memory
_FIRST_LOOK_SECONDS = 0.1
_MAX_NAMED = 5
_MISSING = ("ModuleNotFoundError(", "ImportError(", "AttributeError(")


class WorkerRegistry:
    """The workers of one run."""

    def __init__(self, link: Link, config: bytes, wait_seconds: float, say: Notify) -> None:
        self._link = link
        self._config = config
        self._wait_seconds = wait_seconds
        self._say = say
        self._threads: dict[str, int] = {}
        self._refused: dict[str, str] = {}
        self._looked_at = 0.0
        self._alone_since: float | None = None

    @property
    def chunks(self) -> int:
        """How many chunks may be under way at a time."""
        return min(MAX_CHUNKS_SENT, max(1, sum(self._threads[one] for one in self.able) * CHUNKS_FOR_EACH))

    @property
    def able(self) -> frozenset[str]:
        """The workers that are there and may do jobs."""
        return frozenset(self._threads.keys() - self._refused.keys())

    @property
    def restriction(self) -> frozenset[str] | None:
        """The workers that jobs must be sent to; `None`: each may do them."""
        return self.able if self._refused.keys() & self._threads.keys() else None

    def admit_workers(self) -> None:
        """Wait until there is a worker, and check every one that is there.

        Raises:
            StorageError: no worker joins, or one of them cannot take part.
        """
        until = time.monotonic() + self._wait_seconds
        while not (threads := self._link.workers()):
            if time.monotonic() >= until:
                raise self._nobody("no worker has joined")
            if self._alone_since is None:
                self._alone_since = time.monotonic()
                self._say(f"no worker has joined the scheduler yet; waiting at most {self._wait_seconds:g} s")
            time.sleep(_FIRST_LOOK_SECONDS)
        self._threads, self._alone_since, self._looked_at = threads, None, time.monotonic()
        answer = self._link.ask_scheduler(versions)
        if isinstance(answer, BaseException):
            what, hint = _why_no_answer(answer)
            raise StorageError(f"the scheduler {what}; nothing was begun", hint=hint)
        problems = self._problems_of(threads)
        if problems:
            named = [f"{worker} {what}" for worker, (what, _) in list(problems.items())[:_MAX_NAMED]]
            named += [f"{len(problems) - _MAX_NAMED} more"] if len(problems) > _MAX_NAMED else []
            several = f"of {len(threads):,} workers not all"
            who = several if len(threads) > 1 else "the only worker is not one that"
            raise StorageError(
                f"{who} can take part; nothing was begun: {'; '.join(named)}",
                hint=next(iter(problems.values()))[1],
            )

    def look_again(self, *, at_once: bool = False) -> frozenset[str] | None:
        """Ask each second which workers are there; returns those that were lost, or `None` between.

        Raises:
            StorageError: no worker has been there for too long, or none that may do jobs.
        """
        now = time.monotonic()
        if now - self._looked_at < LOOK_SECONDS and not at_once:
            return None
        threads = self._link.workers()
        lost = frozenset(self._threads.keys() - threads.keys())
        self._threads, self._looked_at = threads, now
        if self.able:
            self._alone_since = None
        elif self._alone_since is None:
            self._alone_since = now
            self._say(f"no worker is left; waiting at most {self._wait_seconds:g} s for another one")
        elif now - self._alone_since >= self._wait_seconds:
            refused = "; ".join(f"{worker} {why}" for worker, why in self._refused.items())
            raise self._nobody(f"no worker is left{refused and f' that may do jobs: {refused}'}")
        return lost

    def check_again(self) -> None:
        """Check all workers after one could not do a chunk; leave out those that cannot take part."""
        unknown = self._link.workers().keys() - self._refused.keys()
        for worker, (what, _) in self._problems_of(unknown).items():
            self.leave_out(worker, what)

    def leave_out(self, worker: str, why: str) -> None:
        """Send no more to a worker."""
        if worker not in self._refused:
            # it may have joined since the last look, and what is sent next must not go to it
            self._threads.setdefault(worker, 0)
            self._refused[worker] = why
            self._say(f"a worker is left out: {worker} {why}")

    def _problems_of(self, workers: Collection[str]) -> dict[str, Problem]:
        """What is wrong with each worker that cannot take part."""
        answers = self._link.ask(check_worker, self._link.run, self._config, workers=workers)
        problems = {worker: _problem_in(answer) for worker, answer in answers.items()}
        return {worker: problem for worker, problem in problems.items() if problem is not None}

    def _nobody(self, what: str) -> StorageError:
        return StorageError(
            f"{what} within {self._wait_seconds:g} s",
            hint="start workers (dask worker ADDRESS), then run the same command again: it goes on from here",
        )


def _problem_in(answer: Any) -> Problem | None:
    if isinstance(answer, OSError):
        return None  # the worker was lost just now
    return _why_no_answer(answer) if isinstance(answer, BaseException) else answer


def _why_no_answer(error: BaseException) -> Problem:
    """What to say of a machine that raised an exception instead of answering."""
    told = repr(error) if isinstance(error, ImportError | AttributeError) else str(error)
    if told.startswith(_MISSING):  # the library hands on the exception as text
        install = install_command_elsewhere("cluster", versions()[0])
        return (
            f"has no archtool that knows clusters: {told}",
            f"install it there, then start it again: {install}",
        )
    return f"cannot be asked: {type(error).__name__}: {told}", "see what it wrote to its log"
