"""The state of a batch, read from the journals in its folder line by line; each line is one fact.

If there are several journals, the numbers of the runs that wrote them show their order. A run takes a number
higher than all that it reads, and no two runs that could do the same job run at the same time. What the
latest run recorded about a job counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.batch.job import Ending, Outcome
from archtool.batch.journal.recorded_findings import format_recorded, parse_recorded
from archtool.batch.limits import MAX_LINE_BYTES
from archtool.errors import InputError
from archtool.exit_codes import ExitCode
from archtool.files.paths import shown
from archtool.strict_json import JsonRules, parse_json

SCHEMA = "archtool/batch-journal/1"
_LINE_RULES = JsonRules(MAX_LINE_BYTES, max_values=1_000, max_depth=8, allows_half_pairs=True)


@dataclass(frozen=True, slots=True)
class KnownJob:
    """What earlier runs recorded about a job."""

    ending: Ending | None
    """How the job ended the last time; `None`: it never ended."""
    inputs: str | None
    exit_code: int = 0
    message: str | None = None
    was_interrupted: bool = False
    """Whether it began later, when there was no package, and the run was killed before it ended."""
    is_begun: bool = False
    """Whether it began in this run, when there was no package. Another worker can have done it meanwhile."""
    was_made: bool = False
    """Whether a run of this batch made the package, also if a later attempt to make it again failed."""
    packaged_at: datetime | None = None
    """The date in the package, if it differs from the date of the batch's first run."""
    run: int = field(default=0, compare=False)
    """The number of the run that recorded this."""
    hint: str | None = None
    source: str | None = None
    """The path of the table or description that the package was made from, if it is recorded."""
    recorded: str | None = None
    """The findings of a failed job, as one text: see `recorded_findings`."""

    def left_outcome(self, key: str, inputs: str, message: str | None) -> Outcome:
        """Return the outcome of a job that need not be done again: as it ended the last time."""
        findings = parse_recorded(self.recorded)
        return Outcome(key, Ending.LEFT, self.exit_code, inputs, self.message or message, self.hint, findings)

    @property
    def is_new(self) -> bool:
        """Whether no earlier run can have left files."""
        return self.ending is None and not self.was_interrupted

    @property
    def is_transient_failure(self) -> bool:
        """Whether the job failed because of its surroundings: a full disk is no property of the job."""
        return self.ending is Ending.FAILED and self.exit_code == ExitCode.SURROUNDINGS

    @property
    def may_be_own(self) -> bool:
        """Whether a package at the job's target can be one that this batch made."""
        return self.was_interrupted or self.is_begun or self.was_made


@dataclass(frozen=True, slots=True)
class JournalStatus:
    """The state of one journal file when it was read."""

    size_bytes: int = 0
    """The size of its complete lines."""
    run: int = 0
    """The number of the last run that wrote to it."""
    is_complete: bool = False
    """Whether its last line records that all jobs ended."""


