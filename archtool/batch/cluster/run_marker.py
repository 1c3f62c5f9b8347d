"""A file in the output folder that is there as long as its run.

A worker that sees the file works in the same folder as the client. When the file disappears, the run has
ended, and the worker stops. A run that was killed leaves its file behind; the next run, which holds the
folder's lock, removes it, and so ends what workers still do for the killed one.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archtool.errors import StorageError
from archtool.files.paths import shown

_PREFIX = ".archtool-run-"
_TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class RunMarker:
    """Where the file is, and what is in it."""

    path: str
    token: str

    def is_there(self) -> bool:
        """Whether the run goes on. It is opened each time: network file systems look again only then."""
        try:
            return Path(self.path).read_text(encoding="ascii", errors="replace") == self.token
        except OSError:
            return False


@contextmanager
def placed_marker(folder: Path) -> Iterator[RunMarker]:
    """Write the file into a folder whose lock this run holds, and remove it at the end.

    Raises:
        StorageError: it cannot be written.
    """
    token = secrets.token_hex(_TOKEN_BYTES)
    marker = RunMarker(str(folder / f"{_PREFIX}{token}"), token)
    try:
        for old in folder.glob(f"{_PREFIX}*"):
            old.unlink(missing_ok=True)
        Path(marker.path).write_text(token, encoding="ascii")
    except OSError as error:
        raise StorageError(
            f"nothing can be written in {shown(str(folder))}: {error.strerror}",
            hint="check the space and the permissions there",
        ) from error
    try:
        yield marker
    finally:
        with contextlib.suppress(OSError):
            Path(marker.path).unlink()
