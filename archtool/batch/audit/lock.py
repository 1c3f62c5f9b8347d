"""Keeps two audits with the same selection apart: the second would read what the first is reading.

Shares of an audit have different selections, so they run at the same time. The lock is a file beside the
register, and never the register itself: closing it would release the locks of SQLite.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archtool.canonical_json import canonical_json
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.lock import Notify, wait_for_lock

_DIGITS = 12  # of the digest of the selection
WAIT_SECONDS = 10.0  # the processes of a killed run hold its lock until they have ended


@contextmanager
def locked_selection(register: Path, selection: Mapping[str, Any], say: Notify) -> Iterator[None]:
    """Lock an audit of a register with this selection; the lock file is removed at the end.

    Raises:
        StorageError: another run holds the lock.
    """
    digest = digest_bytes(Algorithm.SHA256, canonical_json(selection).encode()).hex[:_DIGITS]
    path = register.with_name(f"{register.name}.audit-{digest}.lock")
    with wait_for_lock(path, WAIT_SECONDS, say, is_written=True):
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                path.unlink()
