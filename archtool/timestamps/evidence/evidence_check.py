"""Checks evidence records: whether they prove the existence of files, over all renewals.

1. Files: the first list of the first timestamp of every chain contains their digests; from the second chain
   on, each digest is combined with the digest of all earlier chains.
2. Steps: each timestamp covers the root of its hash tree, and each timestamp of a chain except the first has
   the previous one in the first list of its tree. A chain uses one digest algorithm.
3. Times: no timestamp is older than the previous one, and the certificates of the previous one had not
   expired when it was made.
4. Authorities: each timestamp leads to a trusted root, at its own time.

Rules 1 and 2 can be checked without trusted roots; only all four *prove* that the files existed at the time
of the first timestamp.

Source: RFC 4998 §4.3, §5.3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from archtool.findings import Finding, Severity, has_errors
from archtool.timestamps import finding_kinds
from archtool.timestamps.certificates import Authorities
from archtool.timestamps.evidence.hash_tree import digest_of, root_input
from archtool.timestamps.evidence.record import ArchiveTimestamp, Chain, EvidenceRecord, format_chains
from archtool.timestamps.limits import MAX_NAMED
from archtool.timestamps.report import ProvedTime, TimestampReport
from archtool.timestamps.timestamp_check import check_token

RENEW_BEFORE = timedelta(days=180)  # before the certificates expire: enough time to find another authority

Digests = Callable[[str], Mapping[str, bytes]]
"""Maps a digest algorithm's name to the digests of the files, by path in the package."""


@dataclass(frozen=True, slots=True)
class RecordReport:
    """The result of checking one record."""

    path: str
    at: datetime | None = None
    """The time of its first timestamp."""
    renewed_at: datetime | None = None
    """The time of its last timestamp."""
    timestamps: int = 0
    first_authority: str | None = None
    authority: str | None = None
    """The authorities of the first and of the last timestamp."""
    good_until: datetime | None = None
    """The end of the last timestamp's certificates."""
    digest_name: str | None = None
    """The digest algorithm of its last chain."""
    covered: frozenset[str] = frozenset()
    """The files that it covers and that are unchanged."""
    has_no_error: bool = False
    """Whether it has no error: rules 1 and 2, and the order of its times."""
    is_proved: bool = False
    """Whether all four rules are met."""
    reason: str | None = None
    """The reason why it proves no time."""

    def proved_time(self) -> ProvedTime | None:
        """Return the time at which the files are proved to have existed; `None` if it is not proved."""
        if not self.is_proved or self.at is None:
            return None
        return ProvedTime(self.at, self.path, self.first_authority or "")


RecordCheck = tuple[RecordReport, tuple[Finding, ...]]


def check_record(
    path: str, record: EvidenceRecord, digests: Digests, authorities: Authorities | None, now: datetime
) -> RecordCheck:
    """Check a record over the files of its package."""
    covered, file_findings = check_files(path, record, digests)
    report, time_findings = check_times(path, record, authorities, now)
    has_no_error = report.has_no_error and not file_findings
    record_report = replace(
        report,
        covered=covered if has_no_error else frozenset(),
        has_no_error=has_no_error,
        is_proved=report.is_proved and has_no_error,
        reason=report.reason or (file_findings[0].message if file_findings else None),
    )
    return record_report, (*file_findings, *time_findings)


def members_of(record: EvidenceRecord, number: int, digests: Digests) -> Mapping[str, bytes]:
    """Return each file's entry in the first list of a chain: its digest, combined with earlier chains."""
    chain = record.chains[number]
    name = chain[0].digest_name
    file_digests = digests(name)
    if number == 0:
        return file_digests
    earlier_chains = digest_of(name, format_chains(record.chains[:number]))
    return {path: digest_of(name, digest + earlier_chains) for path, digest in file_digests.items()}


