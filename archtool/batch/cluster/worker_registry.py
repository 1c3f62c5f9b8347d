"""The workers of a cluster: who is there, who may do jobs, and who was lost."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from archtool.batch.cluster.link import Link
from archtool.batch.cluster.worker_check import Look, look, name_of, problem_of
from archtool.batch.cluster.worker_config import Errand, Versions, versions, write_errand
from archtool.errors import StorageError
from archtool.files.lock import Say
from archtool.installation import install_command_elsewhere

LOOK_SECONDS = 1.0
CHUNKS_FOR_EACH = 2  # one in hand and one that waits, so that nobody waits for us
MAX_CHUNKS_SENT = 1_000  # whatever the cluster's size: what is sent lies in the scheduler's memory
_FIRST_LOOK_SECONDS = 0.1
_MOST_TOLD = 5
_MISSING = ("ModuleNotFoundError(", "ImportError(", "AttributeError(")


class Crew:
    """Who works for one run."""

    def __init__(self, link: Link, errand: Errand, wait_seconds: float, say: Say) -> None:
        self._link = link
        self._errand = write_errand(errand)
        self._fingerprints = errand.fingerprints
        self._wait_seconds = wait_seconds
        self._say = say
        self.errand_name = name_of(self._errand)
        """What to call it when a chunk is sent to a worker that was looked at."""
        self._threads: dict[str, int] = {}
        self._refused: dict[str, str] = {}
        self._looked_at = 0.0
        self._alone_since: float | None = None

    @property
    def chunks(self) -> int:
        """How many chunks may be sent at a time."""
        threads = sum(n for worker, n in self._threads.items() if worker not in self._refused)
        return min(MAX_CHUNKS_SENT, max(1, threads * CHUNKS_FOR_EACH))

    @property
    def restriction(self) -> tuple[str, ...] | None:
        """The workers that may do jobs, where not all may; `None`: all may."""
        return tuple(self._able()) if self._refused.keys() & self._threads.keys() else None

    def muster(self) -> None:
        """Wait until somebody is there, and look at everybody.

        Raises:
            StorageError: nobody comes, or somebody is not as all must be.
        """
        until = time.monotonic() + self._wait_seconds
        while not (threads := dict(self._link.workers())):
            if time.monotonic() >= until:
                raise self._nobody("no worker has joined")
            if self._alone_since is None:
                self._alone_since = time.monotonic()
                self._say(f"no worker has joined the scheduler yet; waiting at most {self._wait_seconds:g} s")
            time.sleep(_FIRST_LOOK_SECONDS)
        self._threads, self._alone_since = threads, None
        self._looked_at = time.monotonic()
        self._look_at_scheduler()
        problems = self._look_at(list(threads))
        if problems:
            told = [f"{worker} {what}" for worker, (what, _) in list(problems.items())[:_MOST_TOLD]]
            told += [f"{len(problems) - _MOST_TOLD} more"] if len(problems) > _MOST_TOLD else []
            who = (
                f"of {len(threads):,} workers not all"
                if len(threads) > 1
                else "the only worker is not one that"
            )
            raise StorageError(
                f"{who} can take part; nothing was begun: {'; '.join(told)}",
                hint=next(iter(problems.values()))[1],
            )

    def compare_again(self, *, at_once: bool = False) -> frozenset[str] | None:
        """From time to time see who is there; gives those who were lost, or `None`: it is not yet time.

        Raises:
            StorageError: nobody has been there for too long, or nobody is left who may do jobs.
        """
        now = time.monotonic()
        if now - self._looked_at < LOOK_SECONDS and not at_once:
            return None
        threads = dict(self._link.workers())
        lost = frozenset(self._threads) - frozenset(threads)
        self._threads, self._looked_at = threads, now
        if self._able():
            self._alone_since = None
        elif self._alone_since is None:
            self._alone_since = now
            self._say(f"no worker is left; waiting at most {self._wait_seconds:g} s for another one")
        elif now - self._alone_since >= self._wait_seconds:
            refused = "; ".join(f"{worker} {why}" for worker, why in self._refused.items())
            raise self._nobody(f"no worker is left{refused and f' that may do jobs: {refused}'}")
        return lost

    def brief(self, worker: str) -> bool:
        """Look at one that joined since, and tell it what to do; or leave it out. Whether it may do jobs."""
        self._judge([worker])
        return worker not in self._refused

    def find_strangers(self) -> None:
        """Look at all again, and leave out who is not as all must be."""
        self._judge(list(self._link.workers()))

    def leave_out(self, worker: str, why: str) -> None:
        """Send no more to a worker."""
        if worker not in self._refused:
            # it is there, though it may have joined since the last look: what is sent next must not go to it
            self._threads.setdefault(worker, 0)
            self._refused[worker] = why
            self._say(f"a worker is left out: {worker} {why}")

    def _judge(self, workers: Sequence[str]) -> None:
        for worker, (what, _) in self._look_at(workers).items():
            self.leave_out(worker, what)

    def _able(self) -> list[str]:
        return [worker for worker in self._threads if worker not in self._refused]

    def _look_at_scheduler(self) -> None:
        answer = self._link.ask_scheduler(versions)
        if not isinstance(answer, Versions):
            what, hint = _why_no_answer(answer)
            raise StorageError(f"the scheduler {what}; nothing was begun", hint=hint)

    def _look_at(self, workers: Sequence[str]) -> dict[str, tuple[str, str]]:
        """What is wrong with each that is not as it must be, and what to do about it."""
        answers = self._link.ask(look, self._errand, workers=workers)
        problems = {worker: self._problem_of(answer) for worker, answer in answers.items()}
        return {worker: problem for worker, problem in problems.items() if problem is not None}

    def _problem_of(self, answer: Any) -> tuple[str, str] | None:
        if isinstance(answer, Look):
            return problem_of(answer, self._fingerprints)
        if isinstance(answer, OSError):
            return None  # it went just now
        return _why_no_answer(answer)

    def _nobody(self, what: str) -> StorageError:
        return StorageError(
            f"{what} within {self._wait_seconds:g} s",
            hint="start workers (dask worker ADDRESS), then run the same command again: it goes on from here",
        )


def _why_no_answer(error: Any) -> tuple[str, str]:
    """What to say of a machine that met an exception where it should have said what it is like."""
    told = repr(error) if isinstance(error, ImportError | AttributeError) else str(error)
    if told.startswith(_MISSING):  # the library hands on what it met as text
        install = install_command_elsewhere("cluster", versions().archtool)
        return (
            f"has no archtool that knows clusters: {told}",
            f"install it there, then start it again: {install}",
        )
    return f"cannot be asked: {type(error).__name__}: {told}", "see what it wrote to its log"
