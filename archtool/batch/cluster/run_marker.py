"""A file in the output folder that says: this run still wants its packages, and this is the folder it means.

A worker far away that sees it works in the same folder; once it is gone, nobody waits for what the worker
does, and it stops. A run that was killed leaves its file behind: the next one, which holds the folder, takes
it away, and so ends what was still being done for the other.
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
class Beacon:
    """Where the file is, and what is in it."""

    path: str
    token: str

    def is_seen(self) -> bool:
        """Whether it is there. It is opened each time: network file systems look again only then."""
        try:
            return Path(self.path).read_text(encoding="ascii", errors="replace") == self.token
        except OSError:
            return False


@contextmanager
def lit_beacon(folder: Path) -> Iterator[Beacon]:
    """Write the file into a folder that this run holds, and take it away at the end.

    Raises:
        StorageError: it cannot be written.
    """
    token = secrets.token_hex(_TOKEN_BYTES)
    beacon = Beacon(str(folder / f"{_PREFIX}{token}"), token)
    try:
        for old in folder.glob(f"{_PREFIX}*"):
            old.unlink(missing_ok=True)
        Path(beacon.path).write_text(token, encoding="ascii")
    except OSError as error:
        raise StorageError(
            f"nothing can be written in {shown(str(folder))}: {error.strerror}",
            hint="check the space and the permissions there",
        ) from error
    try:
        yield beacon
    finally:
        with contextlib.suppress(OSError):
            Path(beacon.path).unlink()
