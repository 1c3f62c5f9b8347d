"""What a chain of attestations comes to: which files nobody stands for, and whether the package is trusted.

The rules 5 and 6 of `chain`, where they are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from archtool.attestations import finding_kinds
from archtool.attestations.layout import ROOT, AttestationFolder, record_number
from archtool.attestations.report import AttestationReport, TrustVerdict
from archtool.files.hashing.digests import Digest
from archtool.findings import Finding, Kind
from archtool.openssh.keys import certificate_finding_kinds
from archtool.openssh.trust_files.allowed_signers import AllowedSigners

BREAKING = (
    finding_kinds.NUMBERING,
    finding_kinds.CHECKSUM_MISMATCH,
    finding_kinds.FILE_MISSING,
    finding_kinds.LIST_INVALID,
    finding_kinds.STATEMENT_INVALID,
    finding_kinds.SUBJECT_DIFFERS,
    finding_kinds.LINK_DIFFERS,
    finding_kinds.SIGNATURE_MISSING,
    finding_kinds.HEAD_MISSING,
    finding_kinds.GROWN_APART,
    finding_kinds.SIGNATURE_BROKEN,
    finding_kinds.SIGNATURE_UNREADABLE,
    finding_kinds.SIGNATURE_WRONG_NAMESPACE,
    finding_kinds.SIGNATURE_WEAK,
    certificate_finding_kinds.BROKEN,
)
"""What makes the verdict `broken`."""
_BREAKING_CODES = frozenset(kind.code for kind in BREAKING)


def uncovered_files(
    folders: Sequence[AttestationFolder],
    reports: Sequence[AttestationReport],
    coverage: Sequence[frozenset[str]],
    digests: Mapping[str, Digest],
    strangers: Sequence[str],
) -> Iterator[Finding]:
    """A finding for each tag file of a signed package that no good signature stands for.

    Not for `strangers`, which are files below `attestations/` that belong to none of them.
    """
    if not any(report.is_signed for report in reports):
        return
    covered = _union(coverage, [report.is_signed for report in reports])
    excused = folders[-1].own_uncoverable.union(strangers)
    for path in sorted(digests.keys() - covered - excused):
        if record_number(path) is not None:
            continue
        yield finding_kinds.UNCOVERED_TAG_FILE.at(f"no good signature stands for this tag file: {path}", path)


def _union(coverage: Sequence[frozenset[str]], counts: Sequence[bool]) -> frozenset[str]:
    return frozenset().union(
        *(paths for paths, is_counted in zip(coverage, counts, strict=True) if is_counted)
    )


def trust_verdict(
    reports: Sequence[AttestationReport],
    coverage: Sequence[frozenset[str]],
    digests: Mapping[str, Digest],
    findings: Sequence[Finding],
    allowed: AllowedSigners | None,
) -> TrustVerdict:
    """Whether the package is trusted; `findings` are all that were come by on the way."""
    if any(finding.code in _BREAKING_CODES for finding in findings):
        return TrustVerdict.BROKEN
    if allowed is None:
        return TrustVerdict.NOT_ASKED
    if not any(report.signatures for report in reports):
        return TrustVerdict.UNSIGNED
    trusted = _union(coverage, [report.is_trusted for report in reports])
    outside = {path for path in digests if not path.startswith(ROOT) and record_number(path) is None}
    is_trusted = any(report.is_trusted for report in reports) and outside <= trusted
    return TrustVerdict.TRUSTED if is_trusted else TrustVerdict.UNTRUSTED


def verdict_findings(
    verdict: TrustVerdict, reports: Sequence[AttestationReport], allowed: AllowedSigners | None
) -> Iterator[Finding]:
    """The verdict as findings, where trust was asked for and is not there, or not everywhere."""
    answers: dict[TrustVerdict, tuple[Kind, str]] = {
        TrustVerdict.UNSIGNED: (
            finding_kinds.UNSIGNED,
            "trust was asked for, and the package has no signature",
        ),
        TrustVerdict.UNTRUSTED: (
            finding_kinds.NOT_TRUSTED,
            "no signature that {where} vouches for covers the package",
        ),
    }
    if verdict in answers:
        kind, message = answers[verdict]
        yield kind.at(message.format(where=allowed.where if allowed is not None else "anybody"))
    if verdict is TrustVerdict.TRUSTED:
        for report in reports:
            if not report.is_trusted:
                message = f"nobody trusted has signed attestation {report.path.removeprefix(ROOT)}"
                yield finding_kinds.ATTESTATION_UNTRUSTED.at(message, report.path)
