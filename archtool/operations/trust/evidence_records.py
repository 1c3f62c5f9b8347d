"""Reads a package's evidence records, before the other files so that these are read only once; checks them.

The package that parses records (`timestamps.evidence`) is imported only if there is a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archtool.bagit.finding_kinds import FILE_UNREADABLE
from archtool.bagit.fixity import FixityTask
from archtool.bagit.unreadable import unreadable
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.hash_file import hash_file
from archtool.files.source import FileSource
from archtool.findings import Finding
from archtool.operations.limits import MAX_RECORDS_BYTES

if TYPE_CHECKING:  # lazy: only packages with records need them
    from archtool.timestamps.certificates import Authorities
    from archtool.timestamps.evidence.evidence_check import RecordReport
    from archtool.timestamps.evidence.record import EvidenceRecord
    from archtool.timestamps.report import ProvedTime

RECORDS = "evidence/"
_TAG_MANIFEST = re.compile(r"tagmanifest-[^/]*")


@dataclass(frozen=True, slots=True)
class EvidenceProofs:
    """What the evidence records of a package prove."""

    reports: tuple[RecordReport, ...] = ()
    findings: tuple[Finding, ...] = ()

    def proved_times(self) -> dict[str, ProvedTime]:
        """Return, by path, the time since when each covered file is proved to exist."""
        if not self.reports:
            return {}
        from archtool.attestations.signatures.signature_time import earliest  # lazy: 15 ms, only records

        times: dict[str, ProvedTime] = {}
        for report in self.reports:
            time = report.proved_time()
            for path in report.covered if time is not None else ():
                times[path] = earliest(time, times.get(path)) or times[path]
        return times

    def facts(self) -> list[dict[str, Any]]:
        """Return the facts of each record, for JSON."""
        return [_facts(report) for report in self.reports]


def _facts(report: RecordReport) -> dict[str, Any]:
    return {
        "path": report.path,
        "says": _iso(report.at),
        "proved_at": _iso(report.at) if report.is_proved else None,
        "timestamps": report.timestamps,
        "renewed_at": _iso(report.renewed_at),
        "authority": report.authority,
        "good_until": _iso(report.good_until),
        "algorithm": report.digest_name,
        "covers": len(report.covered),
        "reason": report.reason,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


@dataclass(slots=True)
class EvidenceRecords:
    """The evidence records of one package that could be read."""

    records: dict[str, EvidenceRecord] = field(default_factory=dict)
    """By path, the newest last."""
    findings: list[Finding] = field(default_factory=list)
    """About the records that could not be read."""

    @property
    def algorithms(self) -> tuple[Algorithm, ...]:
        """The algorithms of the digests in the records."""
        names = (chain[0].digest_name for record in self.records.values() for chain in record.chains)
        return tuple(Algorithm(name) for name in dict.fromkeys(names))

    def current_records(self) -> dict[str, EvidenceRecord]:
        """Return the records that no other record renews."""
        states = {path: record.states() for path, record in self.records.items()}
        renewed = {state for passed in states.values() for state in passed[:-1]}
        return {path: record for path, record in self.records.items() if states[path][-1] not in renewed}

    def check(self, digests: FileDigests, authorities: Authorities | None, now: datetime) -> EvidenceProofs:
        """Compare the records with the files, and check their timestamps."""
        if not self.records:
            return EvidenceProofs((), tuple(self.findings))
        from archtool.timestamps.evidence.evidence_check import check_record  # lazy: 9 ms, only records

        findings = [*self.findings]
        reports = []
        for path, record in self.current_records().items():
            report, record_findings = check_record(path, record, digests.for_algorithm, authorities, now)
            reports.append(report)
            findings += record_findings
        return EvidenceProofs(tuple(reports), tuple(_without_covered_renewals(findings, reports)))


def _without_covered_renewals(
    findings: Sequence[Finding], reports: Sequence[RecordReport]
) -> Iterator[Finding]:
    """Drop findings that ask to renew a record which a newer record covers: only that one needs renewal."""
    from archtool.timestamps.finding_kinds import RECORD_RENEWAL_DUE  # lazy: only records

    covered = frozenset[str]().union(*(report.covered for report in reports))
    for finding in findings:
        is_covered = finding.place is not None and finding.place.file in covered
        if finding.code != RECORD_RENEWAL_DUE.code or not is_covered:
            yield finding


def read_records(source: FileSource, files: Mapping[str, int]) -> EvidenceRecords:
    """Read every evidence record of a package; faulty ones become findings. `files` maps paths to sizes."""
    result = EvidenceRecords()
    paths = sorted(path for path in files if path.startswith(RECORDS))
    if not paths:
        return result
    from archtool.attestations.layout import record_number  # lazy: 3 ms, only records
    from archtool.timestamps.evidence.record import EvidenceRecord
    from archtool.timestamps.finding_kinds import RECORD_UNREADABLE
    from archtool.timestamps.limits import MAX_RECORD_BYTES

    total_bytes = 0
    for path in paths:
        if record_number(path) is None:
            continue  # not a record
        total_bytes += files[path]
        if total_bytes > MAX_RECORDS_BYTES:
            message = f"not read: this record and those before it have more than {MAX_RECORDS_BYTES:,} bytes"
            result.findings.append(RECORD_UNREADABLE.at(message, path))
            break
        try:
            result.records[path] = EvidenceRecord.parse(source.read_bytes(path, MAX_RECORD_BYTES), path)
        except InputError as error:
            result.findings.append(RECORD_UNREADABLE.at(error.message, path, hint=error.hint))
        except OSError as error:
            result.findings.append(unreadable(FILE_UNREADABLE, error, path))
    return result


def add_algorithms(tasks: Sequence[FixityTask], algorithms: Sequence[Algorithm]) -> list[FixityTask]:
    """Return the tasks, extended by these algorithms."""
    return [replace(task, also=(*task.also, *algorithms)) for task in tasks] if algorithms else [*tasks]


class FileDigests:
    """The digests of a package's files, except tag manifests; unknown digests are computed on demand."""

    def __init__(self, source: FileSource, files: Mapping[str, int], records: Sequence[FileRecord]) -> None:
        self._source = source
        self._files = files
        self._read = {record.path: record for record in records}
        self._known: dict[str, dict[str, bytes]] = {}

    def for_algorithm(self, name: str) -> Mapping[str, bytes]:
        """Return the digest of each path; unreadable files are left out: the fixity check reports them."""
        if name not in self._known:
            algorithm = Algorithm(name)
            paths = (path for path in self._files if not _TAG_MANIFEST.fullmatch(path))
            digests = {path: self._digest(path, algorithm) for path in paths}
            self._known[name] = {path: digest for path, digest in digests.items() if digest is not None}
        return self._known[name]

    def _digest(self, path: str, algorithm: Algorithm) -> bytes | None:
        record = self._read.get(path)
        known = next((d for d in record.digests if d.algorithm is algorithm), None) if record else None
        try:
            digest = known or hash_file(self._source, path, [algorithm]).digest(algorithm)
        except OSError:
            return None
        return bytes.fromhex(digest.hex)
