"""Renews the proof since when packages are there: one timestamp for all of them, a record in each.

1. Each package is held and looked at; what has to be read is read. One that does not hold is left out.
2. What the records want stamped is put into hash trees, one for each digest, and each is stamped.
3. Each package gets its record: the file, then the lines in its tag manifests.

A package without a record, or with files that no record was made over, gets a new one. Else its newest record
is renewed: by a timestamp of its last timestamp, for which no payload is read; or, where another digest is
asked for, by reading all of it again. A record whose certificates have ended already can prove nothing any
more by being renewed: then a new one is made too. No record is ever changed; a renewed one is another file.

Source: RFC 4998 §4.2, §5.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.attestations.layout import record_number, record_path
from archtool.bagit.fixity import plan_fixity
from archtool.errors import InputError, MaterialRefusedError, UsageError
from archtool.files.hashing.digests import Algorithm
from archtool.files.paths import shown
from archtool.files.tree import Tree
from archtool.files.workers.concurrency import Concurrency
from archtool.findings import Finding, has_errors
from archtool.operations.attest.locked_package import Lock, LockedPackage, open_locked, refuse_unless_folder
from archtool.operations.trust.evidence_records import FileDigests, read_records, with_algorithms
from archtool.operations.trust.timestamp_client import TimestampClient
from archtool.operations.verify.fixity_check import NoObserver, check_files
from archtool.progress import NoProgress, Progress
from archtool.results import Result
from archtool.timestamps.certificates import Authorities
from archtool.timestamps.evidence.evidence_check import check_record, check_times, members_of
from archtool.timestamps.evidence.evidence_finding_kinds import RENEWED_LATE, UNPROVED
from archtool.timestamps.evidence.record import MAX_RECORD_BYTES, EvidenceRecord
from archtool.timestamps.evidence.renewal import (
    Leaf,
    combine_leaves,
    hash_tree_leaf,
    new_leaf,
    timestamp_leaf,
)
from archtool.timestamps.key_signature import DIGESTS

RESULT_SCHEMA = "archtool/renew/1"
DEFAULT_DIGEST = "sha512"


@dataclass(frozen=True, slots=True)
class RenewRequest:
    """Which packages, by whom, and how."""

    roots: Sequence[Path]
    timestamp_client: TimestampClient
    now: datetime
    lock: Lock
    algorithm: str | None = None
    """`sha256`, `sha384` or `sha512`; `None`: as before, or sha512 for the first record."""
    make_new: bool = False
    """Make a new record in any case."""
    concurrency: Concurrency = field(default_factory=Concurrency)

    @property
    def authorities(self) -> Authorities | None:
        """Whose timestamps are believed."""
        return self.timestamp_client.authorities


@dataclass(frozen=True, slots=True)
class _Job:
    """What one package wants."""

    root: Path
    leaf: Leaf
    number: int
    """Of the record to be written."""
    files: int
    """How many files the record is over."""


def digest_named(name: str | None) -> str | None:
    """The digest of a hash tree, from how people write it.

    Raises:
        UsageError: timestamps are not made with it.
    """
    if name is None:
        return None
    plain = name.strip().lower().replace("-", "")
    if plain not in DIGESTS.values():
        known = ", ".join(DIGESTS.values())
        raise UsageError(f"no timestamps are made with {name!r} here", hint=f"use one of: {known}")
    return plain


def renew(request: RenewRequest, progress: Progress | None = None) -> list[Result]:
    """Make or renew a record for each package.

    What is wrong with one package is in its result; the others are renewed all the same.

    Raises:
        NoTimestampError: a timestamp could not be had; nothing was written.
        InputError: a record would be too large to be read again; nothing was written.
        StorageError: a record cannot be written; those before it are.
    """
    # (1) what each package wants
    surveyed = [_survey(root, request, progress or NoProgress()) for root in request.roots]
    jobs = [one for one in surveyed if isinstance(one, _Job)]
    # (2) one timestamp for each digest
    records = _stamp(jobs, request)
    # (3) the records
    return [
        one if isinstance(one, Result) else _write(one, records[one.root], len(jobs), request)
        for one in surveyed
    ]


def _survey(root: Path, request: RenewRequest, progress: Progress) -> _Job | Result:
    try:
        refuse_unless_folder(root)
        with open_locked(root, request.now, request.lock) as package, Tree(root) as tree:
            package.check_addable()
            return _plan(package, tree, request, progress)
    except MaterialRefusedError as error:
        return Result(RESULT_SCHEMA, str(root), error.findings, {"renew": "refused"}, {"record": None})
    except InputError as error:
        from archtool.bagit.finding_kinds import BAG_UNREADABLE

        finding = BAG_UNREADABLE.at(error.message, str(root), hint=error.hint)
        return Result(RESULT_SCHEMA, str(root), (finding,), {"renew": "refused"}, {"record": None})


def _plan(package: LockedPackage, tree: Tree, request: RenewRequest, progress: Progress) -> _Job:
    root, layout = package.root, package.standing.layout
    records = read_records(tree, layout.files)
    _refuse(root, records.findings)
    number = max((record_number(path) or 0 for path in records.records), default=0) + 1
    newest = list(records.records.items())[-1:]
    for path, record in newest:
        renewable = None if request.make_new else _renew_one(package, tree, path, record, request, progress)
        if renewable is not None:
            return _Job(root, renewable[0], number, renewable[1])
    files = _read_all(package, tree, (request.algorithm or DEFAULT_DIGEST,), request, progress)
    digest_name = request.algorithm or DEFAULT_DIGEST
    wanted = files.by(digest_name)
    return _Job(root, new_leaf(digest_name, wanted), number, len(wanted))


def _renew_one(
    package: LockedPackage,
    tree: Tree,
    path: str,
    record: EvidenceRecord,
    request: RenewRequest,
    progress: Progress,
) -> tuple[Leaf, int] | None:
    """What renews a record, and how many files it is over; `None` where a new one has to be made."""
    report, findings = check_times(path, record, request.authorities, request.now)
    _refuse(package.root, [finding for finding in findings if finding.code != UNPROVED.code])
    is_late = report.good_until is not None and request.now > report.good_until
    if is_late or any(f.code == RENEWED_LATE.code for f in findings) or _has_more(package, tree, record):
        return None
    if request.algorithm in (None, report.digest_name):
        return timestamp_leaf(record), len(record.chains[0][0].tree[0])
    assert request.algorithm is not None  # noqa: S101 - the line above
    old = [chain[0].digest_name for chain in record.chains]
    files = _read_all(package, tree, (*old, request.algorithm), request, progress)
    told, findings = check_record(path, record, files.by, request.authorities, request.now)
    _refuse(package.root, findings)
    wanted = {p: d for p, d in files.by(request.algorithm).items() if p in told.covered}
    return hash_tree_leaf(record, request.algorithm, wanted), len(wanted)


def _has_more(package: LockedPackage, tree: Tree, record: EvidenceRecord) -> bool:
    """Whether there are tag files that the record was not made over; records are none of them."""
    files = package.standing.layout.files
    names = {p: s for p, s in files.items() if not p.startswith("data/") and record_number(p) is None}
    digests = FileDigests(tree, names, ())
    members = members_of(record, len(record.chains) - 1, digests.by)
    return not set(members.values()) <= set(record.chains[-1][0].tree[0])


def _read_all(
    package: LockedPackage, tree: Tree, names: Sequence[str], request: RenewRequest, progress: Progress
) -> FileDigests:
    """Read every file, hold it against the manifests and take these digests in the same read."""
    algorithms = tuple(Algorithm(name) for name in dict.fromkeys(names))
    bag, layout = package.standing.bag, package.standing.layout
    tasks = with_algorithms(plan_fixity(bag, layout), algorithms)
    records, findings = check_files(tree, tasks, NoObserver(), request.concurrency, progress)
    _refuse(package.root, findings)
    return FileDigests(tree, layout.files, records)


def _refuse(root: Path, findings: Sequence[Finding]) -> None:
    if has_errors(findings):
        raise MaterialRefusedError(f"nothing was renewed: {shown(str(root))} does not hold", tuple(findings))


def _stamp(jobs: Sequence[_Job], request: RenewRequest) -> Mapping[Path, EvidenceRecord]:
    records: dict[Path, EvidenceRecord] = {}
    for name in dict.fromkeys(job.leaf.digest_name for job in jobs):
        those = [job for job in jobs if job.leaf.digest_name == name]
        root_input, ways = combine_leaves([job.leaf for job in those])
        answer, _ = request.timestamp_client.stamp(root_input, name)
        for job, way in zip(those, ways, strict=True):
            records[job.root] = job.leaf.record(way, answer, request.timestamp_client.source.name)
            _refuse_too_large(job.root, records[job.root])
    return records


def _refuse_too_large(root: Path, record: EvidenceRecord) -> None:
    """What could not be read again is not written."""
    size_bytes = len(record.format())
    if size_bytes > MAX_RECORD_BYTES:
        raise InputError(
            f"{shown(str(root))}: its record would have {size_bytes:,} bytes, and no more than "
            f"{MAX_RECORD_BYTES:,} are read again: nothing was written",
            hint="divide the material into several packages, and renew the others without this one",
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
