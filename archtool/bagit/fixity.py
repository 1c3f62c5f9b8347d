"""Compares every file with every digest that a manifest lists for it.

Source: RFC 8493 §3 (valid).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

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
    """The digest of a file in one line of a manifest."""

    manifest: str
    line: int
    digest: Digest


@dataclass(frozen=True, slots=True)
class FixityTask:
    """One file and all its expected digests, which are computed in one read."""

    path: str
    size_bytes: int
    expected: tuple[Expectation, ...]
    also: tuple[Algorithm, ...] = ()
    """Further algorithms to compute in the same read."""

    @property
    def algorithms(self) -> tuple[Algorithm, ...]:
        """The algorithms to compute, each once."""
        return tuple(dict.fromkeys((*(e.digest.algorithm for e in self.expected), *self.also)))


HashFile = Callable[[str, Sequence[Algorithm]], FileRecord]


def plan_fixity(bag: Bag, layout: BagLayout, only: Container[str] | None = None) -> tuple[FixityTask, ...]:
    """Collect the expected digests of each file that exists; of `only` these files, if given."""
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
            disk = layout.disk_path(path)
            if disk is None or (only is not None and disk not in only):
                continue
            if hexadecimal := manifest.hex(number):
                line, digest = manifest.lines[number], Digest(algorithm, hexadecimal)
                expected.setdefault(disk, []).append(Expectation(manifest.name, line, digest))
    return tuple(
        FixityTask(path, layout.known_size(path), tuple(found)) for path, found in sorted(expected.items())
    )


@dataclass(frozen=True, slots=True)
class FixityPlan:
    """How the files of a bag are checked: each file is in one of the two."""

    bulk: ExpectedFiles
    """Payload files that are checked many at a time."""
    tasks: tuple[FixityTask, ...]
    """All other files, which are checked one by one."""


def plan_with_bulk(bag: Bag, layout: BagLayout, one_by_one: Collection[str]) -> FixityPlan:
    """Plan the check of all files, in bulk as far as possible; the files of `one_by_one` are not in bulk.

    A payload file can be in bulk if every manifest lists it by its name on disk, in the same order, with a
    digest that can be computed, and if no tag manifest lists it.
    """
    in_tag_manifests = {path for manifest in bag.tag_manifests for path in manifest.paths}
    bulk = _bulk(bag, layout, in_tag_manifests.union(one_by_one))
    known = [manifest for manifest in bag.manifests if manifest.algorithm is not None]
    if bulk.paths and all(manifest.paths == bulk.paths for manifest in known):
        return FixityPlan(bulk, _plan(layout, bag.tag_manifests, None))
    in_bulk = frozenset(bulk.paths)
    left = frozenset(layout.files) - in_bulk
    return FixityPlan(bulk, plan_fixity(bag, layout, left))


def _bulk(bag: Bag, layout: BagLayout, excluded: Collection[str]) -> ExpectedFiles:
    known = [manifest for manifest in bag.manifests if manifest.algorithm is not None]
    if not known or known[0].has_repeats or any(one.paths != known[0].paths for one in known[1:]):
        return ExpectedFiles((), ())
    paths = known[0].paths
    unfit = {number for one in known for number, entry in one.irregular.items() if not entry.hex}
    unfit.update(layout.missing[known[0].name])
    unfit.update(layout.outside_payload[known[0].name])
    if any(path in layout.files for path in excluded if path[:5] == "data/"):
        unfit.update([number for number, path in enumerate(paths) if path in excluded])
    if unfit:
        fit = [number for number in range(len(paths)) if number not in unfit]
        known = [manifest.select(fit) for manifest in known]
    return ExpectedFiles(known[0].paths, [(m.algorithm, m.digests) for m in known if m.algorithm is not None])


@dataclass(frozen=True, slots=True)
class FirstReading:
    """The result of reading one file once and comparing its digests."""

    task: FixityTask
    record: FileRecord | None
    """The digests that were computed; `None` where the file could not be read."""
    findings: tuple[Finding, ...] = ()
    """Why it could not be read."""
    wrong: tuple[Expectation, ...] = ()
    """The digests that differ: they are reported only after a second reading."""


Outcome = tuple[FileRecord | None, tuple[Finding, ...]]
"""The record of a file, `None` where a reading failed, and the findings."""


def check_file(task: FixityTask, hash_file: HashFile, hash_again: HashFile | None = None) -> Outcome:
    """Read one file and compare its digests with the manifests; read it again where one differs.

    `hash_again` is used for the second reading, where `hash_file` would return the first one (`read_once`).
    """
    first = read_and_compare(task, hash_file)
    return compare_again(first, hash_again or hash_file) if first.wrong else (first.record, first.findings)


def read_and_compare(task: FixityTask, hash_file: HashFile) -> FirstReading:
    """Read a file once and compare its digests."""
    record, findings = _read(task, hash_file)
    return FirstReading(task, record, findings, _differing(task, record) if record else ())


def compare_again(first: FirstReading, hash_file: HashFile) -> Outcome:
    """Open and read a file with a wrong digest a second time; the findings report both readings."""
    second, findings = _read(first.task, hash_file)
    if second is None or first.record is None:
        return None, findings
    return first.record, bounded_by_file(_report(first.task, first.wrong, first.record, second))


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
    for expected in wrong:
        one, two = (r.digest(expected.digest.algorithm) for r in (first, second))
        where = f"{shown(task.path)} ({expected.manifest} line {expected.line})"
        if one.matches(two):
            message = f"digest differs: {where}: expected {expected.digest.short}, found {one.short} twice"
            finding = finding_kinds.DIGEST_MISMATCH.at(message, task.path)
        else:
            message = f"two readings differ: {where}: first {one.short}, then {two.short}"
            message = f"{message}; expected {expected.digest.short}"
            finding = finding_kinds.READ_UNSTABLE.at(message, task.path)
        yield replace(finding, expected=str(expected.digest), observed=str(two))
