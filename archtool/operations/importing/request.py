"""Defines what is imported, and where to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

RESULT_SCHEMA = "archtool/import/1"


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What is imported, and where to."""

    inputs: tuple[Path, ...]
    """Files and folders; of a folder all files of known kinds are imported."""
    target: Path
    """The folder of the drafts, or the new library."""
    encoding: str | None = None
    """The encoding of all inputs, if a person states it."""
    sync: bool = True
    """Whether each draft is flushed to the disk before it gets its name."""
    force: bool = False
    """Whether an existing library is overwritten."""