def check_files(
    path: str, record: EvidenceRecord, digests: Digests
) -> tuple[frozenset[str], tuple[Finding, ...]]:
    """Check rule 1; return the covered files, and findings for missing and uncovered files."""
    found: list[frozenset[str]] = []
    findings: list[Finding] = []
    for number, chain in enumerate(record.chains):
        members = members_of(record, number, digests)
        listed = Counter(chain[0].tree[0] if chain[0].tree else ())
        present = Counter(members.values())
        missing = sum((listed - present).values())
        found.append(frozenset(name for name, member in members.items() if member in listed))
        if missing or not listed:
            message = (
                f"{path}: {missing} of the {listed.total()} files that it covers have changed or are missing"
            )
            findings.append(finding_kinds.RECORD_FILE_DIFFERS.at(message, path))
    if any(one != found[0] for one in found):
        message = f"{path}: its chains cover different files"
        findings.append(finding_kinds.RECORD_BROKEN.at(message, path))
    everything = digests(record.chains[0][0].digest_name)
    uncovered = sorted(name for name in everything if name.startswith("data/") and name not in found[0])
    findings += [
        finding_kinds.RECORD_FILE_NOT_COVERED.at(f"{path} does not cover the present {name}", name)
        for name in uncovered[:MAX_NAMED]
    ]
    return found[0], tuple(findings)


def check_times(
    path: str, record: EvidenceRecord, authorities: Authorities | None, now: datetime
) -> RecordCheck:
    """Check rules 2 to 4, without the files."""
    findings = [*_check_steps(path, record.chains)]
    reports: list[TimestampReport] = []
    for chain in record.chains:
        for previous, one in zip((None, *chain), chain, strict=False):
            stamped = _stamped_bytes(previous, one)
            token_report, token_findings = check_token(path, one.token, stamped, authorities, now)
            reports.append(token_report)
            findings += [_record_finding(finding, path) for finding in token_findings]
    findings += _check_order(path, reports)
    findings += _check_age(path, reports[-1], now) if not findings else []
    is_proved = all(token_report.proved_at is not None for token_report in reports)
    is_proved = is_proved and {finding.code for finding in findings} <= {
        finding_kinds.RECORD_RENEWAL_DUE.code
    }
    report = RecordReport(
        path,
        reports[0].at,
        reports[-1].at,
        len(reports),
        reports[0].authority,
        reports[-1].authority,
        reports[-1].certificates_end_at,
        record.chains[-1][0].digest_name,
        has_no_error=not has_errors(findings),
        is_proved=is_proved,
        reason=findings[0].message if findings and not is_proved else None,
    )
    return report, tuple(findings)


def _stamped_bytes(previous: ArchiveTimestamp | None, one: ArchiveTimestamp) -> bytes:
    """Return the bytes that a timestamp must cover."""
    if one.tree:
        return root_input(one.tree, one.digest_name)
    return previous.token.raw if previous is not None else b""


def _check_steps(path: str, chains: tuple[Chain, ...]) -> Iterable[Finding]:
    for chain in chains:
        if any(one.digest_name != chain[0].digest_name for one in chain):
            yield finding_kinds.RECORD_BROKEN.at(
                f"{path}: one of its chains uses several digest algorithms", path
            )
        for previous, one in pairwise(chain):
            expected = digest_of(one.digest_name, previous.token.raw)
            if one.tree and expected not in one.tree[0]:
                message = (
                    f"{path}: the timestamp of {one.token.at.isoformat()} does not renew the previous one"
                )
                yield finding_kinds.RECORD_BROKEN.at(message, path)


def _record_finding(finding: Finding, path: str) -> Finding:
    """Return a finding about one of a record's timestamps as a finding about the record."""
    if finding.severity is Severity.WARNING:
        return finding_kinds.RECORD_UNPROVED.at(finding.message, path, hint=finding.hint)
    return finding_kinds.RECORD_BROKEN.at(finding.message, path)


def _check_order(path: str, reports: list[TimestampReport]) -> Iterable[Finding]:
    for previous, one in pairwise(reports):
        if previous.at is None or one.at is None:
            continue
        if one.at < previous.at:
            message = (
                f"{path}: the renewal of {one.at.isoformat()} is older than the timestamp before it, "
                f"{previous.at.isoformat()}"
            )
            yield finding_kinds.RECORD_BROKEN.at(message, path)
        elif previous.certificates_end_at is not None and one.at > previous.certificates_end_at:
            message = (
                f"{path}: renewed at {one.at.isoformat()}, after the certificates of the previous timestamp "
                f"had expired at {previous.certificates_end_at.isoformat()}"
            )
            yield finding_kinds.RECORD_RENEWED_LATE.at(message, path)


def _check_age(path: str, last: TimestampReport, now: datetime) -> Iterable[Finding]:
    end = last.certificates_end_at
    if end is not None and now > end - RENEW_BEFORE:
        verb = "expired" if now > end else "expire"
        message = f"{path}: the certificates of its last timestamp {verb} at {end.isoformat()}"
        yield finding_kinds.RECORD_RENEWAL_DUE.at(message, path)
