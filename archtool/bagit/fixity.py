"""Every file against every digest that a manifest has of it.

Source: RFC 8493 §3 (valid).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from archtool.bagit import finding_kinds
from archtool.bagit.bounded_findings import bounded_by_file
from archtool.bagit.layout import BagLayout
from archtool.bagit.model import Bag, Manifest
from archtool.bagit.unreadable import unreadable
from archtool.errors import SourceChangedError
from archtool.files.hashing.bulk_check import ExpectedFiles
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.files.hashing.file_record import FileRecord
from archtool.files.paths import shown
from archtool.files.tree import NotAFileError
from archtool.findings import Finding


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one line of a manifest says of a file."""

    manifest: str
    line: int
    digest: Digest


@dataclass(frozen=True, slots=True)
class FixityTask:
    """One file, and all that is said of it: it is read once for all of it."""

    path: str
    size_bytes: int
    expected: tuple[Expectation, ...]
    also: tuple[Algorithm, ...] = ()
    """Algorithms that somebody else wants of the same read."""

    @property
    def algorithms(self) -> tuple[Algorithm, ...]:
        """The algorithms that are needed, each once."""
        return tuple(dict.fromkeys((*(e.digest.algorithm for e in self.expected), *self.also)))


HashFile = Callable[[str, Sequence[Algorithm]], FileRecord]


def plan_fixity(bag: Bag, layout: BagLayout, only: Container[str] | None = None) -> tuple[FixityTask, ...]:
    """Gather, for each file that is there, the digests to compare it with; `only` these files, if given."""
    return _plan(layout, (*bag.manifests, *bag.tag_manifests), only)


def _plan(
    layout: BagLayout, manifests: Iterable[Manifest], only: Container[str] | None
) -> tuple[FixityTask, ...]:
    expected: dict[str, list[Expectation]] = {}
    for manifest in manifests:
        algorithm = manifest.algorithm
        if algorithm is None:
            continue
        for number, path in enumerate(manifest.paths):
            disk = layout.on_disk(path)
            if disk is None or (only is not None and disk not in only):
                continue
            if hexadecimal := manifest.hex(number):
                line, digest = manifest.lines[number], Digest(algorithm, hexadecimal)
                expected.setdefault(disk, []).append(Expectation(manifest.name, line, digest))
    return tuple(
        FixityTask(path, layout.known_size(path), tuple(said)) for path, said in sorted(expected.items())
    )


@dataclass(frozen=True, slots=True)
class FixityPlan:
    """How the files of a bag are checked: each is in one of the two."""

    bulk: ExpectedFiles
    """Payload files that are checked many at a time."""
    tasks: tuple[FixityTask, ...]
    """All other files, each by itself."""


def plan_with_bulk(bag: Bag, layout: BagLayout, by_itself: Collection[str]) -> FixityPlan:
    """Plan the check of all files, as many of them in bulk as can be; those of `by_itself` are not.

    In bulk are the payload files that every manifest lists by their names on disk, in the same order, with
    digests that can be computed, and no tag manifest lists.
    """
    in_tag_manifests = {path for manifest in bag.tag_manifests for path in manifest.paths}
    bulk = _bulk(bag, layout, in_tag_manifests.union(by_itself))
    known = [manifest for manifest in bag.manifests if manifest.algorithm is not None]
    if bulk.paths and all(manifest.paths == bulk.paths for manifest in known):
        return FixityPlan(bulk, _plan(layout, bag.tag_manifests, None))
    in_bulk = frozenset(bulk.paths)
    left = frozenset(layout.files) - in_bulk
    return FixityPlan(bulk, plan_fixity(bag, layout, left))


def _bulk(bag: Bag, layout: BagLayout, without: Collection[str]) -> ExpectedFiles:
    known = [manifest for manifest in bag.manifests if manifest.algorithm is not None]
    if not known or known[0].has_repeats or any(one.paths != known[0].paths for one in known[1:]):
        return ExpectedFiles((), ())
    paths = known[0].paths
    unfit = {number for one in known for number, entry in one.odd.items() if not entry.hex}
    unfit.update(layout.missing[known[0].name])
    unfit.update(layout.outside[known[0].name])
    if any(path in layout.files for path in without if path[:5] == "data/"):
        unfit.update([number for number, path in enumerate(paths) if path in without])
    if unfit:
        fit = [number for number in range(len(paths)) if number not in unfit]
        known = [manifest.select(fit) for manifest in known]
    return ExpectedFiles(known[0].paths, [(m.algorithm, m.digests) for m in known if m.algorithm is not None])


@dataclass(frozen=True, slots=True)
class FirstReading:
    """One file, read once and held against what is said of it."""

    task: FixityTask
    record: FileRecord | None
    """What was read; `None` where it could not be."""
    findings: tuple[Finding, ...] = ()
    """Why it could not be read."""
    wrong: tuple[Expectation, ...] = ()
    """Files that did not agree: they are reported only after a second reading."""


Outcome = tuple[FileRecord | None, tuple[Finding, ...]]
"""What was read, and what was seen; nothing where a reading failed."""


def check_file(task: FixityTask, hash_file: HashFile, hash_again: HashFile | None = None) -> Outcome:
    """Read one file and compare its digests with the manifests; a mismatch is read a second time.

    `hash_again` is used for the second reading, where the first one is remembered (`fixity.read_once`).
    """
    look = read_and_compare(task, hash_file)
    return compare_again(look, hash_again or hash_file) if look.wrong else (look.record, look.findings)


def read_and_compare(task: FixityTask, hash_file: HashFile) -> FirstReading:
    """Read a file once."""
    record, findings = _read(task, hash_file)
    return FirstReading(task, record, findings, _differing(task, record) if record else ())


def compare_again(look: FirstReading, hash_file: HashFile) -> Outcome:
    """Read a file that did not agree a second time, through a fresh open, and tell of both readings."""
    second, findings = _read(look.task, hash_file)
    if second is None or look.record is None:
        return None, findings
    return look.record, bounded_by_file(_report(look.task, look.wrong, look.record, second))


def _read(task: FixityTask, hash_file: HashFile) -> Outcome:
    try:
        return hash_file(task.path, task.algorithms), ()
    except SourceChangedError as error:
        return None, (finding_kinds.FILE_CHANGED.at(error.message, task.path),)
    except NotAFileError as error:
        return None, (finding_kinds.NOT_A_FILE.at(str(error), task.path),)
    except OSError as error:
        return None, (unreadable(finding_kinds.FILE_UNREADABLE, error, task.path),)


def _differing(task: FixityTask, record: FileRecord) -> tuple[Expectation, ...]:
    return tuple(e for e in task.expected if not record.digest(e.digest.algorithm).matches(e.digest))


def _report(
    task: FixityTask, wrong: Sequence[Expectation], first: FileRecord, second: FileRecord
) -> Iterator[Finding]:
    for said in wrong:
        one, two = (r.digest(said.digest.algorithm) for r in (first, second))
        where = f"{shown(task.path)} ({said.manifest} line {said.line})"
        if one.matches(two):
            message = f"digest differs: {where}: expected {said.digest.short}, found {one.short} twice"
            yield finding_kinds.DIGEST_MISMATCH.at(message, task.path)
        else:
            message = f"read twice, differently: {where}: first {one.short}, then {two.short}"
            yield finding_kinds.READ_UNSTABLE.at(f"{message}; expected {said.digest.short}", task.path)
