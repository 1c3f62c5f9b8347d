"""The run marker: a file in the output folder that exists while its run is active.

A worker that sees the file uses the same folder as the client. When the file disappears, the run has ended,
and the worker stops. A run that was killed leaves its file behind; the next run, which has the folder's lock,
removes it and so stops the workers of the killed run.
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
    """The path and the content of the file."""

    path: str
    token: str

    def exists(self) -> bool:
        """Whether the run is active.

        The file is opened each time, because network file systems update only then.
        """
        try:
            return Path(self.path).read_text(encoding="ascii", errors="replace") == self.token
        except OSError:
            return False


@contextmanager
def written_marker(folder: Path) -> Iterator[RunMarker]:
    """Write the file into a folder that this run has locked, and remove it at the end.

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
            f"cannot write in {shown(str(folder))}: {error.strerror}",
            hint="check the free space and the permissions there",
        ) from error
    try:
        yield marker
    finally:
        with contextlib.suppress(OSError):
            Path(marker.path).unlink()
