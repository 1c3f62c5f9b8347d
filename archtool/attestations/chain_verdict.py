"""Finds uncovered tag files and derives the trust verdict of a chain: rules 5 and 6 of `chain`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from archtool.attestations import finding_kinds
from archtool.attestations.layout import ROOT, AttestationFolder, record_number
from archtool.attestations.report import AttestationReport, TrustVerdict
from archtool.files.hashing.digests import Digest
from archtool.findings import Finding, Kind
from archtool.openssh import finding_kinds as openssh_kinds
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
    finding_kinds.DIVERGED,
    finding_kinds.SIGNATURE_BROKEN,
    finding_kinds.SIGNATURE_UNREADABLE,
    finding_kinds.SIGNATURE_WRONG_NAMESPACE,
    finding_kinds.SIGNATURE_WEAK,
    openssh_kinds.BROKEN,
)
"""Findings that make the verdict `broken`."""
_BREAKING_CODES = frozenset(kind.code for kind in BREAKING)


def uncovered_files(
    folders: Sequence[AttestationFolder],
    reports: Sequence[AttestationReport],
    coverage: Sequence[frozenset[str]],
    digests: Mapping[str, Digest],
    unexpected: Sequence[str],
) -> Iterator[Finding]:
    """Report each tag file of a signed package that no good signature covers.

    `unexpected` files, which lie below `attestations/` and belong to no attestation, have findings already.
    """
    if not any(report.is_signed for report in reports):
        return
    covered = _union(coverage, [report.is_signed for report in reports])
    excused = folders[-1].uncoverable_paths.union(unexpected)
    for path in sorted(digests.keys() - covered - excused):
        if record_number(path) is not None:
            continue
        yield finding_kinds.UNCOVERED_TAG_FILE.at(f"no good signature covers this tag file: {path}", path)


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
    """Return the verdict; `findings` are all findings about the chain."""
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
    """Report a missing trust: of the whole package, or of single attestations of a trusted package."""
    answers: dict[TrustVerdict, tuple[Kind, str]] = {
        TrustVerdict.UNSIGNED: (
            finding_kinds.UNSIGNED,
            "the package has no signature, so it cannot be trusted",
        ),
        TrustVerdict.UNTRUSTED: (
            finding_kinds.NOT_TRUSTED,
            "no signature by a key that {where} trusts covers the package",
        ),
    }
    if verdict in answers:
        kind, message = answers[verdict]
        yield kind.at(message.format(where=allowed.where if allowed is not None else "a list"))
    if verdict is TrustVerdict.TRUSTED:
        for report in reports:
            if not report.is_trusted:
                message = f"no trusted signer has signed attestation {report.path.removeprefix(ROOT)}"
                yield finding_kinds.ATTESTATION_UNTRUSTED.at(message, report.path)
