"""What somebody demands of a package's attestations besides that they are trusted. Pure: it reads no file.

A claim counts when enough of those who may make it have signed it, with a proved time if that is asked for.
A rule asks for each claim of its event to count, and, if such a claim is required, for one that is there
and no older than it may be. A policy never makes anybody trusted: whose key is whose, only `allowed_signers`
says, and a signature of somebody who is not named there counts for nothing here either.

Source: `schemas/policy.schema.json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archtool.attestations import policy_finding_kinds as kinds
from archtool.attestations.layout import ROOT
from archtool.attestations.report import AttestationReport, SignatureReport
from archtool.findings import Finding
from archtool.openssh.trust_files.wildcards import matches_pattern

CLOCK_TOLERANCE = timedelta(minutes=10)  # two machines that set their clocks by the network differ by less


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """What is asked of all claims of one event."""

    event: str
    is_required: bool = False
    signers: tuple[str, ...] = ("*",)
    """Patterns of principals who may make the claim."""
    at_least: int = 1
    """How many different principals must have signed each."""
    wants_proved_time: bool = False
    most_days: int | None = None
    """How many days ago the newest may be; `None`: any number."""


@dataclass(frozen=True, slots=True)
class Policy:
    """All rules."""

    where: str
    """The name of the file, for messages."""
    rules: tuple[ClaimRule, ...]
    refuses_others: bool = False
    """Whether a claim that no rule speaks of is one too many."""


def check_policy(
    policy: Policy, attestations: Sequence[AttestationReport], at: datetime
) -> tuple[Finding, ...]:
    """A finding for everything that the policy asks for and that is not there; `at` is now, aware."""
    findings: list[Finding] = []
    for rule in policy.rules:
        claims = [attestation for attestation in attestations if attestation.event == rule.event]
        failing = {claim.path: tuple(_check_claim(claim, rule, policy)) for claim in claims}
        findings += [finding for seen in failing.values() for finding in seen]
        counting = [claim for claim in claims if not failing[claim.path]]
        findings += _check_presence(counting, rule, policy, at)
    if policy.refuses_others:
        ruled = {rule.event for rule in policy.rules}
        for claim in attestations:
            if claim.event not in ruled:
                message = f"{policy.where} allows no claim of {claim.event}"
                findings.append(kinds.CLAIM_REFUSED.at(message, claim.path))
    return tuple(findings)


def _check_claim(claim: AttestationReport, rule: ClaimRule, policy: Policy) -> Iterator[Finding]:
    """What keeps one claim from counting."""
    signed = [(who, signature) for who, signature in _signers(claim) if _may(who, rule)]
    allowed = {who for who, _ in signed}
    if not allowed:
        others = sorted({who for who, _ in _signers(claim)})
        found = f"signed by {', '.join(others)}" if others else "signed by nobody who is trusted by name"
        message = f"{policy.where} asks for {', '.join(rule.signers)}; {found}"
        yield kinds.SIGNER_NOT_ALLOWED.at(message, claim.path)
    elif (count := _count_people(signed)) < rule.at_least:
        message = (
            f"{policy.where} asks for {rule.at_least} signers of each {rule.event}, "
            f"{count} signed: {', '.join(sorted(allowed))}"
        )
        yield kinds.TOO_FEW_SIGNERS.at(message, claim.path)
    elif (
        rule.wants_proved_time and _count_people([(who, s) for who, s in signed if s.proved]) < rule.at_least
    ):
        message = f"{policy.where} asks for a proved time of each signature"
        yield kinds.TIME_NOT_PROVED.at(message, claim.path)


def _check_presence(
    counting: Sequence[AttestationReport], rule: ClaimRule, policy: Policy, at: datetime
) -> Iterator[Finding]:
    if not counting:
        if rule.is_required:
            message = f"{policy.where} asks for a claim of {rule.event}, and none is there that counts"
            yield kinds.CLAIM_MISSING.at(message, ROOT)
    elif rule.most_days is not None:
        yield from _check_age(counting, rule, policy, at)


def _check_age(
    counting: Sequence[AttestationReport], rule: ClaimRule, policy: Policy, at: datetime
) -> Iterator[Finding]:
    """Whether the newest claim that is not dated later than now is young enough."""
    future = [claim for claim in counting if _is_of_future(claim, at)]
    for claim in future:
        message = f"the claim is dated {_date_of(claim)}, which is later than now ({at:%Y-%m-%dT%H:%M:%SZ})"
        yield kinds.CLAIM_IN_FUTURE.at(message, claim.path)
    past = [claim for claim in counting if claim not in future]
    asked = f"a claim of {rule.event} that is at most {rule.most_days:,} days old"
    if not past:
        message = f"{policy.where} asks for {asked}, and each that counts is dated later than now"
        yield kinds.CLAIM_MISSING.at(message, ROOT)
        return
    age = at - max(_time_of(claim, rule, at) for claim in past)
    if age > timedelta(days=rule.most_days or 0):
        message = (
            f"the newest claim of {rule.event} that counts is {age.days:,} days old, and {policy.where} "
            f"allows {rule.most_days:,}"
        )
        yield kinds.CLAIM_TOO_OLD.at(message, past[-1].path)


def _is_of_future(claim: AttestationReport, at: datetime) -> bool:
    """Whether it is dated later than any clock that is nearly right can say.

    Without this, one claim of the year 2099 would count as recent until then.
    """
    return claim.statement is not None and claim.statement.claimed_at > at + CLOCK_TOLERANCE


def _date_of(claim: AttestationReport) -> str:
    return claim.statement.claimed_at.isoformat() if claim.statement is not None else "nowhere"


def _time_of(claim: AttestationReport, rule: ClaimRule, at: datetime) -> datetime:
    """When it was made, at the latest: what it says, but no later than now, or than its proved time.

    A timestamp may have been added years after: it proves only that the claim was not made later.
    """
    proved = [s.proved.at for who, s in _signers(claim) if _may(who, rule) and s.proved is not None]
    said = [claim.statement.claimed_at] if claim.statement is not None else []
    return min(*said, *proved, at) if said or proved else at


def _signers(claim: AttestationReport) -> Iterator[tuple[str, SignatureReport]]:
    """Everybody trusted who signed, by name: one person with two keys is one signer."""
    for signature in claim.signatures:
        for name in signature.names:
            yield name, signature


def _count_people(signed: Sequence[tuple[str, SignatureReport]]) -> int:
    """How many different people signed at least: each name taken once, and each key for one of its names."""
    names: dict[str | None, list[str]] = {}
    for who, signature in signed:
        names.setdefault(signature.fingerprint, []).append(who)
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


def _may(who: str, rule: ClaimRule) -> bool:
    return any(matches_pattern(who, pattern) for pattern in rule.signers)
