"""Reads the files of a bag and compares their digests: in bulk where possible; files that differ, twice."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from archtool.bagit.finding_kinds import DIGEST_MISMATCH
from archtool.bagit.fixity import (
    FirstReading,
    FixityTask,
    Outcome,
    check_file,
    compare_again,
    read_and_compare,
)
from archtool.files.hashing.bulk_check import UNREAD, ExpectedFiles, check_in_bulk
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.hash_file import hash_file
from archtool.files.hashing.readahead import StorageWait, request_readahead
from archtool.files.paths import shown
from archtool.files.read_once import PAYLOAD, ReadOnceSource
from archtool.files.source import FileSource, Sink
from archtool.files.tree import Tree
from archtool.files.workers.concurrency import Concurrency, Pace
from archtool.files.workers.parallel import for_each_file_in_processes, for_each_file_in_threads
from archtool.files.workers.read_stopper import ReadStopper
from archtool.findings import Finding, Severity
from archtool.progress import Progress

HashFile = Callable[[str, Sequence[Algorithm]], FileRecord]


class Observer(Protocol):
    """A check that receives the bytes of files while they are read for their digests."""

    def sinks(self, path: str) -> Sequence[Sink]:
        """Return the sinks that receive the bytes of this file."""

    def observes(self, path: str) -> bool:
        """Return whether the file has sinks; it is then read in this process, where the observer is."""


class NoObserver:
    """Has no sinks: the bytes of the files are only digested."""

    def sinks(self, path: str) -> tuple[()]:
        """See `Observer`."""
        del path
        return ()

    def observes(self, path: str) -> bool:
        """See `Observer`."""
        del path
        return False


def check_files(
    source: FileSource,
    tasks: Sequence[FixityTask],
    observer: Observer,
    concurrency: Concurrency,
    progress: Progress,
) -> tuple[list[FileRecord], tuple[Finding, ...]]:
    """Compare files with their expected digests one by one; a file that differs is read a second time.

    Returns the records of the files that were read, and all findings.
    """
    progress.start("verifying", sum(task.size_bytes for task in tasks))
    concurrency = concurrency.metered(progress.meter)
    in_order = sorted(tasks, key=lambda task: source.position(task.path))
    records: list[FileRecord] = []
    findings: list[Finding] = []
    check = _check_in_two_passes if source.is_sequential else _check_in_parallel
    for task, (record, file_findings) in check(source, in_order, observer, concurrency):
        records += [record] if record is not None else []
        findings += file_findings
        progress.advance(task.size_bytes)
        for finding in file_findings:
            if finding.severity is Severity.ERROR:
                progress.report(finding)
    progress.finish()
    return records, tuple(findings)


Outcomes = Iterator[tuple[FixityTask, Outcome]]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads files for their digests; passes the bytes of the first reading to `observer` and `pace`."""

    observer: Observer
    pace: Pace | None
    stop: ReadStopper | None = None
    """Ends the reading in threads; processes are ended by their parent."""

    def check(self, view: FileSource, task: FixityTask) -> Outcome:
        """Read a file, and a second time if it differs."""
        return check_file(task, self._hasher(view), self._hasher(uncached_source(view)))

    def read(self, view: FileSource, task: FixityTask) -> FirstReading:
        """Read a file once."""
        return read_and_compare(task, self._hasher(view))

    def read_again(self, view: FileSource, first: FirstReading) -> Outcome:
        """Read a file that differed a second time."""
        return compare_again(first, self._hasher(uncached_source(view)))

    def _hasher(self, view: FileSource) -> HashFile:
        return lambda path, algorithms: hash_file(view, path, algorithms, self._sinks(path))

    def _sinks(self, path: str) -> list[Sink]:
        inline = [sink for sink in (self.stop, self.pace) if sink is not None]
        return [*self.observer.sinks(path), *inline]


