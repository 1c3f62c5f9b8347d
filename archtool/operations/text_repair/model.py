"""What is to be repaired and how, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archtool.findings import Finding
from archtool.text.repairing.change_log import ChangeLog
from archtool.text.repairing.repair import RepairedText
from archtool.text.repairing.review_file import Question

RESULT_SCHEMA = "archtool/text-repair/1"


@dataclass(frozen=True, slots=True)
class TextRepairRequest:
    """One text, and how it is to be repaired."""

    source: Path
    copy: Path
    """Where the repaired copy will be; nothing is written here."""
    software: str
    date: datetime
    """Aware: the date of the change log."""
    rules: tuple[str, ...] | None = None
    """Names of rule sets; `None`: all that find something."""
    language: str | None = None
    encoding: str | None = None
    word_lists: tuple[Path, ...] = ()
    review: Path | None = None
    """The file with the answers; it need not exist yet."""
    reviewer: str | None = None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class TextRepair:
    """The repair of one text, in memory."""

    request: TextRepairRequest
    original: bytes
    copy: bytes
    log: ChangeLog
    repaired: RepairedText
    questions: tuple[Question, ...]
    """The rows of the review file: open places first, then what was answered."""
    answered: int
    """How many answers the review file has."""
    findings: tuple[Finding, ...] = ()

    @property
    def has_changes(self) -> bool:
        """Whether the copy differs from the original."""
        return self.log.change_count > 0
