"""Reads the files of a bag, each once, and those that differ a second time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from archtool.bag.fixity import FixityTask, Look, Outcome, check_file, look_again, look_at
from archtool.findings import Finding, Severity
from archtool.fixity.ahead import Waiting, ask_ahead
from archtool.fixity.digests import Algorithm
from archtool.fixity.effort import Effort
from archtool.fixity.parallel import for_each_file, for_each_file_apart
from archtool.fixity.read_once import PAYLOAD, ReadOnce
from archtool.fixity.records import FileRecord
from archtool.fixity.source import FileSource, Sink
from archtool.fixity.transfer import hash_file
from archtool.progress import Progress

HashFile = Callable[[str, Sequence[Algorithm]], FileRecord]


class Listener(Protocol):
    """Who wants to see the bytes of files while they are read for their digests."""

    def sinks(self, path: str) -> Sequence[Sink]:
        """What is to be shown the bytes of this file."""

    def listens_to(self, path: str) -> bool:
        """Whether there is anything; such a file is read in this process, where the listener is."""


class NoListener:
    """No sinks: the bytes of the files are only digested."""

    def sinks(self, path: str) -> tuple[()]:
        """See `Listener`."""
        del path
        return ()

    def listens_to(self, path: str) -> bool:
        """See `Listener`."""
        del path
        return False


def check_files(
    source: FileSource, tasks: Sequence[FixityTask], listener: Listener, effort: Effort, progress: Progress
) -> tuple[list[FileRecord], tuple[Finding, ...]]:
    """Hold every file against what is said of it."""
    progress.start("verifying", sum(task.size_bytes for task in tasks))
    in_order = sorted(tasks, key=lambda task: source.position(task.path))
    records: list[FileRecord] = []
    findings: list[Finding] = []
    outcomes = _in_two_passes if source.is_sequential else _at_once
    for task, (record, seen) in outcomes(source, in_order, listener, effort):
        records += [record] if record is not None else []
        findings += seen
        progress.advance(task.size_bytes)
        for finding in seen:
            if finding.severity is Severity.ERROR:
                progress.tell(finding)
    progress.finish()
    return records, tuple(findings)


Outcomes = Iterator[tuple[FixityTask, Outcome]]


def _at_once(source: FileSource, tasks: Sequence[FixityTask], listener: Listener, effort: Effort) -> Outcomes:
    """The files that somebody listens to here, and all others by as many processes as there may be."""
    pace, waiting = effort.pace(effort.most), Waiting()
    paced: tuple[Sink, ...] = () if pace is None else (pace,)

    def check_here(view: FileSource, task: FixityTask) -> Outcome:
        return check_file(task, *_hashings(view, lambda path: [*listener.sinks(path), *paced]))

    def check_apart(view: FileSource, task: FixityTask) -> Outcome:
        return check_file(task, *_hashings(view, lambda _: paced))

    def ask(view: FileSource, some: Sequence[FixityTask]) -> None:
        ask_ahead(view, [task.path for task in some], waiting)

    def is_here(task: FixityTask) -> bool:
        return listener.listens_to(task.path) or (is_remembered and not task.path.startswith(PAYLOAD))

    is_remembered = isinstance(source, ReadOnce)  # another process would remember it for itself alone
    here = [task for task in tasks if is_here(task)]
    apart = [task for task in tasks if not is_here(task)]
    yield from zip(here, for_each_file(source, here, check_here, effort.jobs), strict=True)
    crew = effort.fitting(len(apart), sum(task.size_bytes for task in apart))
    yield from zip(apart, for_each_file_apart(source, apart, check_apart, crew, ask), strict=True)


def _in_two_passes(
    source: FileSource, tasks: Sequence[FixityTask], listener: Listener, effort: Effort
) -> Outcomes:
    """All once, then all that differ again: to go back for each would be to begin again for each."""
    pace = effort.pace(1)  # one reader: see `for_each_file`
    paced: tuple[Sink, ...] = () if pace is None else (pace,)

    def hashing(view: FileSource) -> HashFile:
        return _hashing(view, lambda path: [*listener.sinks(path), *paced])

    def look_once(view: FileSource, task: FixityTask) -> Look:
        return look_at(task, hashing(view))

    def look_twice(view: FileSource, look: Look) -> Outcome:
        return look_again(look, hashing(unremembered(view)))

    looks = list(for_each_file(source, tasks, look_once, 1))
    wrong = [look for look in looks if look.wrong]
    second = dict(
        zip((look.task.path for look in wrong), for_each_file(source, wrong, look_twice, 1), strict=True)
    )
    for look in looks:
        yield look.task, second.get(look.task.path, (look.record, look.findings))


def unremembered(source: FileSource) -> FileSource:
    """The source that a second reading is made from, so that it is one."""
    return source.inner if isinstance(source, ReadOnce) else source


def _hashings(source: FileSource, sinks_for: Callable[[str], Sequence[Sink]]) -> tuple[HashFile, HashFile]:
    """For the first reading of a file, and for a second one."""
    return _hashing(source, sinks_for), _hashing(unremembered(source), sinks_for)


def _hashing(source: FileSource, sinks_for: Callable[[str], Sequence[Sink]]) -> HashFile:
    return lambda path, wanted: hash_file(source, path, wanted, sinks_for(path))
