"""What the journals in one folder tell of its jobs: read line by line, each line one fact.

Several journals are told apart in time by the numbers of the runs that wrote them: a run takes a number
above all that it reads, and no two that could do the same job are ever at work together. What the latest run
says of a job holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.batch.job import Ending
from archtool.errors import InputError
from archtool.exit_codes import ExitCode
from archtool.files.paths import shown
from archtool.strict_json import JsonRules, parse_json

SCHEMA = "archtool/batch-journal/1"
MAX_LINE_BYTES = 64 * 1024  # a key is a path, and paths are shorter than 4 KiB
_LINE_RULES = JsonRules(MAX_LINE_BYTES, max_values=1_000, max_depth=8, allows_half_pairs=True)


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
    is_begun: bool = False
    """It began in this run, where no package was; another worker may have done it meanwhile."""
    was_made: bool = False
    """Some run of this batch made the package, whatever became of a later attempt to make it again."""
    packaged_at: datetime | None = None
    """The date that the package bears, where it is not the date of the batch's first run."""
    run: int = field(default=0, compare=False)
    """The number of the run that says so."""

    @property
    def is_new(self) -> bool:
        """Whether no earlier run can have left anything."""
        return self.ending is None and not self.was_cut_off

    @property
    def has_passed(self) -> bool:
        """Whether what went wrong lay in the surroundings: a full disk is no property of the job."""
        return self.ending is Ending.FAILED and self.exit_code == ExitCode.SURROUNDINGS

    @property
    def may_be_ours(self) -> bool:
        """Whether what stands in its place by now may be what this batch made."""
        return self.was_cut_off or self.is_begun or self.was_made


@dataclass(frozen=True, slots=True)
class Told:
    """What one journal was like when it was read."""

    size_bytes: int = 0
    """Of its whole lines."""
    run: int = 0
    """The number of the last run that wrote into it."""
    is_complete: bool = False
    """Whether its last line says that all jobs came to their ends."""


class Memory:
    """What was read, from one journal or several."""

    def __init__(self) -> None:
        self.known: dict[str, Known] = {}
        self.verb_name: str | None = None
        """What is done with each job; `None` in a new journal."""
        self.begun_at: datetime | None = None
        """The date that the batch was begun with: all packages that it makes bear it."""
        self.begun_in = 0
        """The number of the run that began this round of the batch."""

    def read(self, path: Path, told: Told | None = None) -> Told:
        """Take in the journal of whole runs; or what was added to it since `told` was read.

        Raises:
            InputError: a line is none of a journal's.
        """
        return self._read(path, told or Told(), self.begin)

    def read_share(self, path: Path) -> Told:
        """Take in the journal of a share, after that of whole runs; what it says of earlier rounds is over.

        Raises:
            InputError: a line is none of a journal's, or of another batch's.
        """
        return self._read(path, Told(), self._is_head)

    def _read(self, path: Path, told: Told, take_head: Callable[[dict[str, Any]], bool]) -> Told:
        for number, line in enumerate(_lines(path, told.size_bytes), 1):
            if not line.endswith(b"\n") and len(line) < MAX_LINE_BYTES:
                break  # torn, or being written; where it is whole by chance, it is said again
            said = _object(line)
            run = told.run if said is None else said.get("run", told.run)
            is_head = said is not None and ("schema" in said or not told.size_bytes)
            if said is None or not self._take_in(said, run, take_head if is_head else None):
                raise InputError(
                    f"{shown(str(path))}, line {number}: not a line of a batch's journal",
                    hint="restore the journal, or begin anew in another output folder",
                )
            told = Told(told.size_bytes + len(line), run, said.get("complete") is True)
        return told

    def begin(self, head: dict[str, Any]) -> bool:
        """Take in the first line of a round: nothing of what was before it holds; whether it is one."""
        self.known.clear()
        self.verb_name, self.begun_at = head["verb"], datetime.fromisoformat(head["begun_at"])
        self.begun_in = head.get("run", 0)
        return head["schema"] == SCHEMA and self.begun_at.tzinfo is not None

    def _is_head(self, head: dict[str, Any]) -> bool:
        """Whether it is the first line of a share's journal, of this round or an earlier one."""
        begun_at = datetime.fromisoformat(head["begun_at"])
        is_of_this_round = (head["verb"], begun_at) == (self.verb_name, self.begun_at)
        return head["schema"] == SCHEMA and (is_of_this_round or head["run"] < self.begun_in)

    def _take_in(
        self, said: dict[str, Any], run: int, take_head: Callable[[dict[str, Any]], bool] | None
    ) -> bool:
        """Whether it is a line of a journal."""
        try:
            if take_head is not None:
                return take_head(said)
            if said.get("complete") is True or said.keys() == {"run"}:
                return True
            self._take_in_job(said, run)
        except (KeyError, TypeError, ValueError):
            return False
        return True

    def _take_in_job(self, said: dict[str, Any], run: int) -> None:
        key = said["key"]
        before = self.known.get(key)
        if run < max(self.begun_in, before.run if before is not None else 0):
            return
        if said.get("began"):
            self.known[key] = replace(before or Known(None, None), was_cut_off=True, run=run)
        else:
            ending = Ending(said["ending"])
            made = ending is Ending.DONE or (before is not None and before.was_made)
            # it may have got its name before the disk refused the last flush
            begun = before is not None and before.was_cut_off and said["exit_code"] == ExitCode.SURROUNDINGS
            self.known[key] = Known(
                ending, said["inputs"], said["exit_code"], said["message"],
                was_made=made or begun, packaged_at=_date(said, before, ending), run=run,
            )  # fmt: skip


def _date(said: dict[str, Any], before: Known | None, ending: Ending) -> datetime | None:
    """The date of the package that stands there now: a failed attempt to make it again changes nothing."""
    if ending is not Ending.DONE:
        return before.packaged_at if before is not None else None
    return datetime.fromisoformat(said["packaged_at"]) if "packaged_at" in said else None


def _lines(path: Path, offset: int) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            while line := file.readline(MAX_LINE_BYTES):
                yield line
    except FileNotFoundError:
        return


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        told = parse_json(line, "the line", _LINE_RULES)
    except InputError:
        return None
    return told if isinstance(told, dict) and isinstance(told.get("run", 0), int) else None
