"""Passes every byte of an open file to sinks, and checks that the file did not change meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from archtool.errors import SourceChangedError
from archtool.files.file_kinds import identity
from archtool.files.hashing.block_reader import read_blocks
from archtool.files.paths import shown
from archtool.files.source import InlineSink, Sink


def stream_open_file(
    descriptor: int, path: str, stat: Callable[[str], os.stat_result], sinks: Sequence[Sink]
) -> int:
    """Read an open file from its beginning and return its size; `stat` returns the status of a path.

    Raises:
        SourceChangedError: the file grew, shrank or was replaced meanwhile.
        OSError: it cannot be read to its end.
    """
    before = os.fstat(descriptor)
    inline = [sink.update for sink in sinks if isinstance(sink, InlineSink)]
    consumers = [sink.update for sink in sinks if not isinstance(sink, InlineSink)]
    size_bytes = read_blocks(descriptor, consumers, before.st_size, inline=inline)
    after = os.fstat(descriptor)
    is_unchanged = size_bytes == before.st_size and identity(before) == identity(after)
    if not (is_unchanged and _is_at(stat, path, after)):
        raise source_changed(path, before.st_size, size_bytes)
    return size_bytes


def source_changed(path: str, size_bytes: int, read_bytes: int) -> SourceChangedError:
    """Return the error for a file that changed while it was read."""
    return SourceChangedError(
        f"{shown(path)} changed while it was being read ({size_bytes:,} bytes before, {read_bytes:,} read)",
        hint="wait until nothing writes to it any more, then run the same command again",
    )


def _is_at(stat: Callable[[str], os.stat_result], path: str, status: os.stat_result) -> bool:
    """Return whether a path still names the file with this status."""
    try:
        named = stat(path)
    except FileNotFoundError:
        return False
    return (named.st_dev, named.st_ino) == (status.st_dev, status.st_ino)
