"""Checks a package's attestations against a policy: required claims, their signers and their age.

A claim counts if enough of the signers who may make it have signed it, with a proved time if the rule
requires one. A rule requires each claim of its event to count and, if the claim is required, one that counts
and is not too old. A policy never makes a signer trusted: only `allowed_signers` states whose key is whose,
and a signature of a signer who is not named there does not count. The module reads no file.

Source: `schemas/policy.schema.json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archtool.attestations import finding_kinds
from archtool.attestations.layout import ROOT
from archtool.attestations.report import AttestationReport, SignatureReport
from archtool.findings import Finding
from archtool.openssh.trust_files.wildcards import matches_pattern

CLOCK_TOLERANCE = timedelta(minutes=10)  # two machines that set their clocks by the network differ by less


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """The requirements for all claims of one event."""

    event: str
    is_required: bool = False
    signers: tuple[str, ...] = ("*",)
    """Patterns of principals who may make the claim."""
    min_signers: int = 1
    """The number of different principals who must have signed each claim."""
    requires_proved_time: bool = False
    max_age_days: int | None = None
    """The greatest age of the newest claim in days; `None` for no limit."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one policy file."""

    where: str
    """The name of the file, for messages."""
    rules: tuple[ClaimRule, ...]
    refuses_others: bool = False
    """Whether a claim whose event has no rule is refused."""


def check_policy(
    policy: Policy, attestations: Sequence[AttestationReport], at: datetime
) -> tuple[Finding, ...]:
    """Report each requirement of the policy that is not met; `at` is the current time, aware."""
    findings: list[Finding] = []
    for rule in policy.rules:
        claims = [attestation for attestation in attestations if attestation.event == rule.event]
        failing = {claim.path: tuple(_check_claim(claim, rule, policy)) for claim in claims}
        findings += [finding for claim_findings in failing.values() for finding in claim_findings]
        counting = [claim for claim in claims if not failing[claim.path]]
        findings += _check_presence(counting, rule, policy, at)
    if policy.refuses_others:
        ruled = {rule.event for rule in policy.rules}
        for claim in attestations:
            if claim.event not in ruled:
                message = f"{policy.where} allows no claim of {claim.event}"
                findings.append(finding_kinds.POLICY_CLAIM_REFUSED.at(message, claim.path))
    return tuple(findings)


def _check_claim(claim: AttestationReport, rule: ClaimRule, policy: Policy) -> Iterator[Finding]:
    """Report why one claim does not count."""
    signed = [
        (principal, signature) for principal, signature in _signers(claim) if _is_allowed(principal, rule)
    ]
    allowed = {principal for principal, _ in signed}
    if not allowed:
        others = sorted({principal for principal, _ in _signers(claim)})
        found = f"signed by {', '.join(others)}" if others else "no trusted signer with a name has signed"
        message = f"{policy.where} requires a signature by {', '.join(rule.signers)}; {found}"
        yield finding_kinds.POLICY_SIGNER_NOT_ALLOWED.at(message, claim.path)
    elif (count := _count_people(signed)) < rule.min_signers:
        message = (
            f"{policy.where} requires {rule.min_signers} signers of each {rule.event}, "
            f"{count} signed: {', '.join(sorted(allowed))}"
        )
        yield finding_kinds.POLICY_TOO_FEW_SIGNERS.at(message, claim.path)
    elif (
        rule.requires_proved_time
        and _count_people([(principal, s) for principal, s in signed if s.proved_time]) < rule.min_signers
    ):
        message = f"{policy.where} requires a proved time for each signature"
        yield finding_kinds.POLICY_TIME_NOT_PROVED.at(message, claim.path)


def _check_presence(
    counting: Sequence[AttestationReport], rule: ClaimRule, policy: Policy, at: datetime
) -> Iterator[Finding]:
    if not counting:
        if rule.is_required:
            message = f"{policy.where} requires a claim of {rule.event}, and none counts"
            yield finding_kinds.POLICY_CLAIM_MISSING.at(message, ROOT)
    elif rule.max_age_days is not None:
        yield from _check_age(counting, rule, policy, at)


def _check_age(
    counting: Sequence[AttestationReport], rule: ClaimRule, policy: Policy, at: datetime
) -> Iterator[Finding]:
    """Check the age of the newest claim that is not dated in the future."""
    future = [claim for claim in counting if _is_of_future(claim, at)]
    for claim in future:
        message = f"the claim is dated {_date_of(claim)}, which is later than now ({at:%Y-%m-%dT%H:%M:%SZ})"
        yield finding_kinds.POLICY_CLAIM_IN_FUTURE.at(message, claim.path)
    past = [claim for claim in counting if claim not in future]
    requirement = f"a claim of {rule.event} that is at most {rule.max_age_days:,} days old"
    if not past:
        message = f"{policy.where} requires {requirement}, and each that counts is dated later than now"
        yield finding_kinds.POLICY_CLAIM_MISSING.at(message, ROOT)
        return
    age = at - max(_time_of(claim, rule, at) for claim in past)
    if age > timedelta(days=rule.max_age_days or 0):
        message = (
            f"the newest claim of {rule.event} that counts is {age.days:,} days old, and {policy.where} "
            f"allows {rule.max_age_days:,}"
        )
        yield finding_kinds.POLICY_CLAIM_TOO_OLD.at(message, past[-1].path)


def _is_of_future(claim: AttestationReport, at: datetime) -> bool:
    """Whether the claim is dated later than now, beyond the difference between two normal clocks.

    Without this check, a claim dated 2099 would count as recent until then.
    """
    return claim.statement is not None and claim.statement.claimed_at > at + CLOCK_TOLERANCE


def _date_of(claim: AttestationReport) -> str:
    return claim.statement.claimed_at.isoformat() if claim.statement is not None else "without a date"


def _time_of(claim: AttestationReport, rule: ClaimRule, at: datetime) -> datetime:
    """Return the claim's own date, limited by its proved times and by now.

    A timestamp can have been added years later: it proves only that the claim was not made after it.
    """
    proved = [
        s.proved_time.at
        for principal, s in _signers(claim)
        if _is_allowed(principal, rule) and s.proved_time is not None
    ]
    claimed = [claim.statement.claimed_at] if claim.statement is not None else []
    return min(*claimed, *proved, at) if claimed or proved else at


def _signers(claim: AttestationReport) -> Iterator[tuple[str, SignatureReport]]:
    """Yield each trusted signer by name, with the signature: one person with two keys is one signer."""
    for signature in claim.signatures:
        for name in signature.names:
            yield name, signature


def _count_people(signed: Sequence[tuple[str, SignatureReport]]) -> int:
    """Return the least number of people who signed: each name counts once, and each key for one of its names.

    This is a maximum matching between keys and names.
    """
    names: dict[str | None, list[str]] = {}
    for principal, signature in signed:
        names.setdefault(signature.fingerprint, []).append(principal)
    keys: dict[str, str | None] = {}

    def find_name(key: str | None, tried: set[str]) -> bool:
        for name in names[key]:
            if name not in tried:
                tried.add(name)
                if name not in keys or find_name(keys[name], tried):
                    keys[name] = key
                    return True
        return False

    return sum(find_name(key, set()) for key in names)


def _is_allowed(principal: str, rule: ClaimRule) -> bool:
    return any(matches_pattern(principal, pattern) for pattern in rule.signers)
