"""Does jobs on a Dask cluster: in chunks, through a bounded window, each job as often as it takes.

What is sent is done at least once: where a worker dies, its chunk goes to another one. Packages are staged
and renamed, so that a job done twice, or by two workers at the same time, leaves the package that it would
have left. Only the client writes the journal.
"""

from __future__ import annotations

import pickle
import secrets
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Self

from archtool.batch.cluster.chunks import Chunk, Chunker
from archtool.batch.cluster.link import ANSWER_SECONDS, Link, Place, open_link
from archtool.batch.cluster.run_marker import lit_beacon
from archtool.batch.cluster.task_codec import Keys, fingerprints_of, write_order
from archtool.batch.cluster.work import Answer, do_chunk
from archtool.batch.cluster.worker_config import Errand
from archtool.batch.cluster.worker_registry import LOOK_SECONDS, Crew
from archtool.batch.job import Outcome, crash
from archtool.batch.journal.state import Known
from archtool.batch.runner import Item, Outcomes
from archtool.batch.tasks.task import Verb
from archtool.errors import StorageError
from archtool.exit_codes import ExitCode
from archtool.files.lock import DEFAULT_WAIT_SECONDS, Say

if TYPE_CHECKING:
    from distributed import Future

MAX_SENDINGS = 5  # of one chunk that comes back undone
_History = tuple[int, tuple[str, ...], int]
"""Of a chunk: how often it was sent, which workers were lost meanwhile, and in how many sendings."""
_NEW: _History = (1, (), 0)
MAX_DEATHS = 4  # of workers that had one chunk, each sent anew; Dask counts those of one sending
_GRACE_SECONDS = 10.0  # for workers to see that their jobs are not wanted any more


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
    say: Say
    """Is told, in words, of workers that are missing or left out."""
    timeout_seconds: float | None = None
    wait_seconds: float = DEFAULT_WAIT_SECONDS

    def run(self, items: Iterable[Item], verb: Verb) -> Outcomes:
        """See `Runner`. What was sent is done also after whoever gave the jobs has given the last."""
        with ExitStack() as held:
            link = held.enter_context(open_link(self.place, self.wait_seconds))
            sent = held.enter_context(_Sent(link))
            beacon = held.enter_context(lit_beacon(self.output)) if self.output is not None else None
            reads, order = tuple(map(str, self.reads)), write_order(verb, self.keys)
            errand = Errand(order, beacon, reads, fingerprints_of(verb), self.timeout_seconds)
            crew = Crew(link, errand, self.wait_seconds, self.say)
            crew.muster()
            flow = _Flow(sent, crew, verb)
            yield from flow.outcomes(items)


@dataclass(slots=True)
class _Parcel:
    """A chunk that was sent."""

    number: int
    chunk: Chunk
    future: Future
    workers: tuple[str, ...] | None
    """Those that may do it; `None`: all."""
    sendings: int
    earlier: tuple[str, ...] = ()
    """Workers that were lost in earlier sendings."""
    deaths: int = 0
    """How many sendings of it lost a worker."""
    lost: tuple[str, ...] = ()
    """Workers that were lost meanwhile: one of them may have had it in hand."""

    def history(self, sendings: int) -> _History:
        """What must be known of it when it is sent again, for so many times in all."""
        return sendings, self.all_lost, self.deaths

    @property
    def all_lost(self) -> tuple[str, ...]:
        """The workers that were lost in all sendings."""
        return (*self.earlier, *self.lost)


class _Sent:
    """What was sent and has not come back. At the end what is left is not wanted any more."""

    def __init__(self, link: Link) -> None:
        self.parcels: dict[int, _Parcel] = {}
        self.link = link
        self._run = f"archtool-{secrets.token_hex(8)}"
        self._count = 0
        self._ready: SimpleQueue[int] = SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.parcels:
            self.link.close_handle([parcel.future for parcel in self.parcels.values()], _GRACE_SECONDS)

    def send(
        self, chunk: Chunk, errand_name: str, workers: tuple[str, ...] | None, history: _History
    ) -> None:
        self._count += 1
        key = (self._run, self._count)
        future = self.link.send(key, do_chunk, errand_name, chunk.pack(), workers=workers)
        self.wait_for(_Parcel(self._count, chunk, future, workers, *history))

    def wait_for(self, parcel: _Parcel) -> None:
        """Have it told when it comes back."""
        self.parcels[parcel.number] = parcel
        parcel.future.add_done_callback(lambda _: self._ready.put(parcel.number))

    def next_ready(self) -> _Parcel | None:
        """One that has come back; `None` where none does for a while."""
        try:
            return self.parcels.pop(self._ready.get(timeout=LOOK_SECONDS), None)
        except Empty:
            return None

    def recall_those_for(self, gone: frozenset[str]) -> list[_Parcel]:
        """Those that only workers may do that are not there any more."""
        recalled = [n for n, p in self.parcels.items() if p.workers and gone.issuperset(p.workers)]
        return [self.parcels.pop(number) for number in recalled]


