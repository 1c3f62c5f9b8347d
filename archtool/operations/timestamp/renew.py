"""Makes or renews the evidence records of packages: one timestamp for all packages, one record in each.

1. Each package is locked, checked and, if necessary, read. A package with errors is left out.
2. The digests to be timestamped are put into hash trees, one for each algorithm; each tree gets a timestamp.
3. Each package gets its record: first the file, then the lines in its tag manifests.

A package without a record, or with files that its record does not cover, gets a new record. Otherwise its
newest record is renewed: by a timestamp of its last timestamp, without reading the payload; or, if another
algorithm is requested, by reading all files again. A record whose certificates have expired proves nothing
when it is renewed, so a new one is made. A record is never changed; a renewed record is a separate file.

Source: RFC 4998 §4.2, §5.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.attestations.layout import record_number, record_path
from archtool.bagit.finding_kinds import BAG_UNREADABLE
from archtool.bagit.fixity import plan_fixity
from archtool.errors import InputError, MaterialRefusedError, UsageError
from archtool.files.hashing.digests import Algorithm
from archtool.files.paths import shown
from archtool.files.tree import Tree
from archtool.files.workers.concurrency import Concurrency
from archtool.findings import Finding, has_errors
from archtool.operations.attest.locked_package import Lock, LockedPackage, open_locked, refuse_unless_folder
from archtool.operations.trust.evidence_records import FileDigests, add_algorithms, read_records
from archtool.operations.trust.timestamp_client import TimestampClient
from archtool.operations.verify.fixity_check import NoObserver, check_files
from archtool.progress import NoProgress, Progress
from archtool.results import Result
from archtool.timestamps.certificates import Authorities
from archtool.timestamps.evidence.evidence_check import check_record, check_times, members_of
from archtool.timestamps.evidence.record import EvidenceRecord
from archtool.timestamps.evidence.renewal import (
    Leaf,
    combine_leaves,
    hash_tree_leaf,
    new_leaf,
    timestamp_leaf,
)
from archtool.timestamps.finding_kinds import RECORD_RENEWED_LATE, RECORD_UNPROVED
from archtool.timestamps.key_signature import DIGESTS
from archtool.timestamps.limits import MAX_RECORD_BYTES

RESULT_SCHEMA = "archtool/renew/1"
DEFAULT_DIGEST = "sha512"


@dataclass(frozen=True, slots=True)
class RenewRequest:
    """Which packages to renew, with which timestamps, and how."""

    roots: Sequence[Path]
    timestamp_client: TimestampClient
    now: datetime
    """Aware: the time of the check."""
    lock: Lock
    algorithm: str | None = None
    """`sha256`, `sha384` or `sha512`; `None`: as in the newest record, or sha512 for the first record."""
    make_new: bool = False
    """Whether to make a new record in any case."""
    concurrency: Concurrency = field(default_factory=Concurrency)

    @property
    def authorities(self) -> Authorities | None:
        """Root certificates of the authorities whose timestamps prove a time."""
        return self.timestamp_client.authorities


@dataclass(frozen=True, slots=True)
class _Job:
    """The record that one package needs."""

    root: Path
    leaf: Leaf
    number: int
    """The number of the new record."""
    files: int
    """How many files the record covers."""


def parse_digest_name(name: str | None) -> str | None:
    """Parse the algorithm of a hash tree, in any common spelling.

    Raises:
        UsageError: timestamps cannot use it.
    """
    if name is None:
        return None
    plain = name.strip().lower().replace("-", "")
    if plain not in DIGESTS.values():
        known = ", ".join(DIGESTS.values())
        raise UsageError(f"no timestamps are made with {name!r}", hint=f"use one of: {known}")
    return plain


def renew(request: RenewRequest, progress: Progress | None = None) -> list[Result]:
    """Make or renew a record for each package.

    The errors of one package are in its result; the other packages are renewed all the same.

    Raises:
        NoTimestampError: a timestamp was not received; nothing was written.
        InputError: a record would be too large to be read again; nothing was written.
        StorageError: a record cannot be written; those before it are.
    """
    # (1) plan the record of each package
    plans = [_plan_package(root, request, progress or NoProgress()) for root in request.roots]
    jobs = [plan for plan in plans if isinstance(plan, _Job)]
    # (2) request one timestamp for each algorithm
    records = _timestamp_jobs(jobs, request)
    # (3) write the records
    return [
        plan if isinstance(plan, Result) else _write(plan, records[plan.root], len(jobs), request)
        for plan in plans
    ]


def _plan_package(root: Path, request: RenewRequest, progress: Progress) -> _Job | Result:
    """Return the record that a package needs, or the result that refuses the package."""
    try:
        refuse_unless_folder(root)
        with open_locked(root, request.now, request.lock) as package, Tree(root) as tree:
            package.check_addable()
            return _plan_record(package, tree, request, progress)
    except MaterialRefusedError as error:
        return Result(RESULT_SCHEMA, str(root), error.findings, {"renew": "refused"}, {"record": None})
    except InputError as error:
        finding = BAG_UNREADABLE.at(error.message, str(root), hint=error.hint)
        return Result(RESULT_SCHEMA, str(root), (finding,), {"renew": "refused"}, {"record": None})


def _plan_record(package: LockedPackage, tree: Tree, request: RenewRequest, progress: Progress) -> _Job:
    root, layout = package.root, package.state.layout
    records = read_records(tree, layout.files)
    _refuse(root, records.findings)
    number = max((record_number(path) or 0 for path in records.records), default=0) + 1
    newest = list(records.records.items())[-1:]
    for path, record in newest:
        renewal = None if request.make_new else _plan_renewal(package, tree, path, record, request, progress)
        if renewal is not None:
            leaf, file_count = renewal
            return _Job(root, leaf, number, file_count)
    digest_name = request.algorithm or DEFAULT_DIGEST
    digests = _digest_all(package, tree, (digest_name,), request, progress).for_algorithm(digest_name)
    return _Job(root, new_leaf(digest_name, digests), number, len(digests))


def _plan_renewal(
    package: LockedPackage,
    tree: Tree,
    path: str,
    record: EvidenceRecord,
    request: RenewRequest,
    progress: Progress,
) -> tuple[Leaf, int] | None:
    """Return what renews a record and how many files it covers; `None` if a new record is needed."""
    report, findings = check_times(path, record, request.authorities, request.now)
    _refuse(package.root, [finding for finding in findings if finding.code != RECORD_UNPROVED.code])
    is_late = report.good_until is not None and request.now > report.good_until
    if (
        is_late
        or any(f.code == RECORD_RENEWED_LATE.code for f in findings)
        or _has_uncovered_files(package, tree, record)
    ):
        return None
    if request.algorithm in (None, report.digest_name):
        return timestamp_leaf(record), len(record.chains[0][0].tree[0])
    assert request.algorithm is not None  # noqa: S101 - the line above
    old = [chain[0].digest_name for chain in record.chains]
    files = _digest_all(package, tree, (*old, request.algorithm), request, progress)
    checked, findings = check_record(path, record, files.for_algorithm, request.authorities, request.now)
    _refuse(package.root, findings)
    digests = {p: d for p, d in files.for_algorithm(request.algorithm).items() if p in checked.covered}
    return hash_tree_leaf(record, request.algorithm, digests), len(digests)


def _has_uncovered_files(package: LockedPackage, tree: Tree, record: EvidenceRecord) -> bool:
    """Return whether the record does not cover all tag files, apart from records."""
    files = package.state.layout.files
    names = {p: s for p, s in files.items() if not p.startswith("data/") and record_number(p) is None}
    digests = FileDigests(tree, names, ())
    members = members_of(record, len(record.chains) - 1, digests.for_algorithm)
    return not set(members.values()) <= set(record.chains[-1][0].tree[0])


def _digest_all(
    package: LockedPackage, tree: Tree, names: Sequence[str], request: RenewRequest, progress: Progress
) -> FileDigests:
    """Read every file, compare it with the manifests, and compute these digests in the same read."""
    algorithms = tuple(Algorithm(name) for name in dict.fromkeys(names))
    bag, layout = package.state.bag, package.state.layout
    tasks = add_algorithms(plan_fixity(bag, layout), algorithms)
    records, findings = check_files(tree, tasks, NoObserver(), request.concurrency, progress)
    _refuse(package.root, findings)
    return FileDigests(tree, layout.files, records)


def _refuse(root: Path, findings: Sequence[Finding]) -> None:
    if has_errors(findings):
        raise MaterialRefusedError(f"nothing was renewed: {shown(str(root))} has errors", tuple(findings))


def _timestamp_jobs(jobs: Sequence[_Job], request: RenewRequest) -> Mapping[Path, EvidenceRecord]:
    records: dict[Path, EvidenceRecord] = {}
    for name in dict.fromkeys(job.leaf.digest_name for job in jobs):
        same_digest = [job for job in jobs if job.leaf.digest_name == name]
        root_input, ways = combine_leaves([job.leaf for job in same_digest])
        token, _ = request.timestamp_client.get_timestamp(root_input, name)
        for job, way in zip(same_digest, ways, strict=True):
            records[job.root] = job.leaf.record(way, token, request.timestamp_client.source.name)
            _refuse_too_large(job.root, records[job.root])
    return records


def _refuse_too_large(root: Path, record: EvidenceRecord) -> None:
    """Refuse a record that is too large to be read again."""
    size_bytes = len(record.format())
    if size_bytes > MAX_RECORD_BYTES:
        raise InputError(
            f"{shown(str(root))}: its record would have {size_bytes:,} bytes, and the limit is "
            f"{MAX_RECORD_BYTES:,}: nothing was written",
            hint="split the material into several packages, and renew the other packages without this one",
        )


def _write(job: _Job, record: EvidenceRecord, packages: int, request: RenewRequest) -> Result:
    path, data = record_path(job.number), record.format()
    with open_locked(job.root, request.now, request.lock) as package:
        package.add({path: data})
    last = record.chains[-1][-1]
    facts: dict[str, Any] = {
        "record": path,
        "renewal": job.leaf.renewal.value,
        "algorithm": job.leaf.digest_name,
        "files": job.files,
        "packages": packages,
        "time": last.token.at.isoformat(),
        "timestamps": sum(map(len, record.chains)),
    }
    return Result(RESULT_SCHEMA, str(job.root), (), {"renew": "done"}, facts)
