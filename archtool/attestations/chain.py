"""The chain of attestations: from the files of a package to the answer whether it is trusted.

Pure: files come in as bytes and digests, a report goes out. The rules:

1. Folders are `NNNN-event`, from 0001 without gap or repetition; nothing else lies below `attestations/`.
2. Each statement can be read, speaks of the payload manifests that are there, and links to every earlier
   attestation by the digest of its checksum list.
3. Each checksum list names its own statement; every file it names is there and unchanged.
4. Each signature holds for the list beside it, and everybody whom the statement names as a signer has
   signed. Whose key made a signature is decided by lists from outside.
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

What this cannot see by itself: that the newest attestations were cut off, all files of them. Who kept the
chain's head elsewhere (`head`) hands it in as `expected`, and then:

7. The expected attestation is there, with the digest that was written down.

Attestations may also lie beside the package, in a sidecar. They are looked at as if they were inside:

8. What is in both places is the same in both; where the two continue the chain in different ways they have
   grown apart, and the chain is broken.
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
from archtool.attestations.signatures.signature_time import check_timestamps, earliest, passed_on, proved_time
from archtool.attestations.statements.statement import Statement
from archtool.files.hashing.digests import Digest
from archtool.findings import Finding, FindingBound
from archtool.openssh.keys.public_key import is_known_type
from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.openssh.trust_files.revoked_keys import RevokedKeys
from archtool.timestamps.report import ProvedTime

if TYPE_CHECKING:
    from archtool.timestamps.certificates import Authorities


def verify_chain(
    evidence: ChainInput,
    *,
    allowed: AllowedSigners | None,
    revoked: RevokedKeys | None,
    at: datetime,
    expected: ChainHead | None = None,
    authorities: Authorities | None = None,
) -> TrustReport:
    """Look at everything below `attestations/`, and beside the package, and say whether it is trusted.

    `at` is an aware time: the moment that keys must be valid at, where no timestamp of an authority that is
    given, nor an evidence record, proves an earlier one. `expected` is an attestation
    that somebody outside knows of. Without `allowed` nobody is trusted and the verdict is `not-asked`, but
    each signature is still checked.
    """
    digests = evidence.digests()
    rules = TrustRules(allowed, revoked, at, authorities)
    folders, strangers = read_layout(digests)
    findings = [
        *_check_layout(folders, strangers),
        *find_other_signatures(
            {*digests, *evidence.tag_digests},
            {**evidence.beside, **evidence.foreign},
            evidence.beside.keys() - evidence.tag_digests.keys(),
        ),
    ]
    findings += check_sidecar(evidence.files, evidence.beside)
    looks = _check_attestations(folders, evidence, digests, rules)
    reports = [look.report for look in looks]
    coverage = [look.covered for look in looks]
    findings.extend(finding for look in looks for finding in look.findings)
    findings.extend(uncovered_files(folders, reports, coverage, digests, strangers))
    findings.extend(_check_expected(expected, folders, digests))
    verdict = trust_verdict(reports, coverage, digests, findings, allowed)
    findings.extend(verdict_findings(verdict, reports, allowed))
    return TrustReport(verdict, tuple(reports), tuple(findings))


def _check_layout(folders: Sequence[AttestationFolder], strangers: Sequence[str]) -> Iterator[Finding]:
    for path in strangers:
        yield finding_kinds.UNEXPECTED_FILE.at(f"not part of any attestation: {path}", path)
    if folders and folders[0].number != 1:
        yield _misnumbered(f"the first attestation is {folders[0].name}, not 0001", folders[0])
    for before, after in pairwise(folders):
        if after.number == before.number:
            yield _misnumbered(f"two attestations have the number {after.number:04}", after)
        elif after.number != before.number + 1:
            yield _misnumbered(f"{after.name} follows on {before.name}: attestations are missing", after)


def _misnumbered(message: str, folder: AttestationFolder) -> Finding:
    return finding_kinds.NUMBERING.at(message, folder.path)


@dataclass(frozen=True, slots=True)
class _Look:
    """What was seen of one attestation."""

    report: AttestationReport
    covered: frozenset[str]
    findings: tuple[Finding, ...]


def _check_attestations(
    folders: Sequence[AttestationFolder],
    evidence: ChainInput,
    digests: Mapping[str, Digest],
    rules: TrustRules,
) -> list[_Look]:
    """All of them, the newest first: what it proves to have been there counts for the earlier ones."""
    attested, proved, bound = evidence.attested(), evidence.proved, FindingBound()
    names = [folder.name for folder in folders]
    places = {name: place for place, name in enumerate(names)}
    lists = {folder.name: digests.get(folder.list_path) for folder in folders}
    looks: list[_Look] = []
    for place in range(len(folders) - 1, -1, -1):
        folder = folders[place]
        earlier = EarlierAttestations(names, place, places, lists)
        look = _check_attestation(folder, attested, digests, earlier, rules, proved)
        proved = passed_on(look.report, look.covered, look.findings, proved)
        report = replace(look.report, is_beside=folder.paths.isdisjoint(evidence.files))
        looks.append(_Look(report, look.covered, tuple(bound.kept(look.findings))))
    if looks:
        looks[-1] = replace(looks[-1], findings=(*looks[-1].findings, *bound.others()))
    return looks[::-1]


def _check_attestation(
    folder: AttestationFolder,
    attested: Mapping[str, bytes],
    digests: Mapping[str, Digest],
    earlier: EarlierAttestations,
    rules: TrustRules,
    proved: Mapping[str, ProvedTime],
) -> _Look:
    statement, found = read_statement(folder, attested.get(folder.statement_path))
    sums = attested.get(folder.list_path)
    listed = check_list(folder, sums, digests)
    findings = [*found, *listed.findings]
    if statement is not None:
        findings += [*check_subjects(folder, statement, digests), *check_links(folder, statement, earlier)]
    timestamps, about_time = check_timestamps(folder, attested, rules)
    findings.extend(about_time)
    signatures = []
    for path in folder.signature_paths:
        time = earliest(proved_time(timestamps.get(path)), proved.get(path))
        signature, seen = check_signature(path, attested.get(path), sums or b"", statement, rules, time)
        signatures.append(replace(signature, timestamp=timestamps.get(path)))
        findings.extend(seen)
    findings += _unsigned_claims(folder, statement, signatures)
    if not signatures:
        findings.append(
            finding_kinds.NOT_SIGNED.at(f"nobody has signed attestation {folder.name}", folder.path)
        )
    head = ChainHead.of(folder.name, sums) if sums is not None else None
    report = AttestationReport(folder.number, folder.event, folder.path, statement, tuple(signatures), head)
    return _Look(report, listed.covered, tuple(findings))


def _unsigned_claims(
    folder: AttestationFolder, statement: Statement | None, signatures: Sequence[SignatureReport]
) -> Iterator[Finding]:
    """Who is said to sign, and has not; where nobody has, or not all can be read, that is another finding.

    A key of a type that is not known here may have signed in a form that is not understood here either.
    """
    there = {signature.fingerprint for signature in signatures}
    if statement is None or not signatures or None in there:
        return
    for claimant in statement.claimants:
        if is_known_type(claimant.key_type) and claimant.fingerprint not in there:
            message = f"{claimant.principal} is named as a signer of {folder.name}, and has not signed it"
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
        message = (
            f"{expected.attestation} is known to have been there, and is not; the chain ends with {last}"
        )
        yield finding_kinds.HEAD_MISSING.at(message, ROOT)
    elif not expected.is_of(digest):
        difference = f"expected sha512:{expected.hex[:8]}…, found {digest.short}"
        yield finding_kinds.HEAD_MISSING.at(
            f"{found.name} is another one than was known: {difference}", found.path
        )
