"""Checks one signature: whether it verifies, and whether its key is trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from archtool.attestations import finding_kinds
from archtool.attestations.report import SignatureReport
from archtool.attestations.statements.statement import Statement
from archtool.errors import InputError
from archtool.findings import Finding, Kind
from archtool.openssh import finding_kinds as openssh_kinds
from archtool.openssh.keys.certificate_check import Objection, check_certificate
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.raw_signature import SignatureStatus
from archtool.openssh.sshsig import NAMESPACE, SshSignature
from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.openssh.trust_files.revoked_keys import RevokedItem, RevokedKeys
from archtool.openssh.trust_files.signer_match import SignerVerdict
from archtool.openssh.trust_files.wildcards import is_pattern
from archtool.timestamps.report import ProvedTime

if TYPE_CHECKING:
    from archtool.timestamps.certificates import Authorities  # lazy: only timestamped packages need it

_STATUS_KINDS = {
    SignatureStatus.BROKEN: finding_kinds.SIGNATURE_BROKEN,
    SignatureStatus.WRONG_NAMESPACE: finding_kinds.SIGNATURE_WRONG_NAMESPACE,
    SignatureStatus.WEAK: finding_kinds.SIGNATURE_WEAK,
    SignatureStatus.UNSUPPORTED: finding_kinds.SIGNATURE_UNSUPPORTED,
}
_VERDICT_KINDS = {
    SignerVerdict.UNKNOWN_KEY: finding_kinds.KEY_UNKNOWN,
    SignerVerdict.WRONG_NAMESPACE: finding_kinds.KEY_WRONG_NAMESPACE,
    SignerVerdict.NOT_YET_VALID: finding_kinds.KEY_NOT_YET_VALID,
    SignerVerdict.EXPIRED: finding_kinds.KEY_EXPIRED,
    SignerVerdict.UNKNOWN_AUTHORITY: openssh_kinds.AUTHORITY_UNKNOWN,
    SignerVerdict.NOT_CERTIFIED: openssh_kinds.NOT_CERTIFIED,
    SignerVerdict.CERTIFICATE_NOT_YET_VALID: openssh_kinds.NOT_YET_VALID,
    SignerVerdict.CERTIFICATE_EXPIRED: openssh_kinds.EXPIRED,
}
_REVOKED_KINDS = {
    RevokedItem.KEY: (finding_kinds.KEY_REVOKED, "the key is revoked"),
    RevokedItem.CERTIFICATE: (openssh_kinds.REVOKED, "the certificate is revoked"),
    RevokedItem.AUTHORITY: (
        openssh_kinds.AUTHORITY_REVOKED,
        "the certificate's authority is revoked",
    ),
}


@dataclass(frozen=True, slots=True)
class TrustRules:
    """The trust lists that the caller relies on, and the time at which keys are judged."""

    allowed: AllowedSigners | None
    revoked: RevokedKeys | None
    at: datetime
    authorities: Authorities | None = None
    """The timestamp authorities whose timestamps prove a time."""


SignatureCheck = tuple[SignatureReport, tuple[Finding, ...]]


def check_signature(
    path: str,
    data: bytes | None,
    signed: bytes,
    statement: Statement | None,
    rules: TrustRules,
    proved_time: ProvedTime | None = None,
) -> SignatureCheck:
    """Check one signature over `signed`, the bytes of the attestation's checksum list.

    With a `proved_time`, the key must have been valid at that time and need not be valid now. A revoked key
    is not trusted at any time, as in OpenSSH: the person who stole it can have signed anything, and the list
    of revoked keys has no dates.
    """
    try:
        if data is None:
            raise InputError(f"{path} could not be read")
        signature = SshSignature.parse(data, path)
    except InputError as error:
        report = SignatureReport(path, None, None, is_good=False, reason=error.message)
        return report, (finding_kinds.SIGNATURE_UNREADABLE.at(error.message, path, hint=error.hint),)
    key, verification = signature.public_key, signature.verify(signed)
    report = SignatureReport(
        path,
        key.key_type,
        key.fingerprint,
        verification.is_good,
        reason=verification.reason or None,
        certificate=key.certificate,
    )
    if not verification.is_good:
        message = f"{path}: {verification.reason} (key {key.fingerprint})"
        return report, (_STATUS_KINDS[verification.status].at(message, path),)
    report = replace(report, proved_time=proved_time)
    objection = _find_objection(signature, rules.revoked)
    if objection is not None:  # a changed or forged certificate also breaks the signature
        return _not_trusted(replace(report, is_good=objection[0] is not openssh_kinds.BROKEN), *objection)
    judged_at = rules.at if proved_time is None else proved_time.at
    return _check_trust(report, key, statement, replace(rules, at=judged_at))


def _find_objection(signature: SshSignature, revoked: RevokedKeys | None) -> Objection | None:
    """Return the most serious reason against a good signature that is independent of the trusted signers."""
    key = signature.public_key
    objection = check_certificate(signature, key.certificate) if key.certificate is not None else None
    if objection is not None and objection[0] is openssh_kinds.BROKEN:
        return objection
    revocation = revoked.find(key) if revoked is not None else None
    if revocation is not None:
        kind, words = _REVOKED_KINDS[revocation.item]
        return kind, f"{words} ({revocation.place})"
    return objection


def _check_trust(
    report: SignatureReport, key: PublicKey, statement: Statement | None, rules: TrustRules
) -> SignatureCheck:
    if rules.allowed is None:
        return report, ()
    match = rules.allowed.find(key, NAMESPACE, rules.at)
    report = replace(report, principals=match.principals)
    if not match.is_trusted:
        return _not_trusted(report, _VERDICT_KINDS[match.verdict], match.reason)
    trusted = replace(report, trusted_by=f"{rules.allowed.where}:{match.line}")
    claimants = statement.claimants if statement is not None else ()
    claimed = [c.principal for c in claimants if c.fingerprint == key.fingerprint]
    listed = [p for p in match.principals if not is_pattern(p)]
    # each name is checked by itself: a line can list a name and negate it
    named = {p for p in (*claimed, *listed) if rules.allowed.find(key, NAMESPACE, rules.at, p).is_trusted}
    unconfirmed = [p for p in claimed if p not in named]
    names = [p for p in claimed if p in named] or [p for p in listed if p in named]
    findings = tuple(_principal_differs(trusted, principal) for principal in unconfirmed)
    return replace(trusted, names=tuple(dict.fromkeys(names))), findings


def _not_trusted(report: SignatureReport, kind: Kind, reason: str) -> SignatureCheck:
    finding = kind.at(f"{report.path}: {reason}: {report.fingerprint}", report.path)
    return replace(report, reason=reason), (finding,)


def _principal_differs(report: SignatureReport, claimed: str) -> Finding:
    return finding_kinds.PRINCIPAL_DIFFERS.at(
        f"{report.path}: the statement names {claimed} as the owner of the key, "
        f"but {report.trusted_by} names {', '.join(report.principals)}",
        report.path,
    )
