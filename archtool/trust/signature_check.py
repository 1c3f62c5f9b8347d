"""One signature at a time: whether it holds, and whether somebody vouches for its key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from archtool.errors import InputError
from archtool.findings import Finding, Kind
from archtool.trust import kinds
from archtool.trust.allowed_signers import AllowedSigners, Answer
from archtool.trust.certificates import Authorities
from archtool.trust.patterns import is_pattern
from archtool.trust.public_key import PublicKey
from archtool.trust.raw_signature import Outcome
from archtool.trust.report import ProvedTime, SignatureReport
from archtool.trust.revoked_keys import RevokedKeys
from archtool.trust.sshsig import NAMESPACE, SshSignature
from archtool.trust.statement import Statement

_OUTCOME_KINDS = {
    Outcome.BROKEN: kinds.SIGNATURE_BROKEN,
    Outcome.WRONG_NAMESPACE: kinds.SIGNATURE_WRONG_NAMESPACE,
    Outcome.WEAK: kinds.SIGNATURE_WEAK,
    Outcome.UNSUPPORTED: kinds.SIGNATURE_UNSUPPORTED,
}
_ANSWER_KINDS = {
    Answer.UNKNOWN_KEY: kinds.KEY_UNKNOWN,
    Answer.WRONG_NAMESPACE: kinds.KEY_WRONG_NAMESPACE,
    Answer.NOT_YET_VALID: kinds.KEY_NOT_YET_VALID,
    Answer.EXPIRED: kinds.KEY_EXPIRED,
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
        return report, (kinds.SIGNATURE_UNREADABLE.at(error.message, path, hint=error.hint),)
    key = signature.public_key
    outcome = signature.verify(signed)
    report = SignatureReport(
        path, key.key_type, key.fingerprint, outcome.is_good, reason=outcome.reason or None
    )
    if not outcome.is_good:
        message = f"{path}: {outcome.reason} (key {key.fingerprint})"
        return report, (_OUTCOME_KINDS[outcome.outcome].at(message, path),)
    judged_at = rules.at if proved is None else proved.at
    return _ask_for_trust(replace(report, proved=proved), key, statement, replace(rules, at=judged_at))


def _ask_for_trust(
    report: SignatureReport, key: PublicKey, statement: Statement | None, rules: TrustRules
) -> Seen:
    revoked_by = _revoked_by(key, rules.revoked)
    if revoked_by is not None:
        return _not_trusted(report, kinds.KEY_REVOKED, f"the key is revoked ({revoked_by})")
    if rules.allowed is None:
        return report, ()
    match = rules.allowed.find(key, NAMESPACE, rules.at)
    report = replace(report, principals=match.principals)
    if not match.is_trusted:
        return _not_trusted(report, _ANSWER_KINDS[match.answer], match.reason)
    trusted = replace(report, trusted_by=f"{rules.allowed.where}:{match.line}")
    claimants = statement.claimants if statement is not None else ()
    claimed = [c.principal for c in claimants if c.fingerprint == key.fingerprint]
    strange = [p for p in claimed if not rules.allowed.find(key, NAMESPACE, rules.at, p).is_trusted]
    names = [p for p in claimed if p not in strange] or [p for p in match.principals if not is_pattern(p)]
    seen = tuple(_principal_differs(trusted, principal) for principal in strange)
    return replace(trusted, names=tuple(dict.fromkeys(names))), seen


def _revoked_by(key: PublicKey, revoked: RevokedKeys | None) -> str | None:
    line = revoked.line_of(key) if revoked is not None else None
    return f"{revoked.where}:{line}" if revoked is not None and line is not None else None


def _not_trusted(report: SignatureReport, kind: Kind, reason: str) -> Seen:
    finding = kind.at(f"{report.path}: {reason}: {report.fingerprint}", report.path)
    return replace(report, reason=reason), (finding,)


def _principal_differs(report: SignatureReport, claimed: str) -> Finding:
    return kinds.PRINCIPAL_DIFFERS.at(
        f"{report.path}: the statement says that the key is {claimed}'s, "
        f"{report.trusted_by} that it is {', '.join(report.principals)}'s",
        report.path,
    )
