"""The journal of a batch: a line for each job that began and each that ended, never rewritten.

A run can be killed at any instant. A line is written in one call, and flushed before the next job's line. An
incomplete last line is removed by the next run. A job that began and did not end is done again.

    {"schema": "archtool/batch-journal/1", "verb": "pack", "begun_at": "2026-11-26T12:00:00+00:00"}
    {"key": "letters/0001", "began": true}
    {"key": "letters/0001", "ending": "done", "exit_code": 0, "inputs": "sha512:…", "seconds": 0.1, …}
    {"complete": true}

The line of a failed job also holds its hint and its findings, so that a later run can show them again.
The line of a package that was made again holds its own date: `"packaged_at": "2026-12-01T09:00:00+00:00"`.
A further line like the first one begins a new round: the lines before it no longer count.

Each share of the batch has its own journal, `batch-journal.2-of-8.jsonl`, and each run reads all journals in
the folder. If there are several, the first line that a run writes holds the number of the run: {"run": 3}.
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
from archtool.batch.journal.recorded_findings import findings_record
from archtool.batch.journal.shards import Shard, shares_of
from archtool.batch.journal.state import SCHEMA, JournalState, JournalStatus, KnownJob
from archtool.batch.limits import MAX_MESSAGE_CHARACTERS
from archtool.canonical_json import format_json_line
from archtool.errors import StorageError
from archtool.files.paths import shown
from archtool.files.writing.tree_operations import flush

JOURNAL_NAME = "batch-journal.jsonl"
_SHARD_NAME = re.compile(r"batch-journal\.([1-9][0-9]{0,4})-of-([1-9][0-9]{0,4})\.jsonl", re.ASCII)


def journal_name(shard: Shard | None) -> str:
    """Return the name of the journal of a share, or of whole runs."""
    return JOURNAL_NAME if shard is None else JOURNAL_NAME.replace(".", f".{shard.file_part}.", 1)


def shards_in(folder: Path) -> dict[Shard, Path]:
    """Return the journals of shares in a folder."""
    found = ((_SHARD_NAME.fullmatch(path.name), path) for path in sorted(folder.glob("batch-journal.*")))
    return {Shard(int(match[1]), int(match[2])): path for match, path in found if match}


class JournalReader:
    """The journals in a folder, as earlier runs left them; nothing is written or locked."""

    def __init__(self, folder: Path, shard: Shard | None = None) -> None:
        self._folder = folder
        self._shard = shard
        self._state = JournalState()
        self._statuses = self._read()

    @property
    def known(self) -> dict[str, KnownJob]:
        """What earlier runs recorded about each job, by its key."""
        return self._state.known

    @property
    def verb_name(self) -> str | None:
        """The verb of the batch; `None` in a new journal."""
        return self._state.verb_name

    @property
    def begun_at(self) -> datetime | None:
        """The date that the batch was begun with, which all its packages have."""
        return self._state.begun_at

    @property
    def is_complete(self) -> bool:
        """Whether a run did all jobs, or one run for each share did all jobs of that share."""
        newest = max(status.run for status in self._statuses.values())
        counts = {shard.count for shard, status in self._statuses.items() if shard and status.run == newest}
        if not counts:
            return self._statuses[None].is_complete
        return any(all(map(self._is_share_complete, shares_of(count))) for count in counts)

    def _read(self) -> dict[Shard | None, JournalStatus]:
        statuses: dict[Shard | None, JournalStatus] = {None: self._state.read(self._folder / JOURNAL_NAME)}
        for shard, path in shards_in(self._folder).items():
            statuses[shard] = self._state.read_share(path)
        statuses.setdefault(self._shard, JournalStatus())
        return statuses

    def _is_share_complete(self, shard: Shard) -> bool:
        status = self._statuses.get(shard)
        return status is not None and status.is_complete and status.run >= self._state.begun_in_run


class Journal(JournalReader):
    """The journal that this run writes, either of whole runs or of its share."""

    def __init__(self, folder: Path, *, sync: bool, shard: Shard | None = None) -> None:
        super().__init__(folder, shard)
        self._sync = sync
        self._open_keys: set[str] = set()
        self._number = self._next_number()
        self._has_head = self._number is None
        self._file = _AppendFile(folder / journal_name(shard), self._statuses[shard].size_bytes)

    def catch_up(self) -> None:
        """Read the rounds that runs of other shares began meanwhile. The caller must have the begin lock."""
        self._statuses[None] = self._state.read(self._folder / JOURNAL_NAME, self._statuses[None])

    def begin(self, verb_name: str, begun_at: datetime) -> None:
        """Write the first line of a new journal or of a new round."""
        head = self._head(verb_name, begun_at)
        self._state.begin(head)
        if self._shard is None:
            self._write(head)
            return
        with closing(_AppendFile(self._folder / JOURNAL_NAME, self._statuses[None].size_bytes)) as common:
            common.write(head)
            if self._sync:
                common.flush()
        self.catch_up()

    def record_completion(self) -> None:
        """Record that all jobs have ended."""
        status = self._statuses[self._shard]
        if not status.is_complete or status.run < self._state.begun_in_run:
            self._write({"complete": True})

    def record_begin(self, key: str) -> None:
        """Record that a job begins whose package does not exist yet."""
        self._open_keys.add(key)
        self._write({"key": key, "began": True})

    def record_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        """Record how jobs ended; the lines are on the disk when this returns.

        A job that was left unchanged gets no new line, unless its begin was recorded: such a job failed
        before.
        """
        recorded = [o for o in outcomes if o.ending is not Ending.LEFT or o.key in self._open_keys]
        for outcome in recorded:
            self._record_outcome(outcome)
        if recorded and self._sync:
            self._file.flush()

    def _record_outcome(self, outcome: Outcome) -> None:
        self._open_keys.discard(outcome.key)
        ending = Ending.FAILED if outcome.ending is Ending.LEFT else outcome.ending
        record = {
            "key": outcome.key,
            "ending": ending.value,
            "exit_code": outcome.exit_code,
            "inputs": outcome.inputs,
            "seconds": round(outcome.seconds, 3),
            "bytes": outcome.size_bytes,
            "message": outcome.message and outcome.message[:MAX_MESSAGE_CHARACTERS],
        }
        if outcome.is_failure:
            record["hint"] = outcome.hint and outcome.hint[:MAX_MESSAGE_CHARACTERS]
            record["findings"] = findings_record(outcome.findings)
        if outcome.source is not None:
            record["source"] = outcome.source
        packaged_at = (outcome.facts or {}).get("packaged_at")
        if packaged_at is not None and self.begun_at is not None and packaged_at != self.begun_at.isoformat():
            record["packaged_at"] = packaged_at
        self._write(record)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _next_number(self) -> int | None:
        """Return the number of this run; `None` if a single journal shows the order by its lines."""
        return 1 + max(status.run for status in self._statuses.values()) if len(self._statuses) > 1 else None

    def _head(self, verb_name: str, begun_at: datetime) -> dict[str, Any]:
        number = {} if self._number is None else {"run": self._number}
        return {"schema": SCHEMA, "verb": verb_name, "begun_at": begun_at.isoformat(), **number}

    def _write(self, record: dict[str, Any]) -> None:
        before = self._statuses[self._shard]
        if not self._has_head and "schema" not in record:
            is_of_round = before.size_bytes > 0 and before.run >= self._state.begun_in_run
            verb_name, begun_at = self.verb_name, self.begun_at
            assert verb_name is not None and begun_at is not None  # noqa: S101, PT018 - `begin` was called
            self._file.write({"run": self._number} if is_of_round else self._head(verb_name, begun_at))
        self._has_head = True
        self._file.write(record)
        # `size_bytes` is not kept up to date: nothing reads it after this
        run, is_complete = self._number or before.run, record.get("complete") is True
        if (run, is_complete) != (before.run, before.is_complete):
            self._statuses[self._shard] = replace(before, run=run, is_complete=is_complete)


class _AppendFile:
    """A file that lines are appended to."""

    def __init__(self, path: Path, valid_bytes: int) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
        flags |= getattr(os, "O_NOFOLLOW", 0)
        self._path = path
        try:
            self._file = os.open(path, flags, 0o666)
            os.ftruncate(self._file, valid_bytes)  # remove an incomplete last line
            flush(path.parent)
        except OSError as error:
            raise StorageError(
                f"the journal {shown(str(path))} cannot be opened: {error.strerror}",
                hint="check the permissions of the output folder",
            ) from error

    def write(self, record: dict[str, Any]) -> None:
        line = (format_json_line(record) + "\n").encode()
        try:
            while line:
                line = line[os.write(self._file, line) :]
        except OSError as error:
            raise StorageError(
                f"the journal {shown(str(self._path))} cannot be written: {error.strerror}",
                hint="free some space there, then run the same command again to resume the batch",
            ) from error

    def flush(self) -> None:
        os.fdatasync(self._file) if hasattr(os, "fdatasync") else os.fsync(self._file)

    def close(self) -> None:
        os.close(self._file)
