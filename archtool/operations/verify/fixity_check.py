"""Reads the files of a bag: many at a time where that can be done, and those that differ a second time."""

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
from archtool.findings import Finding, Severity
from archtool.progress import Progress

HashFile = Callable[[str, Sequence[Algorithm]], FileRecord]


class Observer(Protocol):
    """Who wants to see the bytes of files while they are read for their digests."""

    def sinks(self, path: str) -> Sequence[Sink]:
        """What is to be shown the bytes of this file."""

    def observes(self, path: str) -> bool:
        """Whether there is anything; such a file is read in this process, where the observer is."""


class NoObserver:
    """No sinks: the bytes of the files are only digested."""

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
    """Compare files with what is said of them, each by itself: a file that differs is read a second time."""
    progress.start("verifying", sum(task.size_bytes for task in tasks))
    in_order = sorted(tasks, key=lambda task: source.position(task.path))
    records: list[FileRecord] = []
    findings: list[Finding] = []
    outcomes = _in_two_passes if source.is_sequential else _at_once
    for task, (record, seen) in outcomes(source, in_order, observer, concurrency):
        records += [record] if record is not None else []
        findings += seen
        progress.advance(task.size_bytes)
        for finding in seen:
            if finding.severity is Severity.ERROR:
                progress.report(finding)
    progress.finish()
    return records, tuple(findings)


Outcomes = Iterator[tuple[FixityTask, Outcome]]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads files for their digests; `observer` and `pace` see the bytes of the first reading."""

    observer: Observer
    pace: Pace | None

    def check(self, view: FileSource, task: FixityTask) -> Outcome:
        """Read a file, and a second time if it differs."""
        return check_file(task, self._hashing(view), self._hashing(unremembered(view)))

    def read(self, view: FileSource, task: FixityTask) -> FirstReading:
        """Read a file once."""
        return read_and_compare(task, self._hashing(view))

    def read_again(self, view: FileSource, look: FirstReading) -> Outcome:
        """Read a file that differed a second time."""
        return compare_again(look, self._hashing(unremembered(view)))

    def _hashing(self, view: FileSource) -> HashFile:
        return lambda path, wanted: hash_file(view, path, wanted, self._sinks(path))

    def _sinks(self, path: str) -> list[Sink]:
        return [*self.observer.sinks(path), *([self.pace] if self.pace is not None else [])]


def _at_once(
    source: FileSource, tasks: Sequence[FixityTask], observer: Observer, concurrency: Concurrency
) -> Outcomes:
    """Files that the observer wants to see are read in this process, all others by several.

    Tag files are read in this process too where their readings are remembered (`ReadOnceSource`).
    """
    pace, waiting = concurrency.pace(concurrency.max_workers), StorageWait()
    here, apart = list[FixityTask](), list[FixityTask]()
    for task in tasks:
        is_remembered = isinstance(source, ReadOnceSource) and not task.path.startswith(PAYLOAD)
        (here if is_remembered or observer.observes(task.path) else apart).append(task)

    def ask(view: FileSource, some: Sequence[FixityTask]) -> None:
        request_readahead(view, [task.path for task in some], waiting)

    heard, unheard = _Reader(observer, pace), _Reader(NoObserver(), pace)
    yield from zip(
        here,
        for_each_file_in_threads(source, here, heard.check, _fitting(concurrency, here).jobs),
        strict=True,
    )
    crew = _fitting(concurrency, apart)
    yield from zip(apart, for_each_file_in_processes(source, apart, unheard.check, crew, ask), strict=True)


def _fitting(concurrency: Concurrency, tasks: Sequence[FixityTask]) -> Concurrency:
    return concurrency.sized_for(len(tasks), sum([task.size_bytes for task in tasks]))


def _in_two_passes(
    source: FileSource, tasks: Sequence[FixityTask], observer: Observer, concurrency: Concurrency
) -> Outcomes:
    """All files once, then all that differ again: to go back for each would be to begin again for each."""
    reader = _Reader(observer, concurrency.pace(1))  # one reader: see `for_each_file_in_threads`
    looks = list(for_each_file_in_threads(source, tasks, reader.read, 1))
    wrong = [look for look in looks if look.wrong]
    again = for_each_file_in_threads(source, wrong, reader.read_again, 1)
    second = {look.task.path: outcome for look, outcome in zip(wrong, again, strict=True)}
    for look in looks:
        yield look.task, second.get(look.task.path, (look.record, look.findings))


def unremembered(source: FileSource) -> FileSource:
    """The source that a second reading is made from, so that it is one."""
    return source.inner if isinstance(source, ReadOnceSource) else source


@dataclass(frozen=True, slots=True)
class BulkCheck:
    """What came of the files that were checked many at a time."""

    paths: Sequence[str] = ()
    sizes: Sequence[int] = ()
    """Of each file, in bytes; `UNREAD` where it could not be read."""
    failing: frozenset[str] = frozenset()
    """Those that differ from a digest or could not be read: nothing is said of them yet."""

    @property
    def totals(self) -> tuple[int, int]:
        """How many files are as all their digests say, and their bytes."""
        if not self.failing:
            return len(self.paths), sum(self.sizes)
        sizes = [size for path, size in zip(self.paths, self.sizes, strict=True) if path not in self.failing]
        return len(sizes), sum(sizes)


def check_bulk(
    tree: Tree, expected: ExpectedFiles, concurrency: Concurrency, progress: Progress, total_bytes: int | None
) -> BulkCheck:
    """Check files of a folder many at a time; `total_bytes` is how large they all are, if that is known."""
    sizes = array("q", bytes(8 * len(expected.paths)))
    failing: set[str] = set()
    progress.start("verifying", total_bytes)
    for checked in check_in_bulk(tree, expected, concurrency):
        sizes[checked.begin : checked.begin + len(checked.sizes)] = checked.sizes
        progress.advance(sum(checked.sizes))
        for number in checked.failing:
            failing.add(path := expected.paths[number])
            if sizes[number] != UNREAD:  # what is reported in the end rests on a second reading
                progress.report(DIGEST_MISMATCH.at(f"digest differs: {shown(path)}; it is read again", path))
    progress.finish()
    return BulkCheck(expected.paths, sizes, frozenset(failing))
