"""One signature at a time: whether it holds, and whether somebody vouches for its key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from archtool.attestations import finding_kinds
from archtool.attestations.report import SignatureReport
from archtool.attestations.statements.statement import Statement
from archtool.errors import InputError
from archtool.findings import Finding, Kind
from archtool.openssh.keys import certificate_finding_kinds
from archtool.openssh.keys.certificate_check import Complaint, check_certificate
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.raw_signature import SignatureStatus
from archtool.openssh.sshsig import NAMESPACE, SshSignature
from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.openssh.trust_files.revoked_keys import Revoked, RevokedKeys
from archtool.openssh.trust_files.signer_match import SignerVerdict
from archtool.openssh.trust_files.wildcards import is_pattern
from archtool.timestamps.report import ProvedTime

if TYPE_CHECKING:
    from archtool.timestamps.certificates import Authorities

_OUTCOME_KINDS = {
    SignatureStatus.BROKEN: finding_kinds.SIGNATURE_BROKEN,
    SignatureStatus.WRONG_NAMESPACE: finding_kinds.SIGNATURE_WRONG_NAMESPACE,
    SignatureStatus.WEAK: finding_kinds.SIGNATURE_WEAK,
    SignatureStatus.UNSUPPORTED: finding_kinds.SIGNATURE_UNSUPPORTED,
}
_ANSWER_KINDS = {
    SignerVerdict.UNKNOWN_KEY: finding_kinds.KEY_UNKNOWN,
    SignerVerdict.WRONG_NAMESPACE: finding_kinds.KEY_WRONG_NAMESPACE,
    SignerVerdict.NOT_YET_VALID: finding_kinds.KEY_NOT_YET_VALID,
    SignerVerdict.EXPIRED: finding_kinds.KEY_EXPIRED,
    SignerVerdict.UNKNOWN_AUTHORITY: certificate_finding_kinds.AUTHORITY_UNKNOWN,
    SignerVerdict.NOT_CERTIFIED: certificate_finding_kinds.NOT_CERTIFIED,
    SignerVerdict.CERTIFICATE_NOT_YET_VALID: certificate_finding_kinds.NOT_YET_VALID,
    SignerVerdict.CERTIFICATE_EXPIRED: certificate_finding_kinds.EXPIRED,
}
_REVOKED_KINDS = {
    Revoked.KEY: (finding_kinds.KEY_REVOKED, "the key is revoked"),
    Revoked.CERTIFICATE: (certificate_finding_kinds.REVOKED, "the certificate is revoked"),
    Revoked.AUTHORITY: (
        certificate_finding_kinds.AUTHORITY_REVOKED,
        "the certificate's authority is revoked",
    ),
}


@dataclass(frozen=True, slots=True)
class TrustRules:
    """What the person who asks trusts, and the moment they ask about."""

    allowed: AllowedSigners | None
    revoked: RevokedKeys | None
    at: datetime
    authorities: Authorities | None = None
    """Whose timestamps prove a time."""


Seen = tuple[SignatureReport, tuple[Finding, ...]]


def check_signature(
    path: str,
    data: bytes | None,
    signed: bytes,
    statement: Statement | None,
    rules: TrustRules,
    proved: ProvedTime | None = None,
) -> Seen:
    """Look at one signature of `signed`, the bytes of the checksum list beside it.

    With a `proved` time its key must have been valid then: whether it still is, is of no account. A key
    that was revoked is not believed whatever the time, as OpenSSH has it: who holds it may have made
    anything, and the list of revoked keys does not say since when.
    """
    try:
        if data is None:
            raise InputError(f"{path} could not be read")
        signature = SshSignature.parse(data, path)
    except InputError as error:
        report = SignatureReport(path, None, None, is_good=False, reason=error.message)
        return report, (finding_kinds.SIGNATURE_UNREADABLE.at(error.message, path, hint=error.hint),)
    key, outcome = signature.public_key, signature.verify(signed)
    report = SignatureReport(
        path,
        key.key_type,
        key.fingerprint,
        outcome.is_good,
        reason=outcome.reason or None,
        certificate=key.certificate,
    )
    if not outcome.is_good:
        message = f"{path}: {outcome.reason} (key {key.fingerprint})"
        return report, (_OUTCOME_KINDS[outcome.outcome].at(message, path),)
    report = replace(report, proved=proved)
    doubt = _find_doubt(signature, rules.revoked)
    if doubt is not None:  # a certificate that was changed or made up leaves nothing of the signature
        return _not_trusted(replace(report, is_good=doubt[0] is not certificate_finding_kinds.BROKEN), *doubt)
    judged_at = rules.at if proved is None else proved.at
    return _ask_for_trust(report, key, statement, replace(rules, at=judged_at))


def _find_doubt(signature: SshSignature, revoked: RevokedKeys | None) -> Complaint | None:
    """What speaks against a good signature, whoever is trusted: the gravest reason there is."""
    key = signature.public_key
    complaint = check_certificate(signature, key.certificate) if key.certificate is not None else None
    if complaint is not None and complaint[0] is certificate_finding_kinds.BROKEN:
        return complaint
    revocation = revoked.find(key) if revoked is not None else None
    if revocation is not None:
        kind, words = _REVOKED_KINDS[revocation.what]
        return kind, f"{words} ({revocation.place})"
    return complaint


def _ask_for_trust(
    report: SignatureReport, key: PublicKey, statement: Statement | None, rules: TrustRules
) -> Seen:
    if rules.allowed is None:
        return report, ()
    match = rules.allowed.find(key, NAMESPACE, rules.at)
    report = replace(report, principals=match.principals)
    if not match.is_trusted:
        return _not_trusted(report, _ANSWER_KINDS[match.answer], match.reason)
    trusted = replace(report, trusted_by=f"{rules.allowed.where}:{match.line}")
    claimants = statement.claimants if statement is not None else ()
    claimed = [c.principal for c in claimants if c.fingerprint == key.fingerprint]
    listed = [p for p in match.principals if not is_pattern(p)]
    # asked one by one: a line may list a name and negate it
    named = {p for p in (*claimed, *listed) if rules.allowed.find(key, NAMESPACE, rules.at, p).is_trusted}
    strange = [p for p in claimed if p not in named]
    names = [p for p in claimed if p in named] or [p for p in listed if p in named]
    seen = tuple(_principal_differs(trusted, principal) for principal in strange)
    return replace(trusted, names=tuple(dict.fromkeys(names))), seen


def _not_trusted(report: SignatureReport, kind: Kind, reason: str) -> Seen:
    finding = kind.at(f"{report.path}: {reason}: {report.fingerprint}", report.path)
    return replace(report, reason=reason), (finding,)


def _principal_differs(report: SignatureReport, claimed: str) -> Finding:
    return finding_kinds.PRINCIPAL_DIFFERS.at(
        f"{report.path}: the statement says that the key is {claimed}'s, "
        f"{report.trusted_by} that it is {', '.join(report.principals)}'s",
        report.path,
    )