def _check_in_parallel(
    source: FileSource, tasks: Sequence[FixityTask], observer: Observer, concurrency: Concurrency
) -> Outcomes:
    """Read files with several processes; files that the observer receives are read in this one.

    Tag files of a `ReadOnceSource` are read in this process as well, because it keeps their digests.
    """
    pace, storage_wait = concurrency.pace(concurrency.max_workers), StorageWait()
    local, distributed = list[FixityTask](), list[FixityTask]()
    for task in tasks:
        is_cached = isinstance(source, ReadOnceSource) and not task.path.startswith(PAYLOAD)
        (local if is_cached or observer.observes(task.path) else distributed).append(task)

    def prefetch(view: FileSource, batch: Sequence[FixityTask]) -> None:
        request_readahead(view, [task.path for task in batch], storage_wait)

    stop = ReadStopper()
    observed, unobserved = _Reader(observer, pace, stop), _Reader(NoObserver(), pace)
    jobs = _fit_to_size(concurrency, local).jobs
    yield from zip(local, for_each_file_in_threads(source, local, observed.check, jobs, stop), strict=True)
    processes = _fit_to_size(concurrency, distributed)
    outcomes = for_each_file_in_processes(source, distributed, unobserved.check, processes, prefetch)
    yield from zip(distributed, outcomes, strict=True)


def _fit_to_size(concurrency: Concurrency, tasks: Sequence[FixityTask]) -> Concurrency:
    return concurrency.sized_for(len(tasks), sum([task.size_bytes for task in tasks]))


def _check_in_two_passes(
    source: FileSource, tasks: Sequence[FixityTask], observer: Observer, concurrency: Concurrency
) -> Outcomes:
    """Read all files once, then all that differ: a sequential source restarts for each step back."""
    stop = ReadStopper()
    reader = _Reader(observer, concurrency.pace(1), stop)  # a sequential source has one reader
    readings = list(for_each_file_in_threads(source, tasks, reader.read, 1, stop))
    differing = [reading for reading in readings if reading.wrong]
    again = for_each_file_in_threads(source, differing, reader.read_again, 1, stop)
    second = {reading.task.path: outcome for reading, outcome in zip(differing, again, strict=True)}
    for reading in readings:
        yield reading.task, second.get(reading.task.path, (reading.record, reading.findings))


def uncached_source(source: FileSource) -> FileSource:
    """Return the source for a second reading: without the `ReadOnceSource`, which would repeat the first."""
    return source.inner if isinstance(source, ReadOnceSource) else source


@dataclass(frozen=True, slots=True)
class BulkCheck:
    """The result of checking files in bulk."""

    paths: Sequence[str] = ()
    sizes: Sequence[int] = ()
    """The size of each file in bytes; `UNREAD` if it could not be read."""
    failing: frozenset[str] = frozenset()
    """The files that differ from a digest or could not be read; they are not reported yet."""

    @property
    def totals(self) -> tuple[int, int]:
        """Return the number of files that agree with all their digests, and their total size."""
        if not self.failing:
            return len(self.paths), sum(self.sizes)
        sizes = [size for path, size in zip(self.paths, self.sizes, strict=True) if path not in self.failing]
        return len(sizes), sum(sizes)


def check_bulk(
    tree: Tree, expected: ExpectedFiles, concurrency: Concurrency, progress: Progress, total_bytes: int | None
) -> BulkCheck:
    """Check files of a folder in bulk; `total_bytes` is their total size, if it is known."""
    sizes = array("q", bytes(8 * len(expected.paths)))
    failing: set[str] = set()
    progress.start("verifying", total_bytes)
    for checked in check_in_bulk(tree, expected, concurrency.metered(progress.meter)):
        sizes[checked.begin : checked.begin + len(checked.sizes)] = checked.sizes
        progress.advance(sum(checked.sizes))
        for number in checked.failing:
            failing.add(path := expected.paths[number])
            if sizes[number] != UNREAD:  # a second reading decides what the result reports
                progress.report(DIGEST_MISMATCH.at(f"digest differs: {shown(path)}; reading it again", path))
    progress.finish()
    return BulkCheck(expected.paths, sizes, frozenset(failing))
