"""Evidence records, judged: whether files are proved to have been there, over all renewals.

1. The files: their digests are those in the first list of the first timestamp of every chain; from the second
   chain on, each joined with the digest of all chains before it.
2. The steps: each timestamp is of the root that its way leads to, and each but the first of a chain has the
   one before it at the beginning of its way. A chain keeps to one digest.
3. The times: no timestamp is older than the one before it, and when it was made, the certificates of the one
   before it had not ended.
4. The authorities: a root that was given from outside vouches for each timestamp, at its own time.

What holds of 1 and 2 anybody can see; only all four *prove* that the files were there at the first time.

Source: RFC 4998 §4.3, §5.3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from archtool.findings import Finding, Severity, has_errors
from archtool.timestamps.certificates import Authorities
from archtool.timestamps.evidence import evidence_finding_kinds as kinds
from archtool.timestamps.evidence.hash_tree import digest_of, root_of
from archtool.timestamps.evidence.record import ArchiveTimestamp, Chain, EvidenceRecord, format_chains
from archtool.timestamps.report import ProvedTime, TimestampReport
from archtool.timestamps.timestamp_check import judge_token

RENEW_BEFORE = timedelta(days=180)  # the end of the certificates: time enough to look for another authority
MAX_NAMED = 20  # files in findings; more of one sort say nothing new

Digests = Callable[[str], Mapping[str, bytes]]
"""For a digest's name: path in the package → the file's digest."""


@dataclass(frozen=True, slots=True)
class RecordReport:
    """What was seen of one record."""

    path: str
    at: datetime | None = None
    """The time of its first timestamp."""
    renewed_at: datetime | None = None
    """The time of its last one."""
    timestamps: int = 0
    first_authority: str | None = None
    authority: str | None = None
    """Whose the first and the last one are."""
    good_until: datetime | None = None
    """When the certificates of the last one end; only known where somebody vouches for it."""
    digest_name: str | None = None
    """The digest of its last chain."""
    covered: frozenset[str] = frozenset()
    """The files that it was made over, and that are still as they were."""
    holds: bool = False
    """Rules 1 and 2."""
    is_proved: bool = False
    """All four."""
    reason: str | None = None
    """Why it is not."""

    def proved_time(self) -> ProvedTime | None:
        """Since when the files are proved to be there."""
        if not self.is_proved or self.at is None:
            return None
        return ProvedTime(self.at, self.path, self.first_authority or "")


Seen = tuple[RecordReport, tuple[Finding, ...]]


def check_record(
    path: str, record: EvidenceRecord, digests: Digests, authorities: Authorities | None, now: datetime
) -> Seen:
    """Judge a record over the files of its package."""
    covered, about_files = find_files(path, record, digests)
    report, about_times = check_times(path, record, authorities, now)
    holds = report.holds and not about_files
    reason = report.reason or (about_files[0].message if about_files else None)
    told = replace(
        report,
        covered=covered if holds else frozenset(),
        holds=holds,
        is_proved=report.is_proved and holds,
        reason=reason,
    )
    return told, (*about_files, *about_times)


def members_of(record: EvidenceRecord, number: int, digests: Digests) -> Mapping[str, bytes]:
    """What stands for each file in the first list of a chain: its digest, joined with earlier chains'."""
    chain = record.chains[number]
    name = chain[0].digest_name
    of_files = digests(name)
    if number == 0:
        return of_files
    before = digest_of(name, format_chains(record.chains[:number]))
    return {path: digest_of(name, digest + before) for path, digest in of_files.items()}


