"""Runs a batch, in numbered steps: what earlier runs did is not done again, and what a kill cut off is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archtool.batch.job import Ending, Job, Outcome, failure
from archtool.batch.journal import Journal, Known
from archtool.batch.runners import Item, Runner
from archtool.batch.verbs import Verb
from archtool.errors import InputError, StorageError, UsageError
from archtool.fixity.locking import DEFAULT_WAIT_SECONDS, Say, locked_when_free
from archtool.fixity.paths import shown
from archtool.fixity.staging import clear_leftovers


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """Which jobs, by whom, and when to stop."""

    jobs: Sequence[Job]
    output: Path
    verb: Callable[[datetime], Verb]
    """Makes the verb, for the date that the batch was begun with."""
    runner: Runner
    packaged_at: datetime
    is_dated: bool = False
    """Whether somebody chose that date: it must be the one that the batch was begun with then."""
    max_failures: int | None = None
    wait_seconds: float = DEFAULT_WAIT_SECONDS
    sync: bool = True
    check_only: bool = False


def run_batch(request: BatchRequest, say: Say) -> Iterator[Outcome]:
    """Do what is left to do; the outcomes come as they are ready, in no order.

    `say` is told, in words, what a person has to wait for.

    Once there are as many failures as may be, no further job is begun; those in hand are finished.

    Raises:
        InputError: the journal is damaged.
        StorageError: another run is at work in the output folder, or the journal cannot be written.
        UsageError: the batch was begun with another date.
    """
    if request.check_only:
        yield from request.runner.run(_unless_full(request, None, [0]), request.verb(request.packaged_at))
        return
    _make_folder(request.output)
    # (1) one run at a time; processes of one that was killed hold the folder until their jobs have ended
    with (
        locked_when_free(request.output, request.wait_seconds, say),
        contextlib.closing(Journal(request.output, sync=request.sync)) as journal,
    ):
        # (2) what earlier runs did
        packaged_at = _date_of(request, journal)
        journal.begin(packaged_at)
        failures = [0]
        # (3) each job, and its line in the journal before anybody hears of it
        for outcome in request.runner.run(
            _unless_full(request, journal, failures), request.verb(packaged_at)
        ):
            failures[0] += outcome.is_failure
            _clear_after(request.output / outcome.key, outcome)
            journal.ended(outcome)
            yield outcome


def refused(jobs: Sequence[Job]) -> Iterator[Outcome]:
    """The jobs that cannot be begun: they are in no journal, for two may have one key."""
    for job in jobs:
        if job.refusal is not None:
            hint = "name the descriptions, or the folders that they lie in, otherwise"
            yield failure(job.key, InputError(job.refusal, hint=hint))


def _make_folder(output: Path) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"the output folder {shown(str(output))} cannot be made: {error.strerror}",
            hint="name another one with -o, or check the permissions",
        ) from error


def _date_of(request: BatchRequest, journal: Journal) -> datetime:
    begun = journal.packaged_at
    if begun is not None and request.is_dated and begun != request.packaged_at:
        raise UsageError(
            f"the batch in {shown(str(request.output))} was begun with the date {begun.isoformat()}",
            hint="leave --date out to go on with it, or choose another output folder",
        )
    return begun or request.packaged_at


def _unless_full(request: BatchRequest, journal: Journal | None, failures: list[int]) -> Iterator[Item]:
    """The jobs, each written down as begun when it is taken; none after the last failure that may be."""
    for job in request.jobs:
        if request.max_failures is not None and failures[0] >= request.max_failures:
            return
        if job.refusal is None:
            yield job, _begin(request.output, journal, job)


def _begin(output: Path, journal: Journal | None, job: Job) -> Known | None:
    if journal is None:
        return None
    known = journal.known.get(job.key)
    # where a package is there that we know nothing of, a killed run must not make it ours
    is_done = known is not None and known.ending is Ending.DONE
    if not is_done and not (output / job.key).exists():
        journal.began(job.key)
    return known


def _clear_after(target: Path, outcome: Outcome) -> None:
    """Take away what a process that was killed had staged."""
    if outcome.ending is Ending.FAILED and outcome.inputs is None and target.parent.is_dir():
        with contextlib.suppress(StorageError):
            clear_leftovers(target)
