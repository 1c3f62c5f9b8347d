"""Defines the result of a check of the machine, and the facts about the machine that the checks need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path


class State(Enum):
    """How a check ended: FAIL stops commands, WARN weakens or surprises, PASS is in order."""

    PASS = "pass"  # noqa: S105 - no password
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check."""

    area: str
    """What the check belongs to: `python`, `libraries`, `openssh` …; scripts select by it."""
    state: State
    message: str
    """What was found, on one line; secrets are masked in it."""
    remedy: str | None = None
    """What to do, mostly a command line; `None` if there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """How texts reach the person."""

    stdout_encoding: str
    file_name_encoding: str
    locale: str
    """The value of LC_ALL, LC_CTYPE or LANG that counts; empty if none is set."""
    columns: int | None
    """The width of the window; `None` without a terminal."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the command line knows about the machine, the person and the configuration."""

    environment: Mapping[str, str]
    now: datetime
    folder: Path
    """The working folder."""
    home: Path | None
    terminal: Terminal
    register: Path | None = None
    """The configured register."""
    trust_files: Mapping[str, Path] | None = None
    """The configured trust files by option."""
    keys: tuple[Path, ...] = ()
    """Private keys to check besides those in `~/.ssh`."""
    configuration: tuple[str, ...] = ()
    """Each value that a variable or a configuration file sets, in words."""


def passed(area: str, message: str, remedy: str | None = None) -> Check:
    """Return a check that found what is needed."""
    return Check(area, State.PASS, message, remedy)


def warned(area: str, message: str, remedy: str | None = None) -> Check:
    """Return a check that found something that weakens a result or surprises a person."""
    return Check(area, State.WARN, message, remedy)


def failed(area: str, message: str, remedy: str | None = None) -> Check:
    """Return a check that found what makes commands fail."""
    return Check(area, State.FAIL, message, remedy)
