"""The chain of attestations: from the files of a package to the answer whether it is trusted.

Pure: files come in as bytes and digests, a report goes out. The rules:

1. Folders are `NNNN-event`, from 0001 without gap or repetition; nothing else lies below `attestations/`.
2. Each statement can be read, speaks of the payload manifests that are there, and links to every earlier
   attestation by the digest of its checksum list.
3. Each checksum list names its own statement; every file it names is there and unchanged.
4. Each signature holds for the list beside it. Whose key made it is decided by lists from outside.
   A signature that is proved to have been there at some time is judged at that time, else now: by the
   timestamp beside it, by that of a later attestation whose trusted signature covers it, or by an evidence
   record.
5. In a signed package, every tag file is in a list that a good signature stands for; only the last
   attestation's own list, signatures and timestamps cannot be, and evidence records need not: they prove
   themselves.
6. What does not hold of rules 1 to 4 is *broken*; only a stray file, and a timestamp that is no good, are
   errors and break nothing. Otherwise the package is *trusted* if every tag file outside `attestations/`, but
   for records, is in a list that somebody trusted signed, *unsigned* if nobody signed at all, else
   *untrusted*.

What this cannot see: that the newest attestations were cut off, all files of them. A register or a second
copy shows that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from archtool.findings import Finding, Kind
from archtool.fixity.digests import Digest
from archtool.trust import kinds
from archtool.trust.allowed_signers import AllowedSigners
from archtool.trust.attestation_check import check_links, check_list, check_subjects, read_statement
from archtool.trust.certificates import Authorities
from archtool.trust.layout import ROOT, Folder, read_layout, record_number
from archtool.trust.report import AttestationReport, Evidence, ProvedTime, TrustReport, TrustVerdict
from archtool.trust.revoked_keys import RevokedKeys
from archtool.trust.signature_check import TrustRules, check_signature
from archtool.trust.signature_time import check_timestamps, earliest, passed_on, proved_time

BREAKING = (
    kinds.NUMBERING,
    kinds.CHECKSUM_MISMATCH,
    kinds.FILE_MISSING,
    kinds.LIST_INVALID,
    kinds.STATEMENT_INVALID,
    kinds.SUBJECT_DIFFERS,
    kinds.LINK_DIFFERS,
    kinds.SIGNATURE_BROKEN,
    kinds.SIGNATURE_UNREADABLE,
    kinds.SIGNATURE_WRONG_NAMESPACE,
    kinds.SIGNATURE_WEAK,
)
"""What makes the verdict `broken`."""
_BREAKING_CODES = frozenset(kind.code for kind in BREAKING)
_FOREIGN = {
    ".asc": "gpg --verify {path} {signed}",
    ".p7s": "openssl cms -verify -binary -inform PEM -in {path} -content {signed} -CAfile ROOT.pem",
}


def verify_chain(
    evidence: Evidence,
    *,
    allowed: AllowedSigners | None,
    revoked: RevokedKeys | None,
    at: datetime,
    authorities: Authorities | None = None,
    proved: Mapping[str, ProvedTime] | None = None,
) -> TrustReport:
    """Look at everything below `attestations/` and say whether the package is trusted.

    `at` is an aware time: the moment that keys must be valid at, where no timestamp of an authority that is
    given, nor an evidence record (`proved`: path → time), proves an earlier one. Without `allowed` nobody is
    trusted and the verdict is `not-asked`, but each signature is still checked.
    """
    digests = evidence.digests()
    rules = TrustRules(allowed, revoked, at, authorities)
    folders, strangers = read_layout(digests)
    findings = [*_check_layout(folders, strangers), *_foreign_signatures(digests)]
    looks = _check_attestations(folders, evidence, digests, rules, proved or {})
    reports = [look.report for look in looks]
    coverage = [look.covered for look in looks]
    findings.extend(finding for look in looks for finding in look.findings)
    findings.extend(_uncovered(folders, reports, coverage, digests))
    verdict = _decide(reports, coverage, digests, findings, allowed)
    findings.extend(_answer(verdict, reports, allowed))
    return TrustReport(verdict, tuple(reports), tuple(findings))


def _check_layout(folders: Sequence[Folder], strangers: Sequence[str]) -> Iterator[Finding]:
    for path in strangers:
        yield kinds.UNEXPECTED_FILE.at(f"not part of any attestation: {path}", path)
    if folders and folders[0].number != 1:
        yield _misnumbered(f"the first attestation is {folders[0].name}, not 0001", folders[0])
    for before, after in pairwise(folders):
        if after.number == before.number:
            yield _misnumbered(f"two attestations have the number {after.number:04}", after)
        elif after.number != before.number + 1:
            yield _misnumbered(f"{after.name} follows on {before.name}: attestations are missing", after)


def _misnumbered(message: str, folder: Folder) -> Finding:
    return kinds.NUMBERING.at(message, folder.path)


def _foreign_signatures(digests: Mapping[str, Digest]) -> Iterator[Finding]:
    for path in sorted(digests):
        for suffix, command in _FOREIGN.items():
            if path.endswith(suffix):
                shown = command.format(path=path, signed=path.removesuffix(suffix))
                message = f"present, not checked by archtool: {path}"
                yield kinds.SIGNATURE_FOREIGN.at(message, path, hint=f"check with: {shown}")


@dataclass(frozen=True, slots=True)
class _Look:
    """What was seen of one attestation."""

    report: AttestationReport
    covered: frozenset[str]
    findings: tuple[Finding, ...]


def _check_attestations(
    folders: Sequence[Folder],
    evidence: Evidence,
    digests: Mapping[str, Digest],
    rules: TrustRules,
    proved: Mapping[str, ProvedTime],
) -> list[_Look]:
    """All of them, the newest first: what it proves to have been there counts for the earlier ones."""
    looks: list[_Look] = []
    for count in range(len(folders), 0, -1):
        earlier = {folder.name: digests.get(folder.list_path) for folder in folders[: count - 1]}
        look = _check_attestation(folders[count - 1], evidence, digests, earlier, rules, proved)
        looks.append(look)
        proved = passed_on(look.report, look.covered, look.findings, proved)
    return looks[::-1]


def _check_attestation(
    folder: Folder,
    evidence: Evidence,
    digests: Mapping[str, Digest],
    earlier: Mapping[str, Digest | None],
    rules: TrustRules,
    proved: Mapping[str, ProvedTime],
) -> _Look:
    statement, found = read_statement(folder, evidence.files.get(folder.statement_path))
    sums = evidence.files.get(folder.list_path)
    listed = check_list(folder, sums, digests)
    findings = [*found, *listed.findings]
    if statement is not None:
        findings += [*check_subjects(folder, statement, digests), *check_links(folder, statement, earlier)]
    timestamps, about_time = check_timestamps(folder, evidence.files, rules)
    findings.extend(about_time)
    signatures = []
    for path in folder.signature_paths:
        time = earliest(proved_time(timestamps.get(path)), proved.get(path))
        data = evidence.files.get(path)
        signature, seen = check_signature(path, data, sums or b"", statement, rules, time)
        signatures.append(replace(signature, timestamp=timestamps.get(path)))
        findings.extend(seen)
    if not signatures:
        findings.append(kinds.NOT_SIGNED.at(f"nobody has signed attestation {folder.name}", folder.path))
    report = AttestationReport(folder.number, folder.event, folder.path, statement, tuple(signatures))
    return _Look(report, listed.covered, tuple(findings))


def _uncovered(
    folders: Sequence[Folder],
    reports: Sequence[AttestationReport],
    coverage: Sequence[frozenset[str]],
    digests: Mapping[str, Digest],
) -> Iterator[Finding]:
    if not any(report.is_signed for report in reports):
        return
    covered = _union(coverage, [report.is_signed for report in reports])
    excused = folders[-1].own_uncoverable | set(read_layout(digests)[1])
    for path in sorted(digests.keys() - covered - excused):
        if record_number(path) is not None:
            continue
        yield kinds.UNCOVERED_TAG_FILE.at(f"no good signature stands for this tag file: {path}", path)


def _union(coverage: Sequence[frozenset[str]], counts: Sequence[bool]) -> frozenset[str]:
    return frozenset().union(
        *(paths for paths, is_counted in zip(coverage, counts, strict=True) if is_counted)
    )


def _decide(
    reports: Sequence[AttestationReport],
    coverage: Sequence[frozenset[str]],
    digests: Mapping[str, Digest],
    findings: Sequence[Finding],
    allowed: AllowedSigners | None,
) -> TrustVerdict:
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


def _answer(
    verdict: TrustVerdict, reports: Sequence[AttestationReport], allowed: AllowedSigners | None
) -> Iterator[Finding]:
    answers: dict[TrustVerdict, tuple[Kind, str]] = {
        TrustVerdict.UNSIGNED: (kinds.UNSIGNED, "trust was asked for, and the package has no signature"),
        TrustVerdict.UNTRUSTED: (
            kinds.NOT_TRUSTED,
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
                yield kinds.ATTESTATION_UNTRUSTED.at(message, report.path)