class _Flow:
    """The jobs of one run on their way out and back."""

    def __init__(self, sent: _Sent, crew: Crew, verb: Verb) -> None:
        self._sent = sent
        self._crew = crew
        self._verb = verb
        self._suspects: list[Chunk] = []
        self._kept: list[tuple[Chunk, _History]] = []
        """What nobody may do at the moment."""
        self._deadly: list[_Parcel] = []
        """What too many workers were lost with, and is not sent again as it is."""
        self._gone: frozenset[str] = frozenset()
        self._returned_since: list[str] = []
        """The jobs that ended since we last saw who is there."""

    def outcomes(self, items: Iterable[Item]) -> Outcomes:
        """Send all jobs as there is room for them; the outcomes as they come."""
        chunker = Chunker(self._begun(item) for item in items)
        while True:
            while self._has_room() and (chunk := chunker.next()) is not None:
                self._send(chunk)
            if not self._is_waiting():
                break
            outcomes = self._returned()
            chunker.learn(outcomes)
            yield outcomes
        # workers died over each of these, or beside it. Alone, each shows which of the two it was
        for suspect in self._suspects:
            self._send(suspect)
            while self._is_waiting():
                yield self._returned(is_alone=True)
        self._look_again(at_once=True)

    def _has_room(self) -> bool:
        return not self._kept and len(self._sent.parcels) < self._crew.chunks

    def _is_waiting(self) -> bool:
        return bool(self._sent.parcels or self._kept or self._deadly)

    def _begun(self, item: Item) -> Item:
        """The job with what is known of it: what stands in its place from now on, one of our workers made."""
        job, known = item
        return (
            (job, replace(known or Known(None, None), is_begun=True))
            if self._verb.begins(job, known)
            else item
        )

    def _send(self, chunk: Chunk, history: _History = _NEW) -> None:
        workers = self._crew.restriction
        if workers == ():
            self._kept.append((chunk, history))
        else:
            self._sent.send(chunk, self._crew.errand_name, workers, history)

    def _send_after_loss(self, parcel: _Parcel) -> None:
        """Send it once more, if not too many workers were lost with it.

        Each sending is a task of its own for Dask, which forgets the deaths of the one before.
        """
        parcel.deaths += bool(parcel.lost)
        if parcel.deaths >= MAX_DEATHS:
            self._deadly.append(parcel)
        else:
            self._send(parcel.chunk, parcel.history(parcel.sendings))

    def _returned(self, *, is_alone: bool = False) -> list[Outcome]:
        """What one chunk that came back brings, if one did; first of all, who is still there."""
        parcel = self._sent.next_ready()
        lost = self._look_again()
        deadly, self._deadly = self._deadly, []
        given_up = [o for one in deadly for o in self._after_deaths(one, one.deaths, one.all_lost, is_alone)]
        if parcel is None:
            return given_up
        parcel.lost = (*parcel.lost, *lost)
        outcomes = [*given_up, *self._open(parcel, is_alone=is_alone)]
        returned = [outcome.key for outcome in outcomes]
        if parcel.lost:
            self._clear_after(returned)
        else:
            self._returned_since += returned
        return outcomes

    def _clear_after(self, keys: Iterable[str]) -> None:
        """Take away what a worker that was lost may have staged, now that another one has done the jobs."""
        for key in keys:
            with suppress(StorageError):
                self._verb.clear_after(key)

    def _look_again(self, *, at_once: bool = False) -> frozenset[str]:
        """See who is there, if it is time; gives those who were lost."""
        lost = self._crew.compare_again(at_once=at_once)
        if lost is None:
            return frozenset()
        if lost:
            self._clear_after(self._returned_since)
        self._returned_since.clear()
        self._gone |= lost
        for parcel in self._sent.parcels.values() if lost else ():
            parcel.lost = (*parcel.lost, *lost)
        for parcel in self._sent.recall_those_for(self._gone) if lost else ():
            parcel.future.cancel()
            self._send_after_loss(parcel)
        kept, self._kept = self._kept, []
        for chunk, history in kept:
            self._send(chunk, history)
        return lost

    def _open(self, parcel: _Parcel, *, is_alone: bool) -> list[Outcome]:
        """The outcomes; none where the chunk must be sent once more."""
        from distributed import CancelledError, KilledWorker

        try:
            error = parcel.future.exception(timeout=ANSWER_SECONDS)
            answer: Answer | None = None if error else parcel.future.result(timeout=ANSWER_SECONDS)
        except CancelledError as lost:
            raise self._sent.link.lost(str(getattr(lost, "reason", None) or lost)) from lost
        except OSError:  # lost on the way: with its worker, so that it is done again, or with the scheduler
            self._sent.link.workers()
            self._sent.wait_for(parcel)
            return []
        if answer is not None and answer.outcomes is not None:
            return [pickle.loads(outcome) for outcome in answer.outcomes]  # noqa: S301 - see docs/cluster.md
        if isinstance(error, KilledWorker):
            workers = (*parcel.all_lost, error.last_worker.address)
            return self._after_deaths(parcel, error.allowed_failures + 1, workers, is_alone)
        if answer is None:
            self._crew.find_strangers()
        elif answer.is_abandoned:
            self._crew.leave_out(answer.worker, "does not see the output folder any more")
        elif self._crew.brief(answer.worker):  # it had not been told what to do
            parcel.lost = (*parcel.lost, *self._look_again(at_once=True))
            self._send_after_loss(parcel)
            return []
        return self._send_again(parcel, error)

    def _send_again(self, parcel: _Parcel, error: BaseException | None) -> list[Outcome]:
        if parcel.sendings < MAX_SENDINGS:
            self._send(parcel.chunk, parcel.history(parcel.sendings + 1))
            return []
        why = f"no worker of the cluster could take it: {error or 'each gave it back'}"
        return [crash(key, why, ExitCode.SURROUNDINGS) for key in parcel.chunk.keys]

    def _after_deaths(
        self, parcel: _Parcel, deaths: int, workers: Iterable[str], is_alone: bool
    ) -> list[Outcome]:
        if not is_alone:
            self._suspects += parcel.chunk.singly()
            return []
        named = ", ".join(dict.fromkeys(workers))
        what = f"{deaths} workers died over it, while nothing else was done: {named}"
        return [crash(key, what, ExitCode.SURROUNDINGS) for key in parcel.chunk.keys]
