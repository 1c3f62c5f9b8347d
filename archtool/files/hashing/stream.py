"""Shows every byte of an open file to whoever wants to see it, and makes sure that the file held still."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from archtool.errors import SourceChangedError
from archtool.files.file_kinds import identity
from archtool.files.hashing.block_reader import show_blocks
from archtool.files.paths import shown
from archtool.files.source import Sink, StoringSink


def stream_open_file(
    descriptor: int, path: str, look: Callable[[str], os.stat_result], sinks: Sequence[Sink]
) -> int:
    """Read an open file from its beginning; `look` says what its name stands for afterwards.

    Raises:
        SourceChangedError: it grew, shrank or was replaced meanwhile.
        OSError: it cannot be read to its end.
    """
    before = os.fstat(descriptor)
    here = [sink.update for sink in sinks if isinstance(sink, StoringSink)]
    takers = [sink.update for sink in sinks if not isinstance(sink, StoringSink)]
    size_bytes = show_blocks(descriptor, takers, before.st_size, here=here)
    after = os.fstat(descriptor)
    if size_bytes != before.st_size or identity(before) != identity(after) or not _is_at(look, path, after):
        raise changed(path, before.st_size, size_bytes)
    return size_bytes


def changed(path: str, size_bytes: int, read_bytes: int) -> SourceChangedError:
    """The error for a file that did not hold still."""
    return SourceChangedError(
        f"{shown(path)} changed while it was being read ({size_bytes:,} bytes before, {read_bytes:,} read)",
        hint="wait until nothing writes to it any more, then run the same command again",
    )


def _is_at(look: Callable[[str], os.stat_result], path: str, status: os.stat_result) -> bool:
    try:
        named = look(path)
    except FileNotFoundError:
        return False
    return (named.st_dev, named.st_ino) == (status.st_dev, status.st_ino)
