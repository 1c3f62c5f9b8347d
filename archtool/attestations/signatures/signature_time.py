"""Determines when signatures are proved to have existed, from their own and from later timestamps.

A timestamp covers the file of a signature. All files that the signature covers existed before it, including
the signatures of earlier attestations. This is true only for a trusted signer: with a specially made key, one
signature can verify over several lists, including a list that is written afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from archtool.attestations import finding_kinds as kinds
from archtool.attestations.layout import AttestationFolder, timestamp_path
from archtool.attestations.report import AttestationReport
from archtool.attestations.signatures.signature_check import TrustRules
from archtool.findings import Finding
from archtool.timestamps import finding_kinds as timestamp_kinds
from archtool.timestamps.report import ProvedTime, TimestampReport

_NOT_AS_LISTED = frozenset(kind.code for kind in (kinds.CHECKSUM_MISMATCH, kinds.FILE_MISSING))


def check_timestamps(
    folder: AttestationFolder, files: Mapping[str, bytes], rules: TrustRules
) -> tuple[dict[str, TimestampReport], list[Finding]]:
    """Check the timestamps of one attestation; return their reports by the path of the signature."""
    stamps = folder.timestamp_paths
    if not stamps:
        return {}, []
    from archtool.timestamps.timestamp_check import check_timestamp  # lazy: only timestamped packages need it

    reports, findings = {}, []
    for path in stamps:
        signature_path = path.removesuffix(timestamp_path(""))
        stamped = files.get(signature_path)
        if stamped is None:
            message = f"{path}: the timestamped signature {signature_path.rpartition('/')[2]} is missing"
            findings.append(timestamp_kinds.STRAY.at(message, path))
            continue
        data = files.get(path, b"")
        report, timestamp_findings = check_timestamp(path, data, stamped, rules.authorities, rules.at)
        reports[signature_path] = report
        findings.extend(timestamp_findings)
    return reports, findings


def proved_time(report: TimestampReport | None) -> ProvedTime | None:
    """Return the time that a timestamp proves; `None` if it proves none."""
    if report is None or report.proved_at is None:
        return None
    return ProvedTime(report.proved_at, report.path, report.authority or "")


def earliest(*times: ProvedTime | None) -> ProvedTime | None:
    """Return the earliest of the given times, which proves the most; `None` without any."""
    return min((time for time in times if time is not None), key=lambda time: time.at, default=None)


def extend_proved_times(
    report: AttestationReport,
    covered: Iterable[str],
    findings: Iterable[Finding],
    proved: Mapping[str, ProvedTime],
) -> dict[str, ProvedTime]:
    """Return the proved time of each file, after adding what one checked attestation proves to `proved`."""
    times = [s.proved_time for s in report.signatures if s.trusted_by is not None]
    time = earliest(*times)
    if time is None or any(finding.code in _NOT_AS_LISTED for finding in findings):
        return {**proved}
    found = {path: earliest(time, proved.get(path)) or time for path in covered}
    return {**proved, **found}
