"""Which bags one process verifies alone, while others verify other bags: small ones.

It is a guess from what a bag says of itself, and decides nothing but the time that it takes.
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
    """How large a bag may be."""

    files: int
    size_bytes: int
    """Of the payload."""
    manifests_bytes: int
    """About as many files, where a bag does not say how many."""

    def holds_for(self, root: Path) -> bool:
        """Whether a bag is not larger; an archive is read by one process in any case."""
        try:
            stated = _OXUM.search(_read_info(root))
            if stated is None:
                return _manifests_bytes(root) <= self.manifests_bytes
        except OSError:  # who verifies it reports what is wrong with it
            return True
        return int(stated[1]) <= self.size_bytes and int(stated[2]) <= self.files


SMALL = SizeLimit(files=500, size_bytes=64 * 1024 * 1024, manifests_bytes=64 * 1024)
"""What one process verifies while others verify other bags."""


def _read_info(root: Path) -> bytes:
    try:
        return read_file(f"{root}/bag-info.txt", MAX_INFO_BYTES)
    except FileNotFoundError:
        return b""


def _manifests_bytes(root: Path) -> int:
    with os.scandir(root) as entries:
        listed = [entry for entry in entries if entry.name.startswith("manifest-")]
    return sum(entry.stat(follow_symlinks=False).st_size for entry in listed)
