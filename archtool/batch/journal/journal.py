"""What a batch remembers of its jobs: one line for each that began and each that ended, never rewritten.

A run may be killed at any instant. A line is written in one call and flushed before the next job's is; the
last one may be torn, and is taken away by the next run. A job that began and did not end is done again.

    {"schema": "archtool/batch-journal/1", "verb": "pack", "begun_at": "2026-11-26T12:00:00+00:00"}
    {"key": "letters/0001", "began": true}
    {"key": "letters/0001", "ending": "done", "exit_code": 0, "inputs": "sha512:…", "seconds": 0.1, …}
    {"complete": true}

A package that was made again has a date of its own, `"packaged_at": "2026-12-01T09:00:00+00:00"`.
A line like the first one may come again: from there on all is done anew.

A share of the batch writes a journal of its own, `batch-journal.2-of-8.jsonl`; each run reads all that are
there. From then on the first line that a run writes has its number: {"run": 3}.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.batch.job import Ending, Outcome
from archtool.batch.journal.shards import Shard, shares_of
from archtool.batch.journal.state import SCHEMA, Known, Memory, Told
from archtool.canonical_json import format_json_line
from archtool.errors import StorageError
from archtool.files.paths import shown
from archtool.files.writing.tree_operations import flush

JOURNAL_NAME = "batch-journal.jsonl"
MAX_MESSAGE_CHARACTERS = 1000  # what is written must be read again; the job's own line has all of it
_SHARD_NAME = re.compile(r"batch-journal\.([1-9][0-9]{0,4})-of-([1-9][0-9]{0,4})\.jsonl", re.ASCII)


def journal_name(shard: Shard | None) -> str:
    """How the journal of a share is called, or that of whole runs."""
    return JOURNAL_NAME if shard is None else JOURNAL_NAME.replace(".", f".{shard.file_part}.", 1)


def shards_in(folder: Path) -> dict[Shard, Path]:
    """The journals of shares that are there."""
    found = ((_SHARD_NAME.fullmatch(path.name), path) for path in sorted(folder.glob("batch-journal.*")))
    return {Shard(int(match[1]), int(match[2])): path for match, path in found if match}


class Journal:
    """The journal in a folder that this run holds, or the one of its share."""

    def __init__(self, folder: Path, *, sync: bool, shard: Shard | None = None) -> None:
        self._folder = folder
        self._shard = shard
        self._sync = sync
        self._memory = Memory()
        self._open_keys: set[str] = set()
        self._told = self._read()
        self._number = self._next_number()
        self._is_introduced = self._number is None
        self._own = _File(folder / journal_name(shard), self._told[shard].size_bytes)

    @property
    def known(self) -> dict[str, Known]:
        """What is known of each job, by its key."""
        return self._memory.known

    @property
    def verb_name(self) -> str | None:
        """What is done with each job; `None` in a new journal."""
        return self._memory.verb_name

    @property
    def begun_at(self) -> datetime | None:
        """The date that the batch was begun with: all packages that it makes bear it."""
        return self._memory.begun_at

    @property
    def is_complete(self) -> bool:
        """Whether a run came to the end of all jobs; or of each share one to the end of its own."""
        newest = max(told.run for told in self._told.values())
        counts = {shard.count for shard, told in self._told.items() if shard and told.run == newest}
        if not counts:
            return self._told[None].is_complete
        return any(all(map(self._is_share_complete, shares_of(count))) for count in counts)

    def catch_up(self) -> None:
        """Read what runs of other shares have begun meanwhile. Only one run at a time comes to this."""
        self._told[None] = self._memory.read(self._folder / JOURNAL_NAME, self._told[None])

    def begin(self, verb_name: str, begun_at: datetime) -> None:
        """Write the first line of a new journal, or of another round."""
        head = self._head(verb_name, begun_at)
        self._memory.begin(head)
        if self._shard is None:
            self._write(head)
            return
        with closing(_File(self._folder / JOURNAL_NAME, self._told[None].size_bytes)) as common:
            common.write(head)
            if self._sync:
                common.flush()
        self.catch_up()

    def complete(self) -> None:
        """Say that all jobs came to their ends."""
        told = self._told[self._shard]
        if not told.is_complete or told.run < self._memory.begun_in:
            self._write({"complete": True})

    def began(self, key: str) -> None:
        """Say that a job is handed out now, whose package is not there yet."""
        self._open_keys.add(key)
        self._write({"key": key, "began": True})

    def ended(self, outcomes: Sequence[Outcome]) -> None:
        """Say how jobs ended; it is on the disk when this returns.

        Of one that was left as it is nothing new is said: only one that failed before had begun here.
        """
        told = [o for o in outcomes if o.ending is not Ending.LEFT or o.key in self._open_keys]
        for outcome in told:
            self._ended(outcome)
        if told and self._sync:
            self._own.flush()

    def _ended(self, outcome: Outcome) -> None:
        self._open_keys.discard(outcome.key)
        ending = Ending.FAILED if outcome.ending is Ending.LEFT else outcome.ending
        told = {
            "key": outcome.key,
            "ending": ending.value,
            "exit_code": outcome.exit_code,
            "inputs": outcome.inputs,
            "seconds": round(outcome.seconds, 3),
            "bytes": outcome.size_bytes,
            "message": outcome.message and outcome.message[:MAX_MESSAGE_CHARACTERS],
        }
        packaged_at = (outcome.facts or {}).get("packaged_at")
        if packaged_at is not None and self.begun_at is not None and packaged_at != self.begun_at.isoformat():
            told["packaged_at"] = packaged_at
        self._write(told)

    def close(self) -> None:
        """Let go of the file."""
        self._own.close()

    def _read(self) -> dict[Shard | None, Told]:
        told: dict[Shard | None, Told] = {None: self._memory.read(self._folder / JOURNAL_NAME)}
        for shard, path in shards_in(self._folder).items():
            told[shard] = self._memory.read_share(path)
        told.setdefault(self._shard, Told())
        return told

    def _next_number(self) -> int | None:
        """The number of this run; `None` where there is one journal, whose lines tell their order."""
        return 1 + max(told.run for told in self._told.values()) if len(self._told) > 1 else None

    def _is_share_complete(self, shard: Shard) -> bool:
        told = self._told.get(shard)
        return told is not None and told.is_complete and told.run >= self._memory.begun_in

    def _head(self, verb_name: str, begun_at: datetime) -> dict[str, Any]:
        number = {} if self._number is None else {"run": self._number}
        return {"schema": SCHEMA, "verb": verb_name, "begun_at": begun_at.isoformat(), **number}

    def _write(self, told: dict[str, Any]) -> None:
        before = self._told[self._shard]
        if not self._is_introduced and "schema" not in told:
            is_of_round = before.size_bytes > 0 and before.run >= self._memory.begun_in
            verb_name, begun_at = self.verb_name, self.begun_at
            assert verb_name is not None and begun_at is not None  # noqa: S101, PT018 - it was begun
            self._own.write({"run": self._number} if is_of_round else self._head(verb_name, begun_at))
        self._is_introduced = True
        self._own.write(told)
        # its size is not asked for again
        run, is_complete = self._number or before.run, told.get("complete") is True
        if (run, is_complete) != (before.run, before.is_complete):
            self._told[self._shard] = replace(before, run=run, is_complete=is_complete)


class _File:
    """A file that lines are added to."""

    def __init__(self, path: Path, whole_bytes: int) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
        flags |= getattr(os, "O_NOFOLLOW", 0)
        self._path = path
        try:
            self._file = os.open(path, flags, 0o666)
            os.ftruncate(self._file, whole_bytes)  # a torn last line
            flush(path.parent)
        except OSError as error:
            raise StorageError(
                f"the journal {shown(str(path))} cannot be opened: {error.strerror}",
                hint="check the permissions of the output folder",
            ) from error

    def write(self, told: dict[str, Any]) -> None:
        line = (format_json_line(told) + "\n").encode()
        try:
            while line:
                line = line[os.write(self._file, line) :]
        except OSError as error:
            raise StorageError(
                f"the journal {shown(str(self._path))} cannot be written: {error.strerror}",
                hint="make room there, then run the same command again: it goes on from here",
            ) from error

    def flush(self) -> None:
        os.fdatasync(self._file) if hasattr(os, "fdatasync") else os.fsync(self._file)

    def close(self) -> None:
        os.close(self._file)
