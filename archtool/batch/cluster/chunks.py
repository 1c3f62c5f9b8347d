"""Cuts a stream of jobs into chunks that are worth sending: not too many jobs, not too many bytes.

What a scheduler does for each thing that it is sent takes about a millisecond; a tiny package takes a few. A
chunk that is lost with its worker is done again from its beginning. So chunks are to take about a second.
"""

from __future__ import annotations

import os
import pickle
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from archtool.batch.job import Job, Outcome
from archtool.batch.runner import Item

MAX_CHUNK_JOBS = 100
MAX_CHUNK_PAYLOAD_BYTES = 256 * 1024 * 1024  # some seconds of a common disk
MAX_CHUNK_SENT_BYTES = 1024 * 1024  # before they are compressed: whole descriptions may lie in the jobs
CHUNK_SECONDS = 1.0
MAX_FILES_LOOKED_AT = 1_000  # to guess a payload's size: a million scans in a folder are a chunk in any case
_NEWEST_SHARE = 0.2  # how much the newest chunk says of how long jobs take


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some jobs, as they are sent."""

    keys: tuple[str, ...]
    items: tuple[bytes, ...]
    """Each job, and what is known of it, as bytes: a scheduler has no use for what is in them."""

    def singly(self) -> Iterator[Chunk]:
        """Each job as a chunk of its own."""
        return (Chunk((key,), (item,)) for key, item in zip(self.keys, self.items, strict=True))

    def pack(self) -> bytes:
        """As few bytes as can be: a scheduler remembers the last thousand messages to each worker."""
        return zlib.compress(pickle.dumps(tuple(zip(self.keys, self.items, strict=True))))


def unpack(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The keys and the jobs again; only ever what a client packed."""
    yield from pickle.loads(zlib.decompress(data))  # noqa: S301 - see `read_order`


class Chunker:
    """Gives chunks that take about as long as they should, by what is known of the jobs that are done."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = iter(items)
        self._seconds_each: float | None = None

    def next(self) -> Chunk | None:
        """The next jobs; none is taken before it is asked for. `None`: there are no more."""
        keys: list[str] = []
        sent: list[bytes] = []
        payload_bytes = sent_bytes = 0
        for job, known in islice(self._items, self._jobs()):
            keys.append(job.key)
            sent.append(pickle.dumps((job, known)))
            payload_bytes += likely_bytes(job)
            sent_bytes += len(sent[-1])
            if payload_bytes >= MAX_CHUNK_PAYLOAD_BYTES or sent_bytes >= MAX_CHUNK_SENT_BYTES:
                break
        return Chunk(tuple(keys), tuple(sent)) if keys else None

    def learn(self, outcomes: Iterable[Outcome]) -> None:
        """Take in how long the jobs of a chunk took."""
        taken = [outcome.seconds for outcome in outcomes]
        if taken:
            mean = sum(taken) / len(taken)
            before = mean if self._seconds_each is None else self._seconds_each
            self._seconds_each = before + _NEWEST_SHARE * (mean - before)

    def _jobs(self) -> int:
        if self._seconds_each is None:
            return 1  # nobody knows yet: every worker gets one
        most = CHUNK_SECONDS / self._seconds_each if self._seconds_each > 0 else MAX_CHUNK_JOBS
        return max(1, min(MAX_CHUNK_JOBS, int(most)))


def likely_bytes(job: Job) -> int:
    """About how many bytes a job is about, from what a look at one folder tells: nothing is read.

    It is the sum of the files beside a `description.yaml`, or at the root of a package and of its payload.
    What a description calls otherwise, or in a folder below, is not counted: the number of jobs and the time
    that they take keep such chunks small.
    """
    place = job.place
    if place.stem == "description":
        return _files_in(place.parent)
    if place.is_dir():
        return _files_in(place) + _files_in(place / "data")
    try:
        return place.stat().st_size
    except OSError:
        return 0  # whoever does the job will say so


def _files_in(folder: os.PathLike[str]) -> int:
    try:
        with os.scandir(folder) as entries:
            looked_at = islice(entries, MAX_FILES_LOOKED_AT)
            return sum(entry.stat(follow_symlinks=False).st_size for entry in looked_at if entry.is_file())
    except OSError:
        return 0
