"""Since when signatures are proved to be there: by their own timestamps, and by later attestations' ones.

A timestamp is of a signature's file. What that signature covers was there before it, the signatures of
earlier attestations among it. That holds only as far as the signer is trusted: with a key made for it, a
signature can be made that holds for more than one list, also for one that is written afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from archtool.attestations import finding_kinds as kinds
from archtool.attestations.layout import AttestationFolder, timestamp_path
from archtool.attestations.report import AttestationReport
from archtool.findings import Finding
from archtool.timestamps import finding_kinds as timestamp_kinds
from archtool.timestamps.report import ProvedTime, TimestampReport

if TYPE_CHECKING:
    from archtool.attestations.signatures.signature_check import TrustRules

_NOT_AS_LISTED = frozenset(kind.code for kind in (kinds.CHECKSUM_MISMATCH, kinds.FILE_MISSING))


def check_timestamps(
    folder: AttestationFolder, files: Mapping[str, bytes], rules: TrustRules
) -> tuple[dict[str, TimestampReport], list[Finding]]:
    """Judge the timestamps of one attestation; what was seen comes by the path of the signature."""
    stamps = folder.timestamp_paths
    if not stamps:
        return {}, []
    from archtool.timestamps.timestamp_check import (
        check_timestamp,  # what reads tokens is not needed without one
    )

    reports, findings = {}, []
    for path in stamps:
        signature_path = path.removesuffix(timestamp_path(""))
        stamped = files.get(signature_path)
        if stamped is None:
            message = f"{path}: there is no {signature_path.rpartition('/')[2]} beside it"
            findings.append(timestamp_kinds.STRAY.at(message, path))
            continue
        data = files.get(path, b"")
        report, seen = check_timestamp(path, data, stamped, rules.authorities, rules.at)
        reports[signature_path] = report
        findings.extend(seen)
    return reports, findings


def proved_time(report: TimestampReport | None) -> ProvedTime | None:
    """The time that a timestamp proves, if it does."""
    if report is None or report.proved_at is None:
        return None
    return ProvedTime(report.proved_at, report.path, report.authority or "")


def earliest(*times: ProvedTime | None) -> ProvedTime | None:
    """The first of some times; the more is proved, the better."""
    return min((time for time in times if time is not None), key=lambda time: time.at, default=None)


def passed_on(
    report: AttestationReport,
    covered: Iterable[str],
    findings: Iterable[Finding],
    proved: Mapping[str, ProvedTime],
) -> dict[str, ProvedTime]:
    """What is proved of each file once this attestation was looked at; `proved` is what was before."""
    times = [s.proved for s in report.signatures if s.trusted_by is not None]
    time = earliest(*times)
    if time is None or any(finding.code in _NOT_AS_LISTED for finding in findings):
        return {**proved}
    found = {path: earliest(time, proved.get(path)) or time for path in covered}
    return {**proved, **found}
