"""Holds the journal of a batch for one run: alone, or for one share beside those of the others.

What keeps runs apart are locks on files, which network file systems know too, and one on the folder.

- A whole run holds the folder and the journal of whole runs, and begins when no share is held.
- A share's run shares the folder, and holds the journal of its share. It takes that while it holds the
  journal of whole runs for a moment, when no share of another number of shares is held.
- Who comes first begins the batch, and fixes its date: again while it holds the journal of whole runs.
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

Beginning = Callable[[], AbstractContextManager[None]]


@contextmanager
def held_journal(
    folder: Path, shard: Shard | None, *, sync: bool, wait_seconds: float, say: Notify
) -> Iterator[tuple[Journal, Beginning]]:
    """The journal, and what is to be entered while the batch is begun or gone on with.

    Raises:
        InputError: a journal is damaged.
        StorageError: another run holds what this one needs.
    """
    common = folder / JOURNAL_NAME
    with ExitStack() as held:
        # processes of a run that was killed hold the folder until their jobs have ended
        held.enter_context(wait_for_lock(folder, wait_seconds, say, is_shared=shard is not None))
        kept = _wait_for_shares(folder, shard, wait_seconds, say)
        held.enter_context(kept)
        journal = held.enter_context(closing(Journal(folder, sync=sync, shard=shard)))

        @contextmanager
        def beginning() -> Iterator[None]:
            with wait_for_lock(common, wait_seconds, say, is_written=True):
                journal.catch_up()
                yield

        yield journal, nullcontext if shard is None else beginning


def _wait_for_shares(folder: Path, shard: Shard | None, wait_seconds: float, say: Notify) -> ExitStack:
    """Hold what this run needs for itself alone, once nobody is at work who must not be."""
    common, own = folder / JOURNAL_NAME, folder / journal_name(shard)
    until = time.monotonic() + wait_seconds
    has_said = False
    while True:
        with ExitStack() as held, ExitStack() as for_a_moment:
            taken = held if shard is None else for_a_moment
            taken.enter_context(wait_for_lock(common, wait_seconds, say, is_written=True))
            busy = next((path for path in _others(folder, shard) if not _is_free(path)), None)
            if busy is None and (shard is None or try_lock(own, held)):
                return held.pop_all()
        if time.monotonic() >= until:
            raise lock_timeout_error(busy or own)
        if not has_said:
            say(waiting_message(busy or own, wait_seconds))
            has_said = True
        time.sleep(RETRY_SECONDS)


def _others(folder: Path, shard: Shard | None) -> Iterator[Path]:
    """The journals of shares that cannot be at work beside this run: all, for a whole one."""
    for other, path in shards_in(folder).items():
        if shard is None or other.count != shard.count:
            yield path


def _is_free(path: Path) -> bool:
    with ExitStack() as tried:
        return try_lock(path, tried)
