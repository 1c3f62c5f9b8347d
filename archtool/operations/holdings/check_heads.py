"""Compares a register with heads: those that were kept elsewhere, and those that are signed and stored in it.

A chain proves that nothing before its end was changed, as long as its end is the right one. Who can write the
file can cut off its end, put an older copy in its place, or compute a whole chain anew. A head that was kept
elsewhere, or one with a signature by a key that this person does not have, contradicts that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archtool.attestations.report import SignatureReport, TrustVerdict
from archtool.attestations.signatures.signature_check import TrustRules, check_signature
from archtool.attestations.signatures.signature_time import proved_time
from archtool.errors import InputError
from archtool.findings import Finding, has_errors
from archtool.holdings import finding_kinds as kinds
from archtool.holdings.chain import RegisterHead, read_head
from archtool.holdings.heads.head_signatures import HeadSignature, read_head_signatures
from archtool.holdings.heads.head_statement import HeadStatement
from archtool.holdings.queries import read_register_id
from archtool.operations.holdings.known_heads import KnownHead, KnownSignature
from archtool.timestamps.report import TimestampReport

_BREAKING = frozenset(
    kind.code
    for kind in (
        kinds.EVENTS_CUT_OFF, kinds.HEAD_DIFFERS, kinds.HEAD_INVALID, kinds.HEAD_SIGNATURE_BROKEN,
        kinds.OTHER_REGISTER,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckedSignature:
    """One signature over a head, and whether the chain agrees with that head."""

    number: int
    report: SignatureReport
    timestamp: TimestampReport | None
    agrees: bool

    @property
    def is_trusted(self) -> bool:
        """Whether a trusted key vouches for the chain up to this event."""
        return self.agrees and self.report.trusted_by is not None

    def facts(self) -> dict[str, Any]:
        """Return the facts for JSON."""
        report, proved = self.report, self.report.proved_time
        return {
            "event": self.number, "path": report.path, "is_good": report.is_good, "key": report.fingerprint,
            "principals": list(report.principals), "trusted_by": report.trusted_by, "reason": report.reason,
            "proved_at": proved.at.isoformat() if proved is not None else None,
            "timestamped_by": proved.authority if proved is not None else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class HeadsReport:
    """The result of comparing a register with heads."""

    verdict: TrustVerdict
    findings: tuple[Finding, ...]
    signatures: tuple[CheckedSignature, ...]
    compared: tuple[KnownHead, ...]
    """The heads from elsewhere with which the chain agrees."""

    @property
    def trusted_up_to(self) -> CheckedSignature | None:
        """The newest head with a trusted signature."""
        return max((s for s in self.signatures if s.is_trusted), key=lambda s: s.number, default=None)


def check_heads(connection: sqlite3.Connection, known: Sequence[KnownHead], rules: TrustRules) -> HeadsReport:
    """Compare the chain with heads from elsewhere and with those stored in the register; check signatures."""
    findings: list[Finding] = []
    signatures: list[CheckedSignature] = []
    compared = []
    register, last = read_register_id(connection), read_head(connection)
    for head in (*known, *_stored(connection, findings)):
        faults = list(_compare(connection, head, register, last))
        findings += faults
        if not faults and head in known:
            compared.append(head)
        for signature in head.signatures:
            checked, signature_findings = _check(head, signature, rules, agrees=not faults)
            signatures.append(checked)
            findings += signature_findings
    verdict = _verdict(findings, signatures, rules)
    if verdict is TrustVerdict.TRUSTED:  # the trusted head vouches for what is signed by keys of former years
        findings = [finding for finding in findings if not finding.code.startswith("trust.")]
    report = HeadsReport(verdict, tuple(findings), tuple(signatures), tuple(compared))
    concluded = _conclude(report, last, rules, has_known=bool(known))
    return replace(report, findings=(*findings, *concluded))


def _stored(connection: sqlite3.Connection, findings: list[Finding]) -> Iterator[KnownHead]:
    for signature in read_head_signatures(connection):
        where = f"stored signature of event {signature.number:,} by {signature.signer}"
        try:
            statement = HeadStatement.parse(
                signature.statement.encode("utf-8", "replace"), f"the text of the {where}"
            )
        except InputError as error:
            findings.append(kinds.HEAD_INVALID.at(error.message))
            continue
        if statement.head.number != signature.number:
            message = f"the {where} is stored with another event than it states: {statement.head.number:,}"
            findings.append(kinds.HEAD_INVALID.at(message))
        yield _known(signature, statement, where)


def _known(signature: HeadSignature, statement: HeadStatement, where: str) -> KnownHead:
    data = signature.signature.encode("utf-8", "replace")
    stored = KnownSignature(where, data, signature.timestamp, signature.key)
    return KnownHead(where, statement.head, statement, (stored,))


def _compare(
    connection: sqlite3.Connection, known: KnownHead, register: str, last: RegisterHead
) -> Iterator[Finding]:
    head = known.head
    if known.statement is not None and known.statement.register != register:
        theirs, ours = known.statement.register, register or "unknown"
        yield kinds.OTHER_REGISTER.at(f"{known.where}: it is a head of register {theirs}; this one is {ours}")
    elif head.number > last.number:
        yield kinds.EVENTS_CUT_OFF.at(
            f"{known.where}: its event {head.number:,} is not in the register, which ends with event "
            f"{last.number:,}: the end of the chain was cut off, or this file is an older copy"
        )
    else:
        found = _digest_at(connection, head.number)
        if found is None or not found.startswith(head.hex):
            seen = "is missing" if found is None else f"has digest sha256:{found}"
            yield kinds.HEAD_DIFFERS.at(
                f"{known.where}: event {head.number:,} {seen}, and had sha256:{head.hex}: "
                "that event, or one before it, was rewritten"
            )


def _digest_at(connection: sqlite3.Connection, number: int) -> str | None:
    row = connection.execute("SELECT lower(hex(digest)) FROM event WHERE number = ?", (number,)).fetchone()
    return row[0] if row is not None else None


def _check(
    head: KnownHead, signature: KnownSignature, rules: TrustRules, *, agrees: bool
) -> tuple[CheckedSignature, Iterable[Finding]]:
    assert head.statement is not None  # noqa: S101 - only heads with a text have signatures
    signed = head.statement.format().encode()
    timestamp, stamp_findings = _check_timestamp(signature, rules)
    report, findings = check_signature(
        signature.path, signature.data, signed, None, rules, proved_time(timestamp)
    )
    if signature.key not in (None, report.fingerprint) and report.is_good:
        report = replace(
            report, is_good=False, trusted_by=None, reason=f"it is stored as one by {signature.key}"
        )
    if not report.is_good:
        message = f"{signature.path}: the signature over the head of event {head.head.number:,} is broken"
        findings = (kinds.HEAD_SIGNATURE_BROKEN.at(f"{message}: {report.reason}"),)
    return CheckedSignature(head.head.number, report, timestamp, agrees), (*findings, *stamp_findings)


def _check_timestamp(
    signature: KnownSignature, rules: TrustRules
) -> tuple[TimestampReport | None, tuple[Finding, ...]]:
    if signature.timestamp is None:
        return None, ()
    from archtool.timestamps.timestamp_check import check_timestamp  # lazy: only timestamped heads need it

    where = f"{signature.path} (timestamp)"
    return check_timestamp(where, signature.timestamp, signature.data, rules.authorities, rules.at)


def _verdict(
    findings: Sequence[Finding], signatures: Sequence[CheckedSignature], rules: TrustRules
) -> TrustVerdict:
    if any(finding.code in _BREAKING for finding in findings):
        return TrustVerdict.BROKEN
    if rules.allowed is None:
        return TrustVerdict.NOT_ASKED
    if not signatures:
        return TrustVerdict.UNSIGNED
    return TrustVerdict.TRUSTED if any(s.is_trusted for s in signatures) else TrustVerdict.UNTRUSTED


def _conclude(
    report: HeadsReport, last: RegisterHead, rules: TrustRules, *, has_known: bool
) -> Iterator[Finding]:
    """Yield what is missing for trust, and what these heads cannot show."""
    where = rules.allowed.where if rules.allowed is not None else ""
    if report.verdict is TrustVerdict.UNSIGNED:
        yield kinds.UNSIGNED.at("no head of the register is signed, so it cannot be trusted")
    elif report.verdict is TrustVerdict.UNTRUSTED:
        yield kinds.NOT_TRUSTED.at(f"no head of the register is signed by a key that {where} trusts")
    newest = report.trusted_up_to
    if newest is not None and newest.number < last.number:
        first = newest.number + 1
        which = f"event {first:,} is" if first == last.number else f"events {first:,} to {last.number:,} are"
        yield kinds.NOT_SIGNED_YET.at(f"{which} after the last head with a trusted signature")
    if not has_known and not has_errors(report.findings):
        yield kinds.NOT_PROVED.at(
            f"whether events after event {last.number:,} were cut off can be seen only by comparing with "
            "a head that was kept elsewhere: --expect-head"
        )