class JournalState:
    """What was read from one or more journals."""

    def __init__(self) -> None:
        self.known: dict[str, KnownJob] = {}
        self.verb_name: str | None = None
        """The verb of the batch; `None` in a new journal."""
        self.begun_at: datetime | None = None
        """The date that the batch was begun with, which all its packages have."""
        self.begun_in_run = 0
        """The number of the run that began this round of the batch."""

    def read(self, path: Path, status: JournalStatus | None = None) -> JournalStatus:
        """Read the journal of whole runs, or the lines added to it since `status`.

        Raises:
            InputError: a line is not a line of a journal.
        """
        return self._read(path, status or JournalStatus(), self.begin)

    def read_share(self, path: Path) -> JournalStatus:
        """Read the journal of a share, after that of whole runs; its lines about earlier rounds do not count.

        Raises:
            InputError: a line is not a line of a journal, or it belongs to another batch.
        """
        return self._read(path, JournalStatus(), self._is_head_of_share)

    def _read(
        self, path: Path, status: JournalStatus, apply_head: Callable[[dict[str, Any]], bool]
    ) -> JournalStatus:
        for number, line in enumerate(_lines(path, status.size_bytes), 1):
            if not line.endswith(b"\n") and len(line) < MAX_LINE_BYTES:
                break  # incomplete, or being written; it is written again by a later run
            record = _parse_record(line)
            run = status.run if record is None else record.get("run", status.run)
            is_head = record is not None and ("schema" in record or not status.size_bytes)
            if record is None or not self._apply(record, run, apply_head if is_head else None):
                raise InputError(
                    f"{shown(str(path))}, line {number}: not a line of a batch journal",
                    hint="restore the journal from a backup, or start again in another output folder",
                )
            status = JournalStatus(status.size_bytes + len(line), run, record.get("complete") is True)
        return status

    def begin(self, head: dict[str, Any]) -> bool:
        """Apply the first line of a round and forget the lines before it; returns whether it is valid."""
        self.known.clear()
        self.verb_name, self.begun_at = head["verb"], datetime.fromisoformat(head["begun_at"])
        self.begun_in_run = head.get("run", 0)
        return head["schema"] == SCHEMA and self.begun_at.tzinfo is not None

    def _is_head_of_share(self, head: dict[str, Any]) -> bool:
        """Whether a record is a valid first line of a share's journal, of this round or an earlier one."""
        begun_at = datetime.fromisoformat(head["begun_at"])
        is_of_this_round = (head["verb"], begun_at) == (self.verb_name, self.begun_at)
        return head["schema"] == SCHEMA and (is_of_this_round or head["run"] < self.begun_in_run)

    def _apply(
        self, record: dict[str, Any], run: int, apply_head: Callable[[dict[str, Any]], bool] | None
    ) -> bool:
        """Apply a line; returns whether it is a valid line of a journal."""
        try:
            if apply_head is not None:
                return apply_head(record)
            if record.get("complete") is True or record.keys() == {"run"}:
                return True
            self._apply_job(record, run)
        except (KeyError, TypeError, ValueError):
            return False
        return True

    def _apply_job(self, record: dict[str, Any], run: int) -> None:
        key = record["key"]
        before = self.known.get(key)
        if run < max(self.begun_in_run, before.run if before is not None else 0):
            return
        if record.get("began"):
            self.known[key] = replace(before or KnownJob(None, None), was_interrupted=True, run=run)
        else:
            ending = Ending(record["ending"])
            made = ending is Ending.DONE or (before is not None and before.was_made)
            # the package can be in place although the disk refused the last flush
            is_possibly_made = (
                before is not None and before.was_interrupted and record["exit_code"] == ExitCode.SURROUNDINGS
            )
            self.known[key] = KnownJob(
                ending, record["inputs"], record["exit_code"], record["message"],
                was_made=made or is_possibly_made, packaged_at=_date(record, before, ending), run=run,
                source=_source(record, before, ending), hint=record.get("hint"),
                recorded=format_recorded(record.get("findings")),
            )  # fmt: skip


def _date(record: dict[str, Any], before: KnownJob | None, ending: Ending) -> datetime | None:
    """Return the date of the existing package: a failed attempt to make it again does not change it."""
    if ending is not Ending.DONE:
        return before.packaged_at if before is not None else None
    return datetime.fromisoformat(record["packaged_at"]) if "packaged_at" in record else None


def _source(record: dict[str, Any], before: KnownJob | None, ending: Ending) -> str | None:
    """Return the source of the existing package; a failed attempt to make it again does not change it."""
    if ending is not Ending.DONE:
        return before.source if before is not None else None
    source = record.get("source")
    return source if isinstance(source, str) else None


def _lines(path: Path, offset: int) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            while line := file.readline(MAX_LINE_BYTES):
                yield line
    except FileNotFoundError:
        return


def _parse_record(line: bytes) -> dict[str, Any] | None:
    try:
        record = parse_json(line, "the line", _LINE_RULES)
    except InputError:
        return None
    return record if isinstance(record, dict) and isinstance(record.get("run", 0), int) else None
