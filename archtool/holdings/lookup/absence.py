"""Says whether the place of a copy is there: a package can be gone, or the shelf or disk that it is on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from archtool.files.paths import shown

_CLOSED = "cannot be read"


@dataclass(frozen=True, slots=True)
class Absence:
    """Why there is nothing at a place."""

    message: str
    shelf: str | None = None
    """The folder that is not there as a whole, so that nothing is known about what it holds."""
    is_closed: bool = False
    """Whether something is there, and the system does not let us read it."""


def find_absence(path: Path, shelf: str | None) -> Absence | None:
    """Return why there is nothing at a place; `None` if something is there.

    `shelf` is the registered shelf of the place; without one, the folder above it counts as its shelf.
    """
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        folder = shelf or str(path.parent)
        reason = describe_absent_shelf(folder, may_be_empty=shelf is None)
        if reason is not None:
            return Absence(f"{shown(folder)} {reason}", folder, is_closed=is_closed(reason))
        return Absence(f"there is nothing at {shown(str(path))}")
    except OSError as error:
        folder = shelf or str(path.parent)
        return Absence(f"{shown(folder)} {_CLOSED}: {error.strerror or error}", folder, is_closed=True)
    return None


def describe_absent_shelf(shelf: str, *, may_be_empty: bool = False) -> str | None:
    """Return why a shelf is not there, as the end of a sentence; `None` if it is there.

    A registered shelf without any entry is not there: an unmounted disk leaves an empty folder.
    """
    try:
        with os.scandir(shelf) as entries:
            is_empty = next(entries, None) is None
    except FileNotFoundError:
        return "is not there"
    except NotADirectoryError:
        return "is not a folder"
    except OSError as error:
        return f"{_CLOSED}: {error.strerror or error}"
    return "is empty, as if its disk were not mounted" if is_empty and not may_be_empty else None


def is_closed(reason: str) -> bool:
    """Whether the reason that `describe_absent_shelf` gives is that the system does not let us read it."""
    return reason.startswith(_CLOSED)