def find_files(
    path: str, record: EvidenceRecord, digests: Digests
) -> tuple[frozenset[str], tuple[Finding, ...]]:
    """Rule 1: the files that every chain is over; what is missing among them, or too much, is a finding."""
    found: list[frozenset[str]] = []
    findings: list[Finding] = []
    for number, chain in enumerate(record.chains):
        members = members_of(record, number, digests)
        listed = Counter(chain[0].tree[0] if chain[0].tree else ())
        there = Counter(members.values())
        missing = sum((listed - there).values())
        found.append(frozenset(name for name, member in members.items() if member in listed))
        if missing or not listed:
            message = (
                f"{path}: {missing} of the {listed.total()} files that it is over have changed or are gone"
            )
            findings.append(kinds.FILE_DIFFERS.at(message, path))
    if any(one != found[0] for one in found):
        message = f"{path}: its chains were made over different files"
        findings.append(kinds.BROKEN.at(message, path))
    everything = digests(record.chains[0][0].digest_name)
    strange = sorted(name for name in everything if name.startswith("data/") and name not in found[0])
    findings += [
        kinds.FILE_NOT_COVERED.at(f"{path} was not made over {name} as it is", name)
        for name in strange[:MAX_NAMED]
    ]
    return found[0], tuple(findings)


def check_times(path: str, record: EvidenceRecord, authorities: Authorities | None, now: datetime) -> Seen:
    """Rules 2 to 4: the files are not looked at."""
    findings = [*_check_steps(path, record.chains)]
    judged: list[TimestampReport] = []
    for chain in record.chains:
        for before, one in zip((None, *chain), chain, strict=False):
            seen, told = judge_token(path, one.token, _stamped(before, one), authorities, now)
            judged.append(seen)
            findings += [_told(finding, path) for finding in told]
    findings += _check_order(path, judged)
    findings += _check_age(path, judged[-1], now) if not findings else []
    is_proved = all(seen.proved_at is not None for seen in judged)
    is_proved = is_proved and {finding.code for finding in findings} <= {kinds.RENEWAL_DUE.code}
    report = RecordReport(
        path,
        judged[0].at,
        judged[-1].at,
        len(judged),
        judged[0].authority,
        judged[-1].authority,
        judged[-1].certificates_end_at,
        record.chains[-1][0].digest_name,
        holds=not has_errors(findings),
        is_proved=is_proved,
        reason=findings[0].message if findings and not is_proved else None,
    )
    return report, tuple(findings)


def _stamped(before: ArchiveTimestamp | None, one: ArchiveTimestamp) -> bytes:
    """The bytes that a timestamp must be of."""
    if one.tree:
        return root_of(one.tree, one.digest_name)
    return before.token.raw if before is not None else b""


def _check_steps(path: str, chains: tuple[Chain, ...]) -> Iterable[Finding]:
    for chain in chains:
        if any(one.digest_name != chain[0].digest_name for one in chain):
            yield kinds.BROKEN.at(f"{path}: a chain of it does not keep to one digest", path)
        for before, one in pairwise(chain):
            expected = digest_of(one.digest_name, before.token.raw)
            if one.tree and expected not in one.tree[0]:
                message = (
                    f"{path}: the timestamp of {one.token.at.isoformat()} does not renew the one before it"
                )
                yield kinds.BROKEN.at(message, path)


def _told(finding: Finding, path: str) -> Finding:
    """What is wrong with one of a record's timestamps, as a finding about the record."""
    if finding.severity is Severity.WARNING:
        return kinds.UNPROVED.at(finding.message, path, hint=finding.hint)
    return kinds.BROKEN.at(finding.message, path)


def _check_order(path: str, reports: list[TimestampReport]) -> Iterable[Finding]:
    for before, after in pairwise(reports):
        if before.at is None or after.at is None:
            continue
        if after.at < before.at:
            message = f"{path}: a renewal of {after.at.isoformat()} follows on one of {before.at.isoformat()}"
            yield kinds.BROKEN.at(message, path)
        elif before.certificates_end_at is not None and after.at > before.certificates_end_at:
            message = (
                f"{path}: renewed at {after.at.isoformat()}, after the certificates of the timestamp before "
                f"had ended at {before.certificates_end_at.isoformat()}"
            )
            yield kinds.RENEWED_LATE.at(message, path)


def _check_age(path: str, last: TimestampReport, now: datetime) -> Iterable[Finding]:
    end = last.certificates_end_at
    if end is not None and now > end - RENEW_BEFORE:
        word = "have ended" if now > end else "will end"
        message = f"{path}: the certificates of its last timestamp {word} at {end.isoformat()}"
        yield kinds.RENEWAL_DUE.at(message, path)
