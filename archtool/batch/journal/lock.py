"""Locks the journal of a batch for one run: exclusively, or for one share while other shares run.

Runs are kept apart by locks on files, which also work on network file systems, and by a lock on the folder.

- A whole run locks the folder and the journal of whole runs, and begins when no share is locked.
- The run of a share locks the folder for sharing, and locks the journal of its share. To do so, it locks the
  journal of whole runs for a moment, and checks that no share of another number of shares is locked.
- The first run of a share begins the batch and fixes its date, again while it locks the journal of whole
  runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from pathlib import Path

from archtool.batch.journal.journal import JOURNAL_NAME, Journal, journal_name, shards_in
from archtool.batch.journal.shards import Shard
from archtool.files.lock import (
    RETRY_SECONDS,
    Notify,
    lock_timeout_error,
    try_lock,
    wait_for_lock,
    waiting_message,
)

BeginLock = Callable[[], AbstractContextManager[None]]


@contextmanager
def locked_journal(
    folder: Path, shard: Shard | None, *, sync: bool, wait_seconds: float, say: Notify
) -> Iterator[tuple[Journal, BeginLock]]:
    """Lock and open the journal; yields it and a lock that is held while the batch is begun or resumed.

    Raises:
        InputError: a journal is damaged.
        StorageError: another run has a lock that this one needs.
    """
    common = folder / JOURNAL_NAME
    with ExitStack() as stack:
        # processes of a killed run keep the folder locked until their jobs have ended
        stack.enter_context(wait_for_lock(folder, wait_seconds, say, is_shared=shard is not None))
        stack.enter_context(_wait_for_shares(folder, shard, wait_seconds, say))
        journal = stack.enter_context(closing(Journal(folder, sync=sync, shard=shard)))

        @contextmanager
        def begin_lock() -> Iterator[None]:
            with wait_for_lock(common, wait_seconds, say, is_written=True):
                journal.catch_up()
                yield

        yield journal, nullcontext if shard is None else begin_lock


def _wait_for_shares(folder: Path, shard: Shard | None, wait_seconds: float, say: Notify) -> ExitStack:
    """Wait until no conflicting run is active, then return the exclusive locks of this run."""
    common, own = folder / JOURNAL_NAME, folder / journal_name(shard)
    until = time.monotonic() + wait_seconds
    has_announced = False
    while True:
        with ExitStack() as kept, ExitStack() as temporary:
            common_lock = kept if shard is None else temporary
            common_lock.enter_context(wait_for_lock(common, wait_seconds, say, is_written=True))
            busy = next((path for path in _others(folder, shard) if not _is_free(path)), None)
            if busy is None and (shard is None or try_lock(own, kept)):
                return kept.pop_all()
        if time.monotonic() >= until:
            raise lock_timeout_error(busy or own)
        if not has_announced:
            say(waiting_message(busy or own, wait_seconds))
            has_announced = True
        time.sleep(RETRY_SECONDS)


def _others(folder: Path, shard: Shard | None) -> Iterator[Path]:
    """Yield the journals of shares that must not run at the same time: for a whole run, all."""
    for other, path in shards_in(folder).items():
        if shard is None or other.count != shard.count:
            yield path


def _is_free(path: Path) -> bool:
    with ExitStack() as stack:
        return try_lock(path, stack)
