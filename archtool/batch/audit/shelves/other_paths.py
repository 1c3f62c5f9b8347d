"""Recognises registered copies by another path: of a shelf that is a link, or of a folder above it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archtool.batch.audit.limits import MAX_COMPARED


@dataclass(frozen=True, slots=True)
class ShelfPaths:
    """Where the shelves really are."""

    real: dict[str, str]
    """The path without links, by shelf."""

    @classmethod
    def of(cls, shelves: Sequence[str]) -> ShelfPaths:
        """Resolve the paths of shelves."""
        return cls({shelf: os.path.realpath(shelf) for shelf in shelves})

    def outermost(self, shelves: Sequence[str]) -> Iterator[str]:
        """Yield the shelves that are neither inside another one nor the same by another path."""
        kept: list[str] = []
        for shelf in sorted(shelves, key=lambda shelf: len(self.real[shelf])):
            real = self.real[shelf]
            if not any(is_inside(real, other) for other in kept):
                kept.append(real)
                yield shelf

    def names_of(self, place: str) -> Iterator[str]:
        """Yield the other paths that a package has by the shelves."""
        real = os.path.realpath(place)
        for shelf, folder in self.real.items():
            if is_inside(real, folder):
                name = shelf.rstrip("/") + real[len(folder.rstrip("/")) :]
                if name != place:
                    yield name


def is_inside(path: str, folder: str) -> bool:
    """Whether a path is a folder or inside it; both without links."""
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


def files_off_shelves(connection: sqlite3.Connection, shelves: Sequence[str]) -> set[tuple[int, int]]:
    """Return what identifies the copies that are on no shelf; at most `MAX_COMPARED` are read."""
    outside = "".join(" AND NOT (place >= ? AND place < ?)" for _ in shelves)
    bounds = [bound for shelf in shelves for bound in (f"{shelf.rstrip('/')}/", f"{shelf.rstrip('/')}0")]
    rows = connection.execute(
        f"SELECT place FROM copy WHERE removed_at IS NULL AND kind <> 'medium'{outside} LIMIT ?",  # noqa: S608
        (*bounds, MAX_COMPARED),
    )
    return {known for (place,) in rows if (known := identity_of(place)) is not None}


def identity_of(place: str) -> tuple[int, int] | None:
    """Return device and number of the file or folder at a path; `None` if there is none."""
    try:
        status = os.stat(place)  # noqa: PTH116 - a text, no `Path` is needed
    except OSError:
        return None
    return status.st_dev, status.st_ino
