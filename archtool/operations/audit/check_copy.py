"""Checks one copy of a holding: verifies it, and compares it with what the register knows.

1. Something is at its place. A package that is missing from a shelf that is there is missing; if the whole
   shelf is not there, nothing is known about the copy.
2. The package is verified with the registered head as the expected one. Files that differ are read twice.
3. Its payload manifests are those that were registered: another valid package is no copy of the holding.
   If it has no attestation, its tag manifests are compared too: nothing else vouches for its tag files.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.archives.limits import Limits
from archtool.attestations.chain_head import ChainHead
from archtool.attestations.layout import ROOT as ATTESTATIONS
from archtool.attestations.report import TrustVerdict
from archtool.files.workers.concurrency import Concurrency
from archtool.findings import Finding, Severity
from archtool.holdings.copy_state import Absence as GoneState
from archtool.holdings.copy_state import CopyState, SignerTrust
from archtool.holdings.details.bounded_list import fitting
from archtool.holdings.finding_kinds import HEAD_NOT_TRUSTED, MANIFEST_DIFFERS, MISSING, SHELF_ABSENT
from archtool.holdings.limits import MAX_PROBLEMS
from archtool.holdings.lookup.absence import Absence, find_absence
from archtool.operations.audit.judgement import is_about_signers, is_grown, judge
from archtool.operations.trust.trust_request import TrustRequest
from archtool.operations.verify.request import Depth, VerifyRequest
from archtool.operations.verify.verify import verify
from archtool.progress import Progress
from archtool.results import Result


@dataclass(frozen=True, slots=True)
class ExpectedCopy:
    """What the register knows about a copy."""

    holding: str
    place: str
    """As it is registered; the path on this machine can be another one, for a medium."""
    manifests: Mapping[str, str]
    head: str | None
    shelf: str | None
    """The registered shelf that the place is on."""
    trust: str | None = None
    """Whether the last check accepted its signers (`SignerTrust`)."""
    tag_manifests: Mapping[str, str] | None = None
    """Those of a copy that had no attestation; `None` if they are not known."""


@dataclass(frozen=True, slots=True)
class CheckRules:
    """How copies are checked; the same for all copies of a run."""

    at: datetime
    """Aware: the time at which keys must be valid."""
    trust: TrustRequest
    depth: Depth = Depth.FULL
    strict: bool = False
    concurrency: Concurrency = field(default_factory=Concurrency)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class CopyCheck:
    """The result of checking a copy."""

    state: CopyState
    is_in_order: bool
    """Whether nothing is wrong with the material; a copy that is `ok` can have warnings that count.

    Whether its signers are accepted is `trust` of the detail.
    """
    detail: Mapping[str, Any]
    """The detail of its event, in plain JSON values."""
    absence: Absence | None = None
    """Why there is nothing at the place."""


def check_copy(
    path: Path, expected: ExpectedCopy, rules: CheckRules, progress: Progress | None = None
) -> CopyCheck:
    """Check the copy at a path. Faults are results; they never raise an error."""
    started = time.monotonic()
    absence = find_absence(path, expected.shelf)
    if absence is None:
        result = verify(_request(path, expected, rules), progress, rules.concurrency)
        absence = find_absence(path, expected.shelf) if result.verdict["bag"] == "unreadable" else None
    if absence is not None:
        return _absent_copy(expected, absence, rules, started)
    return judge_verification(path, result, expected, rules, started)


def judge_verification(
    path: Path, result: Result, expected: ExpectedCopy, rules: CheckRules, started: float
) -> CopyCheck:
    """Judge a copy by its verification, whose facts have the digests of the payload manifests.

    `started` is the monotonic time at which the verification began.
    """
    differing = _differing_manifests(expected.manifests, result.facts.get("manifests") or None)
    tag_manifests = _tag_manifests(result)
    differing += _differing_manifests(expected.tag_manifests or {}, tag_manifests)
    state = judge(path, result, differing)
    findings = [*differing, *(f for f in result.findings if _counts(f, strict=rules.strict))]
    head = result.facts.get("head") if state is CopyState.OK and is_grown(result) else None
    if head is not None and head != expected.head and not _is_vouched(result, head, rules):
        findings.append(_not_trusted(head, expected))
        head = None
    is_in_order = state is CopyState.OK and all(map(is_about_signers, findings))
    trust = _trust(expected, rules, result, findings) if is_in_order else None
    detail = {
        **_detail(expected, state, rules.depth, result, started),
        **_problems([] if trust is SignerTrust.UNSIGNED else findings),
        "verdict": dict(result.verdict),
        "trust": None if trust is None else trust.value,
        "manifests": result.facts.get("manifests") if differing else None,
        "head": head if head != expected.head else None,
        "tag_manifests": tag_manifests if _is_first(tag_manifests, expected, state) else None,
    }
    return CopyCheck(state, is_in_order, {name: value for name, value in detail.items() if value is not None})


def _tag_manifests(result: Result) -> Mapping[str, str] | None:
    """Return the digests of the tag manifests; `None` if they were not read, or if there is an attestation.

    A package that was unsigned and is attested now is judged by its attestation. If no payload manifest was
    read, the package could not be read.
    """
    is_judged = result.facts.get("manifests") and result.facts.get("head") is None
    return result.facts["tag_manifests"] if is_judged else None


def _is_first(tag_manifests: Mapping[str, str] | None, expected: ExpectedCopy, state: CopyState) -> bool:
    """Whether a check is the first that knows the tag manifests of a copy without attestations."""
    return bool(tag_manifests) and expected.tag_manifests is None and state is CopyState.OK


def _is_vouched(result: Result, head: str, rules: CheckRules) -> bool:
    """Whether the newest attestation has a trusted signature; without trusted keys nobody can say."""
    if rules.trust.allowed is None:
        return True
    newest = [one for one in result.facts.get("attestations", ()) if one["head"] == head]
    return any(signature["trusted_by"] for one in newest for signature in one["signatures"])


def _not_trusted(head: str, expected: ExpectedCopy) -> Finding:
    name = head.partition(" ")[0]
    remembered = expected.head.partition(" ")[0] if expected.head is not None else "none"
    message = f"{name} has no trusted signature; the register still remembers {remembered} for this copy"
    return HEAD_NOT_TRUSTED.at(message, f"{ATTESTATIONS}{name}")


def _trust(
    expected: ExpectedCopy, rules: CheckRules, result: Result, findings: Sequence[Finding]
) -> SignerTrust | None:
    """Return whether the signers of a copy in order are accepted; `None` if it was not asked.

    A bag that was never signed is only noted: most bags of other tools are such.
    """
    verdict = result.verdict["trust"]
    if not findings:
        return None if verdict == TrustVerdict.NOT_ASKED.value else SignerTrust.ACCEPTED
    asks_more = rules.strict or rules.trust.policy is not None
    was_signed = expected.trust in (SignerTrust.ACCEPTED, SignerTrust.NOT_ACCEPTED)
    if verdict == TrustVerdict.UNSIGNED.value and not asks_more and not was_signed:
        return SignerTrust.UNSIGNED
    return SignerTrust.NOT_ACCEPTED


def _request(path: Path, expected: ExpectedCopy, rules: CheckRules) -> VerifyRequest:
    rule = rules.trust
    head = ChainHead.parse(expected.head) if expected.head is not None else None
    trust = TrustRequest(rule.allowed, rule.revoked, head, rule.authorities, rule.policy)
    return VerifyRequest(
        path,
        rules.at,
        trust,
        strict=rules.strict,
        depth=rules.depth,
        limits=rules.limits,
        with_manifests=True,
    )


def _absent_copy(expected: ExpectedCopy, absence: Absence, rules: CheckRules, started: float) -> CopyCheck:
    state = CopyState.MISSING if absence.shelf is None else CopyState.UNREADABLE
    kind = MISSING if absence.shelf is None else SHELF_ABSENT
    detail = {
        **_detail(expected, state, rules.depth, None, started),
        **_problems([kind.at(absence.message)]),
        "absent": (GoneState.PACKAGE if absence.shelf is None else GoneState.SHELF).value,
    }
    return CopyCheck(state, is_in_order=False, detail=detail, absence=absence)


def _detail(
    expected: ExpectedCopy, state: CopyState, depth: Depth, result: Result | None, started: float
) -> dict[str, Any]:
    checked = result.facts.get("checked", {}) if result is not None else {}
    return {
        "place": expected.place,
        "state": state.value,
        "depth": depth.name.lower(),
        "files": checked.get("files", 0),
        "bytes": checked.get("bytes", 0),
        "milliseconds": int((time.monotonic() - started) * 1000),
    }


def _counts(finding: Finding, *, strict: bool) -> bool:
    return finding.severity is Severity.ERROR or (strict and finding.severity is Severity.WARNING)


def _differing_manifests(registered: Mapping[str, str], observed: Mapping[str, str] | None) -> list[Finding]:
    """Return a finding for each registered manifest that is another one; none if they were not read.

    A manifest that was added later, with a further algorithm, is no difference.
    """
    if observed is None:
        return []
    findings = []
    for name, digest in registered.items():
        found = observed.get(name)
        if found != digest:
            what = "is not the registered one" if found is not None else "is missing"
            finding = MANIFEST_DIFFERS.at(f"{name} {what}", name)
            findings.append(_with_digests(finding, digest, found))
    return findings


def _with_digests(finding: Finding, expected: str, observed: str | None) -> Finding:
    return Finding(
        finding.code, finding.severity, finding.message, finding.place, finding.hint, finding.clause,
        finding.error_exit_code, expected, observed,
    )  # fmt: skip


def _problems(findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "problems": fitting(map(_problem, findings), MAX_PROBLEMS),
        "problem_count": len(findings),
    }


def _problem(finding: Finding) -> dict[str, str]:
    values = {
        "file": finding.place.file if finding.place is not None else None,
        "code": finding.code,
        "message": finding.message,
        "expected": finding.expected,
        "observed": finding.observed,
    }
    return {name: _storable(value) for name, value in values.items() if value is not None}


def _storable(text: str) -> str:
    """Return a text that JSON can hold: bytes of a file name that are no UTF-8 are escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
