"""Decides which bags are small, so that one process verifies each of them while others verify other bags.

The decision is a guess from what a bag states of its own size. It changes only the time that a run takes.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from archtool.bagit.limits import MAX_INFO_BYTES
from archtool.files.small_files import read_file

_OXUM = re.compile(rb"^payload-oxum:[ \t]*([0-9]{1,18})\.([0-9]{1,18})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SizeLimit:
    """The largest bag that still counts as small."""

    files: int
    """Payload files."""
    size_bytes: int
    """Size of the payload."""
    manifests_bytes: int
    """Size of the payload manifests; used for a bag that does not state its Payload-Oxum."""

    def includes(self, root: Path) -> bool:
        """Return whether a bag is within the limit; an archive always is, since one process reads it."""
        try:
            stated = _OXUM.search(_read_info(root))
            if stated is None:
                return _manifests_bytes(root) <= self.manifests_bytes
        except OSError:  # verifying the bag reports the error
            return True
        return int(stated[1]) <= self.size_bytes and int(stated[2]) <= self.files


SMALL_BAG = SizeLimit(files=500, size_bytes=64 * 1024 * 1024, manifests_bytes=64 * 1024)
"""The limit for bags that one process verifies while others verify other bags."""


def _read_info(root: Path) -> bytes:
    try:
        return read_file(f"{root}/bag-info.txt", MAX_INFO_BYTES)
    except FileNotFoundError:
        return b""


def _manifests_bytes(root: Path) -> int:
    with os.scandir(root) as entries:
        listed = [entry for entry in entries if entry.name.startswith("manifest-")]
    return sum(entry.stat(follow_symlinks=False).st_size for entry in listed)
