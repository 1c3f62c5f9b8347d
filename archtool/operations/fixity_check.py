"""Reads the files of a bag, each once, and those that differ a second time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from archtool.bag.fixity import FixityTask, Look, Outcome, check_file, look_again, look_at
from archtool.findings import Finding
from archtool.fixity.digests import Algorithm
from archtool.fixity.parallel import for_each_file
from archtool.fixity.records import FileRecord
from archtool.fixity.source import FileSource, Sink
from archtool.fixity.transfer import hash_file
from archtool.progress import Progress

SinksFor = Callable[[str], Sequence[Sink]]


def check_files(
    source: FileSource, tasks: Sequence[FixityTask], sinks_for: SinksFor, jobs: int, progress: Progress
) -> tuple[list[FileRecord], tuple[Finding, ...]]:
    """Hold every file against what is said of it; `sinks_for` names who wants to see its bytes too."""
    progress.start("verifying", sum(task.size_bytes for task in tasks))
    in_order = sorted(tasks, key=lambda task: source.position(task.path))
    records: list[FileRecord] = []
    findings: list[Finding] = []
    outcomes = _in_two_passes if source.is_sequential else _at_once
    for task, (record, seen) in zip(in_order, outcomes(source, in_order, sinks_for, jobs), strict=True):
        records += [record] if record is not None else []
        findings += seen
        progress.advance(task.size_bytes)
    progress.finish()
    return records, tuple(findings)


def _hashing(source: FileSource, sinks_for: SinksFor) -> Callable[[str, Sequence[Algorithm]], FileRecord]:
    return lambda path, wanted: hash_file(source, path, wanted, sinks_for(path))


def _at_once(
    source: FileSource, tasks: Sequence[FixityTask], sinks_for: SinksFor, jobs: int
) -> Iterator[Outcome]:
    def check_one(view: FileSource, task: FixityTask) -> Outcome:
        return check_file(task, _hashing(view, sinks_for))

    return for_each_file(source, tasks, check_one, jobs)


def _in_two_passes(
    source: FileSource, tasks: Sequence[FixityTask], sinks_for: SinksFor, jobs: int
) -> Iterator[Outcome]:
    """All once, then all that differ again: to go back for each would be to begin again for each."""
    del jobs  # one reader: see `for_each_file`

    def look_once(view: FileSource, task: FixityTask) -> Look:
        return look_at(task, _hashing(view, sinks_for))

    def look_twice(view: FileSource, look: Look) -> Outcome:
        return look_again(look, _hashing(view, sinks_for))

    looks = list(for_each_file(source, tasks, look_once, 1))
    wrong = [look for look in looks if look.wrong]
    second = dict(
        zip((look.task.path for look in wrong), for_each_file(source, wrong, look_twice, 1), strict=True)
    )
    for look in looks:
        yield second.get(look.task.path, (look.record, look.findings))
