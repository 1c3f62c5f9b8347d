"""Defines `FolderExport`: which packages are exported into which folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archtool.archives.limits import Limits


@dataclass(frozen=True, slots=True)
class FolderExport:
    """Which packages to export into which folder."""

    packages: tuple[Path, ...]
    target: Path
    """A new folder; for OCFL also a storage root that archtool has made."""
    at: datetime
    """Aware: the current time."""
    software_version: str
    limits: Limits | None = None
    sync: bool = True
