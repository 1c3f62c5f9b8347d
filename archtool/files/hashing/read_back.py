"""Reads a file that was just written back from the disk.

The system would return the bytes that it still has in memory; they say nothing about the disk. So the file is
flushed, then dropped from the cache, then read. Where a system cannot drop a file from its cache (macOS,
Windows), the bytes can come from memory.

Source: posix_fadvise(2), POSIX_FADV_DONTNEED.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from archtool.files.hashing.digests import Algorithm, Digest

_BLOCK_BYTES = 1024 * 1024


def read_back(path: Path, algorithms: Sequence[Algorithm]) -> tuple[Digest, ...]:
    """Flush a file, drop it from the cache, read it and return its digests.

    Raises:
        OSError: it cannot be flushed or read.
    """
    hashers = [algorithm.hasher() for algorithm in algorithms]
    with path.open("rb+", buffering=0) as file:
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        block = memoryview(bytearray(_BLOCK_BYTES))
        while size_bytes := file.readinto(block):
            for hasher in hashers:
                hasher.update(block[:size_bytes])
    return tuple(Digest(a, h.hexdigest()) for a, h in zip(algorithms, hashers, strict=True))
