"""Divides a stream of jobs into chunks, each of which is one task of the cluster.

The number of jobs and of bytes in a chunk is limited. A scheduler spends about a millisecond on each task; a
small package takes a few. A chunk that is lost with its worker is done again from its start. So a chunk
should take about a second.
"""

from __future__ import annotations

import os
import pickle
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from archtool.batch.job import Job, Outcome
from archtool.batch.limits import (
    MAX_CHUNK_JOBS,
    MAX_CHUNK_PAYLOAD_BYTES,
    MAX_CHUNK_SENT_BYTES,
    MAX_FILES_COUNTED,
)
from archtool.batch.runner import Item

CHUNK_SECONDS = 1.0
_NEWEST_SHARE = 0.2  # weight of the newest chunk in the mean duration of a job


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some jobs in the form in which they are sent."""

    keys: tuple[str, ...]
    items: tuple[bytes, ...]
    """Each job and what is known about it, as bytes: the scheduler does not need to read them."""

    def split(self) -> Iterator[Chunk]:
        """Yield each job as a separate chunk."""
        return (Chunk((key,), (item,)) for key, item in zip(self.keys, self.items, strict=True))

    def pack(self) -> bytes:
        """Return the chunk compressed: a scheduler keeps the last thousand messages to each worker."""
        return zlib.compress(pickle.dumps(tuple(zip(self.keys, self.items, strict=True))))


def unpack(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the keys and jobs of a packed chunk. Only for bytes that a client packed."""
    yield from pickle.loads(zlib.decompress(data))  # noqa: S301 - see `decode_task`


class Chunker:
    """Divides jobs into chunks of about `CHUNK_SECONDS`, by the durations of the jobs that are done."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = iter(items)
        self._seconds_each: float | None = None

    def next(self) -> Chunk | None:
        """Return the next chunk, or `None` at the end. Jobs are taken only when this is called."""
        keys: list[str] = []
        sent: list[bytes] = []
        payload_bytes = sent_bytes = 0
        for job, known in islice(self._items, self._job_limit()):
            keys.append(job.key)
            sent.append(pickle.dumps((job, known)))
            payload_bytes += estimate_bytes(job)
            sent_bytes += len(sent[-1])
            if payload_bytes >= MAX_CHUNK_PAYLOAD_BYTES or sent_bytes >= MAX_CHUNK_SENT_BYTES:
                break
        return Chunk(tuple(keys), tuple(sent)) if keys else None

    def record_durations(self, outcomes: Iterable[Outcome]) -> None:
        """Record how long the jobs of a chunk took."""
        seconds = [outcome.seconds for outcome in outcomes]
        if seconds:
            mean = sum(seconds) / len(seconds)
            before = mean if self._seconds_each is None else self._seconds_each
            self._seconds_each = before + _NEWEST_SHARE * (mean - before)

    def _job_limit(self) -> int:
        if self._seconds_each is None:
            return 1  # not known yet: every worker gets one job
        limit = CHUNK_SECONDS / self._seconds_each if self._seconds_each > 0 else MAX_CHUNK_JOBS
        return max(1, min(MAX_CHUNK_JOBS, int(limit)))


def estimate_bytes(job: Job) -> int:
    """Estimate the size of a job in bytes from the entries of one folder; no file is read.

    The estimate is the sum of the files in the folder of a `description.yaml`, or at the root of a package
    and of its payload. Files under other names or in subfolders are not counted: the limits on the number and
    duration of jobs keep such chunks small.
    """
    path = job.path
    if path.stem == "description":
        return _files_in(path.parent)
    if path.is_dir():
        return _files_in(path) + _files_in(path / "data")
    try:
        return path.stat().st_size
    except OSError:
        return 0  # the job itself reports the error


def _files_in(folder: os.PathLike[str]) -> int:
    try:
        with os.scandir(folder) as entries:
            counted = islice(entries, MAX_FILES_COUNTED)
            return sum(entry.stat(follow_symlinks=False).st_size for entry in counted if entry.is_file())
    except OSError:
        return 0
