"""Runs a batch in numbered steps.

Jobs that earlier runs completed are skipped; interrupted jobs are done again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archtool.batch.job import Ending, Job, Outcome, Plan, failed_outcome
from archtool.batch.journal.journal import Journal, JournalReader, journal_name
from archtool.batch.journal.lock import locked_journal
from archtool.batch.journal.shards import Shard
from archtool.batch.journal.state import KnownJob
from archtool.batch.runner import Item, Runner
from archtool.batch.tasks.task import Task
from archtool.errors import ArchtoolError, InputError, MaterialRefusedError, StorageError, UsageError
from archtool.files.lock import DEFAULT_WAIT_SECONDS, Notify
from archtool.files.paths import shown
from archtool.files.writing.leftovers import abandoned_in
from archtool.operations.open_package.enclosing_bag import refuse_inside_package
from archtool.operations.pack.targets import check_writable

PACK = "pack"


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """The jobs of a batch, the runner that does them, and the conditions to stop."""

    plan: Plan
    output: Path
    """Where the journal is kept, and where new packages go."""
    make_task: Callable[[datetime], Task]
    """Returns the task for the date that the batch was begun with."""
    runner: Runner
    packaged_at: datetime
    shard: Shard | None = None
    """The share that the jobs belong to; `None`: they are all jobs of the batch."""
    verb_name: str = PACK
    is_dated: bool = False
    """Whether the user chose `packaged_at`. It must then equal the date that the batch was begun with."""
    begins_anew: bool = False
    """Whether all jobs of a completed batch are done again."""
    max_failures: int | None = None
    wait_seconds: float = DEFAULT_WAIT_SECONDS
    sync: bool = True
    check_only: bool = False


def run_batch(request: BatchRequest, say: Notify) -> Generator[Outcome, None, None]:
    """Do the remaining jobs; yields the outcomes as they are ready, in no order.

    `say` receives messages about anything that the user has to wait for.

    After `max_failures` failures no further job begins; jobs that have begun are finished.

    Raises:
        InputError: the journal is damaged.
        StorageError: another run uses the output folder, or the journal cannot be written.
        UsageError: the batch was begun with another verb or another date.
    """
    if request.check_only:
        yield from _check_all(request)
        return
    refuse_inside_package(request.output, f"the journal of {shown(str(request.output))}")
    _make_folder(request.output)
    # (1) one run at a time, or one for each share of the jobs
    with locked_journal(
        request.output, request.shard, sync=request.sync, wait_seconds=request.wait_seconds, say=say
    ) as (journal, begin_lock):
        # (2) resume the batch of earlier runs, or begin a new one
        with begin_lock():
            begun_at = _begin(request, journal)
        # (3) do each job; its line is in the journal before its outcome is reported
        feed = _JobFeed(request, journal, journal.known)
        yield from _do_all(feed, request.make_task(begun_at))
        if feed.is_at_end:
            journal.record_completion()
        # (4) report leftovers that could not be removed
        for path in feed.leftovers():
            say(f"{shown(str(path))} is left over and could not be removed: remove it by hand")


def _check_all(request: BatchRequest) -> Iterator[Outcome]:
    """Do each job as the next run would, up to the point where it would write something."""
    refuse_inside_package(request.output, f"the journal of {shown(str(request.output))}")
    check_writable(request.output / journal_name(request.shard), makes_parents=True)
    journal = JournalReader(request.output, request.shard)
    begun_at = _date_of_batch(request, journal)
    known = {} if begun_at is None else journal.known
    yield from _do_all(_JobFeed(request, None, known), request.make_task(begun_at or request.packaged_at))


def _do_all(feed: _JobFeed, task: Task) -> Iterator[Outcome]:
    with contextlib.closing(feed.request.runner.run(feed.items(task), task)) as returned:
        for outcomes in returned:
            for outcome in outcomes:
                feed.failures += outcome.is_failure
                if outcome.ending is Ending.FAILED and outcome.inputs is None:
                    with contextlib.suppress(StorageError):
                        task.remove_leftovers(outcome.key)
            if feed.journal is not None:
                feed.journal.record_outcomes(outcomes)
            for outcome in outcomes:
                yield outcome.at_position(feed.pop_position(outcome.key))
            yield from feed.pop_refused()
    yield from feed.pop_refused()


class _JobFeed:
    """Yields the jobs one by one, and records in the journal that a job begins when it is taken."""

    def __init__(self, request: BatchRequest, journal: Journal | None, known: Mapping[str, KnownJob]) -> None:
        self.request = request
        self.journal = journal
        self._known = known
        self.failures = 0
        self.is_at_end = False
        self._refused: list[tuple[int, Job]] = []
        self._positions: dict[str, int] = {}
        self._folders: set[Path] = set()

    def leftovers(self) -> Iterator[Path]:
        """Yield the leftovers of ended runs in the packages' folders: no running process uses them."""
        for folder in sorted(self._folders):
            yield from abandoned_in(folder)

    def items(self, task: Task) -> Iterator[Item]:
        """Yield the jobs that can begin; stops after the last failure that is allowed."""
        limit = self.request.max_failures
        for position, job in enumerate(self.request.plan.jobs):
            if limit is not None and self.failures >= limit:
                return
            if job.refusal is not None:
                self._refused.append((position, job))
                self.failures += 1
                continue
            self._positions[job.key] = position
            if self.journal is None:
                yield job, self._known.get(job.key)
            else:
                self._folders.add((self.request.output / job.key).parent)
                known = self._known.get(job.key)
                if task.records_begin(job, known):
                    self.journal.record_begin(job.key)
                yield job, known
        self.is_at_end = True

    def pop_position(self, key: str) -> int:
        """Return the position of a job that has ended, and forget it. Jobs that begin have unique keys."""
        return self._positions.pop(key)

    def pop_refused(self) -> Iterator[Outcome]:
        """Yield the jobs that cannot begin. No journal has them: two of them can have the same key."""
        refused, self._refused = self._refused, []
        for position, job in refused:
            yield failed_outcome(job.key, _refusal(job)).at_position(position)


