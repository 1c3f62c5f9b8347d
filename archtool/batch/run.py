"""Runs a batch, in numbered steps: what earlier runs did is not done again, and what a kill cut off is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.batch.job import Ending, Job, Outcome, Plan, failure
from archtool.batch.journal.journal import Journal
from archtool.batch.journal.lock import held_journal
from archtool.batch.journal.shards import Shard
from archtool.batch.runner import Item, Runner
from archtool.batch.tasks.task import Verb
from archtool.errors import ArchtoolError, InputError, MaterialRefusedError, StorageError, UsageError
from archtool.files.lock import DEFAULT_WAIT_SECONDS, Notify
from archtool.files.paths import shown
from archtool.files.writing.staging import abandoned_in

PACK = "pack"


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """Which jobs, by whom, and when to stop."""

    plan: Plan
    output: Path
    """Where the journal is kept, and what is made."""
    verb: Callable[[datetime], Verb]
    """Makes the verb, for the date that the batch was begun with."""
    runner: Runner
    packaged_at: datetime
    shard: Shard | None = None
    """Of which share the jobs are; `None`: they are all there are."""
    verb_name: str = PACK
    is_dated: bool = False
    """Whether somebody chose that date: it must be the one that the batch was begun with then."""
    begins_anew: bool = False
    """Whether a batch that was done to its end is done again, all of it."""
    max_failures: int | None = None
    wait_seconds: float = DEFAULT_WAIT_SECONDS
    sync: bool = True
    check_only: bool = False


def run_batch(request: BatchRequest, say: Notify) -> Generator[Outcome, None, None]:
    """Do what is left to do; the outcomes come as they are ready, in no order.

    `say` is told, in words, what a person has to wait for.

    Once there are as many failures as may be, no further job is begun; those in hand are finished.

    Raises:
        InputError: the journal is damaged.
        StorageError: another run is at work in the output folder, or the journal cannot be written.
        UsageError: the batch was begun with another verb, or another date.
    """
    if request.check_only:
        yield from _do_all(_Feed(request, None), request.verb(request.packaged_at))
        return
    _refuse_inside_package(request.output)
    _make_folder(request.output)
    # (1) one run at a time, or one for each share of the jobs
    with held_journal(
        request.output, request.shard, sync=request.sync, wait_seconds=request.wait_seconds, say=say
    ) as (journal, beginning):
        # (2) what earlier runs did
        with beginning():
            begun_at = _begin(request, journal)
        # (3) each job, and its line in the journal before anybody hears of it
        feed = _Feed(request, journal)
        yield from _do_all(feed, request.verb(begun_at))
        if feed.is_at_end:
            journal.complete()
        # (4) what could not be cleared away is not passed over
        for path in feed.leftovers():
            say(f"{shown(str(path))} is left over and could not be removed: remove it yourself")


def _do_all(feed: _Feed, verb: Verb) -> Iterator[Outcome]:
    with contextlib.closing(feed.request.runner.run(feed.items(verb), verb)) as returned:
        for outcomes in returned:
            for outcome in outcomes:
                feed.failures += outcome.is_failure
                if outcome.ending is Ending.FAILED and outcome.inputs is None:
                    with contextlib.suppress(StorageError):
                        verb.clear_after(outcome.key)
            if feed.journal is not None:
                feed.journal.ended(outcomes)
            yield from outcomes
            yield from feed.take_refused()
    yield from feed.take_refused()


class _Feed:
    """Gives out the jobs one by one, each written down as begun when it is taken."""

    def __init__(self, request: BatchRequest, journal: Journal | None) -> None:
        self.request = request
        self.journal = journal
        self.failures = 0
        self.is_at_end = False
        self._refused: list[Job] = []
        self._folders: set[Path] = set()

    def leftovers(self) -> Iterator[Path]:
        """Leftovers of ended runs in the folders of the packages: no running process holds them."""
        for folder in sorted(self._folders):
            yield from abandoned_in(folder)

    def items(self, verb: Verb) -> Iterator[Item]:
        """The jobs that can be begun; none after the last failure that may be."""
        most = self.request.max_failures
        for job in self.request.plan.jobs:
            if most is not None and self.failures >= most:
                return
            if job.refusal is not None:
                self._refused.append(job)
                self.failures += 1
            elif self.journal is None:
                yield job, None
            else:
                self._folders.add((self.request.output / job.key).parent)
                known = self.journal.known.get(job.key)
                if verb.begins(job, known):
                    self.journal.began(job.key)
                yield job, known
        self.is_at_end = True

    def take_refused(self) -> Iterator[Outcome]:
        """Those that cannot be begun: they are in no journal, for two may have one key."""
        refused, self._refused = self._refused, []
        for job in refused:
            yield failure(job.key, _refusal(job))


def _refusal(job: Job) -> ArchtoolError:
    message = job.refusal or ""
    if job.findings:
        return MaterialRefusedError(message, job.findings, hint="mend it, then run the same command again")
    return InputError(message, hint="name the descriptions, or the folders that they lie in, otherwise")


def _refuse_inside_package(output: Path) -> None:
    """A journal in a package would be one file too many in it."""
    real = output.resolve()
    for folder in (real, *real.parents):
        if (folder / DECLARATION_NAME).is_file():
            raise UsageError(
                f"the output folder {shown(str(output))} lies in a package: {shown(str(folder))}",
                hint="choose another one with -o",
            )


def _make_folder(output: Path) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"the output folder {shown(str(output))} cannot be made: {error.strerror}",
            hint="name another one with -o, or check the permissions",
        ) from error


def _begin(request: BatchRequest, journal: Journal) -> datetime:
    """Go on with the batch of the folder, or begin one; gives the date that it was begun with."""
    if journal.verb_name not in (None, request.verb_name):
        raise UsageError(
            f"the batch in {shown(str(request.output))} was begun to {journal.verb_name},"
            f" and is not for {request.verb_name}",
            hint="choose another output folder with -o",
        )
    if journal.begun_at is None or (request.begins_anew and journal.is_complete):
        journal.begin(request.verb_name, request.packaged_at)
        return request.packaged_at
    if request.is_dated and journal.begun_at != request.packaged_at:
        begun = journal.begun_at.isoformat()
        raise UsageError(
            f"the batch in {shown(str(request.output))} was begun with the date {begun}",
            hint="leave --date out to go on with it, or choose another output folder",
        )
    return journal.begun_at
