"""What is run, when, and what shows that it still runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NAME = "archtool-audit"
"""The name of the unit, the task and the alert."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """An audit that runs every day."""

    command: Sequence[str]
    """The program and its arguments; every path in it is absolute."""
    hour: int
    minute: int
    user: str
    """The account that runs it."""
    register: str
    """The absolute path of the register."""
    metrics: str
    """The absolute path of the file that the audit writes when it has ended."""
    watch_days: int
    """After how many days without a finished audit an alert is raised."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text to put into one place of a system."""

    system: str
    """`systemd`, `cron`, `windows` or `prometheus`."""
    name: str
    """The name of the file; for a crontab, `crontab`."""
    purpose: str
    """What to do with it, in one sentence."""
    text: str
    command: str = ""
    """The command that follows the sentence, on one line to be copied."""
