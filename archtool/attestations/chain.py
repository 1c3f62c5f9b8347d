"""Verifies a package's chain of attestations and decides whether the package is trusted.

The module reads no disk: it receives bytes and digests and returns a report. The rules:

1. Folders are named `NNNN-event`, from 0001 without gap or repetition; `attestations/` holds nothing else.
2. Each statement can be read, matches the payload manifests of the package, and links to every earlier
   attestation by the digest of its checksum list.
3. Each checksum list names its own statement; every file that it names exists and is unchanged.
4. Each signature verifies over the checksum list of its attestation, and every signer whom the statement
   names has signed. Lists from outside the package decide whose key made a signature.
   A signature that is proved to have existed at some time is judged at that time, otherwise now. The proof is
   its own timestamp, the timestamp of a later attestation whose trusted signature covers it, or an evidence
   record.
5. In a signed package, every tag file is in a list that a good signature covers. The last attestation's own
   list, signatures and timestamps cannot be, and evidence records need not be: they prove themselves.
6. A violation of rules 1 to 4 makes the chain *broken*, except that an unexpected file or a bad timestamp
   is an error that breaks nothing. Otherwise the package is *trusted* if every tag file outside
   `attestations/`, except evidence records, is in a list that a trusted signer has signed; *unsigned* if it
   has no signature; else *untrusted*.

These rules cannot detect that all files of the newest attestations were removed. A caller who has kept the
head of the chain elsewhere (`chain_head`) passes it as `expected`, and then:

7. The expected attestation exists and has the recorded digest.

Attestations can also lie in a sidecar next to the package. They are checked as if they were in the package:

8. An attestation that is in both places is identical in both. If the two continue the chain in different
   ways, they have diverged, and the chain is broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from archtool.attestations import finding_kinds
from archtool.attestations.attestation_check import (
    EarlierAttestations,
    check_links,
    check_list,
    check_subjects,
    read_statement,
)
from archtool.attestations.chain_head import ChainHead
from archtool.attestations.chain_verdict import trust_verdict, uncovered_files, verdict_findings
from archtool.attestations.layout import ROOT, AttestationFolder, read_layout
from archtool.attestations.report import AttestationReport, ChainInput, SignatureReport, TrustReport
from archtool.attestations.sidecar_check import check_sidecar
from archtool.attestations.signatures.other_signatures import find_other_signatures
from archtool.attestations.signatures.signature_check import TrustRules, check_signature
from archtool.attestations.signatures.signature_time import (
    check_timestamps,
    earliest,
    extend_proved_times,
    proved_time,
)
from archtool.attestations.statements.statement import Statement
from archtool.files.hashing.digests import Digest
from archtool.findings import Finding, FindingBound
from archtool.openssh.keys.public_key import is_known_type
from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.openssh.trust_files.revoked_keys import RevokedKeys
from archtool.timestamps.report import ProvedTime

if TYPE_CHECKING:
    from archtool.timestamps.certificates import Authorities  # lazy: only timestamped packages need it


def verify_chain(
    inputs: ChainInput,
    *,
    allowed: AllowedSigners | None,
    revoked: RevokedKeys | None,
    at: datetime,
    expected: ChainHead | None = None,
    authorities: Authorities | None = None,
) -> TrustReport:
    """Check all attestations, in the package and in its sidecar, and return a report with the verdict.

    `at` is an aware time: keys must be valid at it, unless a timestamp of one of the `authorities` or an
    evidence record proves an earlier time. `expected` is an attestation that is known from outside the
    package. Without `allowed` no signer is trusted and the verdict is `not-asked`, but each signature is
    still checked.
    """
    digests = inputs.digests()
    rules = TrustRules(allowed, revoked, at, authorities)
    folders, unexpected = read_layout(digests)
    findings = [
        *_check_layout(folders, unexpected),
        *find_other_signatures(
            {*digests, *inputs.tag_digests},
            {**inputs.sidecar_files, **inputs.other_signatures},
            inputs.sidecar_files.keys() - inputs.tag_digests.keys(),
        ),
    ]
    findings += check_sidecar(inputs.files, inputs.sidecar_files)
    checks = _check_attestations(folders, inputs, digests, rules)
    reports = [check.report for check in checks]
    coverage = [check.covered for check in checks]
    findings.extend(finding for check in checks for finding in check.findings)
    findings.extend(uncovered_files(folders, reports, coverage, digests, unexpected))
    findings.extend(_check_expected(expected, folders, digests))
    verdict = trust_verdict(reports, coverage, digests, findings, allowed)
    findings.extend(verdict_findings(verdict, reports, allowed))
    return TrustReport(verdict, tuple(reports), tuple(findings))


def _check_layout(folders: Sequence[AttestationFolder], unexpected: Sequence[str]) -> Iterator[Finding]:
    for path in unexpected:
        yield finding_kinds.UNEXPECTED_FILE.at(f"not part of any attestation: {path}", path)
    if folders and folders[0].number != 1:
        yield _misnumbered(f"the first attestation is {folders[0].name}; expected number 0001", folders[0])
    for before, after in pairwise(folders):
        if after.number == before.number:
            yield _misnumbered(f"two attestations have the number {after.number:04}", after)
        elif after.number != before.number + 1:
            yield _misnumbered(f"{after.name} comes after {before.name}: attestations are missing", after)


def _misnumbered(message: str, folder: AttestationFolder) -> Finding:
    return finding_kinds.NUMBERING.at(message, folder.path)


@dataclass(frozen=True, slots=True)
class _AttestationCheck:
    """The result of checking one attestation."""

    report: AttestationReport
    covered: frozenset[str]
    findings: tuple[Finding, ...]


def _check_attestations(
    folders: Sequence[AttestationFolder],
    inputs: ChainInput,
    digests: Mapping[str, Digest],
    rules: TrustRules,
) -> list[_AttestationCheck]:
    """Check all attestations, newest first, because a later one can prove times for the earlier ones."""
    attested, proved, bound = inputs.attestation_files(), inputs.proved_times, FindingBound()
    names = [folder.name for folder in folders]
    positions = {name: position for position, name in enumerate(names)}
    lists = {folder.name: digests.get(folder.list_path) for folder in folders}
    checks: list[_AttestationCheck] = []
    for position in range(len(folders) - 1, -1, -1):
        folder = folders[position]
        earlier = EarlierAttestations(names, position, positions, lists)
        check = _check_attestation(folder, attested, digests, earlier, rules, proved)
        proved = extend_proved_times(check.report, check.covered, check.findings, proved)
        report = replace(check.report, is_in_sidecar=folder.paths.isdisjoint(inputs.files))
        checks.append(_AttestationCheck(report, check.covered, tuple(bound.kept(check.findings))))
    if checks:
        checks[-1] = replace(checks[-1], findings=(*checks[-1].findings, *bound.others()))
    return checks[::-1]


def _check_attestation(
    folder: AttestationFolder,
    attested: Mapping[str, bytes],
    digests: Mapping[str, Digest],
    earlier: EarlierAttestations,
    rules: TrustRules,
    proved: Mapping[str, ProvedTime],
) -> _AttestationCheck:
    statement, statement_findings = read_statement(folder, attested.get(folder.statement_path))
    sums = attested.get(folder.list_path)
    list_check = check_list(folder, sums, digests)
    findings = [*statement_findings, *list_check.findings]
    if statement is not None:
        findings += [*check_subjects(folder, statement, digests), *check_links(folder, statement, earlier)]
    timestamps, timestamp_findings = check_timestamps(folder, attested, rules)
    findings.extend(timestamp_findings)
    signatures = []
    for path in folder.signature_paths:
        time = earliest(proved_time(timestamps.get(path)), proved.get(path))
        signature, signature_findings = check_signature(
            path, attested.get(path), sums or b"", statement, rules, time
        )
        signatures.append(replace(signature, timestamp=timestamps.get(path)))
        findings.extend(signature_findings)
    findings += _unsigned_claims(folder, statement, signatures)
    if not signatures:
        findings.append(
            finding_kinds.NOT_SIGNED.at(f"attestation {folder.name} has no signature", folder.path)
        )
    head = ChainHead.of(folder.name, sums) if sums is not None else None
    report = AttestationReport(folder.number, folder.event, folder.path, statement, tuple(signatures), head)
    return _AttestationCheck(report, list_check.covered, tuple(findings))


def _unsigned_claims(
    folder: AttestationFolder, statement: Statement | None, signatures: Sequence[SignatureReport]
) -> Iterator[Finding]:
    """Report each signer whom the statement names and whose signature is missing.

    Nothing is reported if no signature exists or one cannot be read: these have other findings. A key
    of an unknown type is skipped, because its signature can have a form that is unknown too.
    """
    fingerprints = {signature.fingerprint for signature in signatures}
    if statement is None or not signatures or None in fingerprints:
        return
    for claimant in statement.claimants:
        if is_known_type(claimant.key_type) and claimant.fingerprint not in fingerprints:
            message = f"{claimant.principal} is named as a signer of {folder.name} but has not signed it"
            yield finding_kinds.SIGNATURE_MISSING.at(message, folder.path)


def _check_expected(
    expected: ChainHead | None, folders: Sequence[AttestationFolder], digests: Mapping[str, Digest]
) -> Iterator[Finding]:
    if expected is None:
        return
    last = folders[-1].name if folders else "nothing"
    found = next((folder for folder in folders if folder.name == expected.attestation), None)
    digest = digests.get(found.list_path) if found is not None else None
    if found is None or digest is None:
        message = f"the expected attestation {expected.attestation} is missing; the chain ends with {last}"
        yield finding_kinds.HEAD_MISSING.at(message, ROOT)
    elif not expected.matches(digest):
        difference = f"expected sha512:{expected.hex[:8]}…, found {digest.short}"
        yield finding_kinds.HEAD_MISSING.at(
            f"{found.name} differs from the expected attestation: {difference}", found.path
        )
