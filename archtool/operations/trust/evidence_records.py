"""A package's evidence records: read before its files are, so that these are read once, then judged.

The room that knows records is entered only where there is one.
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
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.hash_file import hash_file
from archtool.files.source import FileSource
from archtool.findings import Finding

if TYPE_CHECKING:
    from archtool.timestamps.certificates import Authorities
    from archtool.timestamps.evidence.evidence_check import RecordReport
    from archtool.timestamps.evidence.record import EvidenceRecord
    from archtool.timestamps.report import ProvedTime

RECORDS = "evidence/"
MAX_RECORDS_BYTES = 128 * 1024 * 1024  # of all records: each is kept until the files were read
_TAG_MANIFEST = re.compile(r"tagmanifest-[^/]*")


@dataclass(frozen=True, slots=True)
class EvidenceProofs:
    """What the records of a package prove."""

    reports: tuple[RecordReport, ...] = ()
    findings: tuple[Finding, ...] = ()

    def proved(self) -> dict[str, ProvedTime]:
        """Since when files are proved to be there, by their paths."""
        if not self.reports:
            return {}
        from archtool.attestations.signatures.signature_time import earliest

        found: dict[str, ProvedTime] = {}
        for report in self.reports:
            time = report.proved_time()
            for path in report.covered if time is not None else ():
                found[path] = earliest(time, found.get(path)) or found[path]
        return found

    def facts(self) -> list[dict[str, Any]]:
        """Each record, for JSON."""
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
    """The records of one package, as they could be read."""

    records: dict[str, EvidenceRecord] = field(default_factory=dict)
    """By their paths, the newest last."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def algorithms(self) -> tuple[Algorithm, ...]:
        """The digests that the records were made with."""
        names = (chain[0].digest_name for record in self.records.values() for chain in record.chains)
        return tuple(Algorithm(name) for name in dict.fromkeys(names))

    def also_for(self, tasks: Sequence[FixityTask]) -> list[FixityTask]:
        """The same files; what the records need is taken in the same read."""
        return with_algorithms(tasks, self.algorithms)

    def living(self) -> dict[str, EvidenceRecord]:
        """The records that no other one is the renewal of."""
        states = {path: record.states() for path, record in self.records.items()}
        renewed = {state for passed in states.values() for state in passed[:-1]}
        return {path: record for path, record in self.records.items() if states[path][-1] not in renewed}

    def judge(self, digests: FileDigests, authorities: Authorities | None, now: datetime) -> EvidenceProofs:
        """Hold the records against the files."""
        if not self.records:
            return EvidenceProofs((), tuple(self.findings))
        from archtool.timestamps.evidence.evidence_check import check_record

        findings = [*self.findings]
        reports = []
        for path, record in self.living().items():
            report, seen = check_record(path, record, digests.by, authorities, now)
            reports.append(report)
            findings += seen
        return EvidenceProofs(tuple(reports), tuple(_without_covered(findings, reports)))


def _without_covered(findings: Sequence[Finding], reports: Sequence[RecordReport]) -> Iterator[Finding]:
    """Nobody is asked to renew a record that a younger one was made over: that one is to be renewed."""
    from archtool.timestamps.evidence.evidence_finding_kinds import RENEWAL_DUE

    covered = frozenset[str]().union(*(report.covered for report in reports))
    for finding in findings:
        is_kept_by_another = finding.place is not None and finding.place.file in covered
        if finding.code != RENEWAL_DUE.code or not is_kept_by_another:
            yield finding


def read_records(source: FileSource, files: Mapping[str, int]) -> EvidenceRecords:
    """Read every record of a package; what is wrong with one is a finding."""
    found = EvidenceRecords()
    paths = sorted(path for path in files if path.startswith(RECORDS))
    if not paths:
        return found
    from archtool.attestations.layout import record_number
    from archtool.errors import InputError
    from archtool.timestamps.evidence.evidence_finding_kinds import UNREADABLE
    from archtool.timestamps.evidence.record import MAX_RECORD_BYTES, EvidenceRecord

    total_bytes = 0
    for path in paths:
        if record_number(path) is None:
            continue  # a tag file like any other
        total_bytes += files[path]
        if total_bytes > MAX_RECORDS_BYTES:
            message = f"not read: it and the records before it have more than {MAX_RECORDS_BYTES:,} bytes"
            found.findings.append(UNREADABLE.at(message, path))
            break
        try:
            found.records[path] = EvidenceRecord.parse(source.read_bytes(path, MAX_RECORD_BYTES), path)
        except InputError as error:
            found.findings.append(UNREADABLE.at(error.message, path, hint=error.hint))
        except OSError as error:
            found.findings.append(unreadable(FILE_UNREADABLE, error, path))
    return found


def with_algorithms(tasks: Sequence[FixityTask], algorithms: Sequence[Algorithm]) -> list[FixityTask]:
    """The same files; these digests are taken too."""
    return [replace(task, also=(*task.also, *algorithms)) for task in tasks] if algorithms else [*tasks]


class FileDigests:
    """The digests of a package's files but its tag manifests; what was not read yet is read when needed."""

    def __init__(self, source: FileSource, files: Mapping[str, int], records: Sequence[FileRecord]) -> None:
        self._source = source
        self._files = files
        self._read = {record.path: record for record in records}
        self._known: dict[str, dict[str, bytes]] = {}

    def by(self, name: str) -> Mapping[str, bytes]:
        """Path → digest; without the files that cannot be read, of which the fixity check tells."""
        if name not in self._known:
            algorithm = Algorithm(name)
            paths = (path for path in self._files if not _TAG_MANIFEST.fullmatch(path))
            found = {path: self._digest(path, algorithm) for path in paths}
            self._known[name] = {path: digest for path, digest in found.items() if digest is not None}
        return self._known[name]

    def _digest(self, path: str, algorithm: Algorithm) -> bytes | None:
        record = self._read.get(path)
        known = next((d for d in record.digests if d.algorithm is algorithm), None) if record else None
        try:
            digest = known or hash_file(self._source, path, [algorithm]).digest(algorithm)
        except OSError:
            return None
        return bytes.fromhex(digest.hex)