def _refusal(job: Job) -> ArchtoolError:
    message = job.refusal or ""
    if job.findings:
        hint = job.hint or "correct it, then run the same command again"
        return MaterialRefusedError(message, job.findings, hint=hint)
    return InputError(message, hint=job.hint)


def _make_folder(output: Path) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"the output folder {shown(str(output))} cannot be created: {error.strerror}",
            hint="choose another folder with -o, or check the permissions",
        ) from error


def _begin(request: BatchRequest, journal: Journal) -> datetime:
    """Resume the batch in the folder, or begin a new one; returns the date that it was begun with."""
    begun_at = _date_of_batch(request, journal)
    if begun_at is not None:
        return begun_at
    journal.begin(request.verb_name, request.packaged_at)
    return request.packaged_at


def _date_of_batch(request: BatchRequest, journal: JournalReader) -> datetime | None:
    """Return the date of the batch that is to be resumed; `None` if this run begins a new one.

    Raises:
        UsageError: the batch was begun with another verb or another date.
    """
    if journal.verb_name not in (None, request.verb_name):
        raise UsageError(
            f"the batch in {shown(str(request.output))} was begun with --verb {journal.verb_name},"
            f" not {request.verb_name}",
            hint="choose another output folder with -o",
        )
    if journal.begun_at is None or (request.begins_anew and journal.is_complete):
        return None
    if request.is_dated and journal.begun_at != request.packaged_at:
        begun = journal.begun_at.isoformat()
        raise UsageError(
            f"the batch in {shown(str(request.output))} was begun with the date {begun}",
            hint="leave --date out to resume it, or choose another output folder",
        )
    return journal.begun_at
