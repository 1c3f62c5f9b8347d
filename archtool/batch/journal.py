"""What a batch remembers of its jobs: one line for each that began and each that ended, never rewritten.

A run may be killed at any instant. A line is written in one call and flushed before the next job's is; the
last one may be torn, and is taken away by the next run. A job that began and did not end is done again.

    {"schema": "archtool/batch-journal/1", "verb": "pack", "begun_at": "2026-11-26T12:00:00+00:00"}
    {"key": "letters/0001", "began": true}
    {"key": "letters/0001", "ending": "done", "exit_code": 0, "inputs": "sha512:…", "seconds": 0.1, …}
    {"complete": true}

A line like the first one may come again: from there on all is done anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.batch.job import Ending, Outcome
from archtool.canonical import format_json_line
from archtool.errors import InputError, StorageError
from archtool.fixity.paths import shown
from archtool.fixity.whole_folders import flush

JOURNAL_NAME = "batch-journal.jsonl"
SCHEMA = "archtool/batch-journal/1"
MAX_LINE_BYTES = 64 * 1024  # a key is a path, and paths are shorter than 4 KiB
MAX_MESSAGE_CHARACTERS = 1000  # what is written must be read again; the job's own line has all of it


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a job from earlier runs."""

    ending: Ending | None
    """How it ended when it last did; `None`: it never did."""
    inputs: str | None
    exit_code: int = 0
    message: str | None = None
    was_cut_off: bool = False
    """It began since, where no package was, and no run lived to see its end."""


class Journal:
    """The journal in a folder that this run holds."""

    def __init__(self, folder: Path, *, sync: bool) -> None:
        self._path = folder / JOURNAL_NAME
        self._sync = sync
        self._open_keys: set[str] = set()
        self.known: dict[str, Known] = {}
        self.verb_name: str | None = None
        """What is done with each job; `None` in a new journal."""
        self.begun_at: datetime | None = None
        """The date that the batch was begun with: all packages that it makes bear it."""
        self.is_complete = False
        """Whether a run came to the end of all jobs."""
        whole_bytes = self._read()
        self._file = self._open(whole_bytes)

    def begin(self, verb_name: str, begun_at: datetime) -> None:
        """Write the first line of a new journal, or of another round."""
        told = {"schema": SCHEMA, "verb": verb_name, "begun_at": begun_at.isoformat()}
        self._take_in_beginning(told)
        self._write(told)

    def complete(self) -> None:
        """Say that all jobs came to their ends."""
        if not self.is_complete:
            self._write({"complete": True})

    def began(self, key: str) -> None:
        """Say that a job is handed out now, whose package is not there yet."""
        self._open_keys.add(key)
        self.is_complete = False
        self._write({"key": key, "began": True})

    def ended(self, outcomes: Sequence[Outcome]) -> None:
        """Say how jobs ended; it is on the disk when this returns.

        Of one that was left as it is nothing new is said: only one that failed before had begun here.
        """
        told = [o for o in outcomes if o.ending is not Ending.LEFT or o.key in self._open_keys]
        for outcome in told:
            self._ended(outcome)
        if told and self._sync:
            os.fdatasync(self._file) if hasattr(os, "fdatasync") else os.fsync(self._file)

    def _ended(self, outcome: Outcome) -> None:
        self._open_keys.discard(outcome.key)
        self.is_complete = False
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
        self._write(told)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _write(self, told: dict[str, Any]) -> None:
        line = (format_json_line(told) + "\n").encode()
        try:
            while line:
                line = line[os.write(self._file, line) :]
        except OSError as error:
            raise StorageError(
                f"the journal {shown(str(self._path))} cannot be written: {error.strerror}",
                hint="make room there, then run the same command again: it goes on from here",
            ) from error

    def _open(self, whole_bytes: int) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
        flags |= getattr(os, "O_NOFOLLOW", 0)
        try:
            file = os.open(self._path, flags, 0o666)
            os.ftruncate(file, whole_bytes)  # a torn last line
            flush(self._path.parent)
        except OSError as error:
            raise StorageError(
                f"the journal {shown(str(self._path))} cannot be opened: {error.strerror}",
                hint="check the permissions of the output folder",
            ) from error
        return file

    def _read(self) -> int:
        """Take in what is there; gives the size of its whole lines in bytes."""
        whole_bytes = 0
        for number, line in enumerate(_lines(self._path), 1):
            if not line.endswith(b"\n") and len(line) < MAX_LINE_BYTES:
                break  # torn; where it is whole by chance, it is said again
            told = _object(line)
            if told is None or not self._take_in(number, told):
                raise InputError(
                    f"{shown(str(self._path))}, line {number}: not a line of a batch's journal",
                    hint="restore the journal, or begin anew in another output folder",
                )
            whole_bytes += len(line)
        return whole_bytes

    def _take_in(self, number: int, told: dict[str, Any]) -> bool:
        try:
            if number == 1 or "schema" in told:
                return self._take_in_beginning(told)
            self.is_complete = told.get("complete") is True
            if self.is_complete:
                return True
            key = told["key"]
            if told.get("began"):
                self.known[key] = replace(self.known.get(key, Known(None, None)), was_cut_off=True)
            else:
                ending = Ending(told["ending"])
                self.known[key] = Known(ending, told["inputs"], told["exit_code"], told["message"])
        except (KeyError, TypeError, ValueError):
            return False
        return True

    def _take_in_beginning(self, told: dict[str, Any]) -> bool:
        self.known.clear()
        self.is_complete = False
        self.verb_name, self.begun_at = told["verb"], datetime.fromisoformat(told["begun_at"])
        return told["schema"] == SCHEMA and self.begun_at.tzinfo is not None


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while line := file.readline(MAX_LINE_BYTES):
                yield line
    except FileNotFoundError:
        return


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
