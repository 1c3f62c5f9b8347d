"""What follows a repair: the whole package is verified, and the repair is attested in it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from archtool.attestations.chain_head import ChainHead
from archtool.attestations.statements.claim import EVERY_FILE, Claim
from archtool.attestations.statements.events import REPAIR
from archtool.attestations.statements.writer import Signer
from archtool.errors import ArchtoolError
from archtool.files.paths import shown
from archtool.files.read_once import ReadOnceSource
from archtool.findings import Finding
from archtool.holdings.copy_state import CopyState
from archtool.operations.attest.attest import attest_opened
from archtool.operations.attest.request import AttestRequest
from archtool.operations.audit.check_copy import CheckRules, CopyCheck, judge_verification
from archtool.operations.open_package.opening import open_bag
from archtool.operations.repair.finding_kinds import NOT_ATTESTED
from archtool.operations.repair.limits import MAX_DETAIL_CHARACTERS
from archtool.operations.repair.model import BadFile, RepairRequest
from archtool.operations.repair.places import Places
from archtool.operations.repair.restore import Restored, sources_of
from archtool.operations.trust.timestamp_client import TimestampClient
from archtool.operations.verify.request import Depth, VerifyRequest
from archtool.operations.verify.verify import verify_opened
from archtool.progress import Progress
from archtool.results import Result


@dataclass(frozen=True, slots=True)
class Attesting:
    """Who attests the repair."""

    signers: tuple[Signer, ...]
    claimed_at: datetime
    software_version: str
    timestamp_client: TimestampClient | None = None


@dataclass(frozen=True, slots=True)
class After:
    """The state of the package after the repair."""

    findings: tuple[Finding, ...]
    verdict: dict[str, str]
    facts: dict[str, Any] = field(default_factory=dict)
    check: CopyCheck | None = None
    """How an audit judges the package, if it is registered."""


def verify_after(
    request: RepairRequest,
    restored: Restored,
    places: Places,
    attesting: Attesting | None,
    progress: Progress,
) -> After:
    """Verify every file of the repaired package, and attest the repair if somebody signs it.

    A package that is not valid is not attested. The caller has locked the package.
    """
    verifying, started = _verify_request(request), time.monotonic()
    with open_bag(request.root, request.limits, progress) as opened:
        source = ReadOnceSource(opened)
        result = verify_opened(verifying, source, progress)
        attested: dict[str, Any] = {"attested": False}
        findings: tuple[Finding, ...] = ()
        if attesting is not None:
            attested, findings = _attest(request, restored, places, attesting, result, source)
    checked = {key: result.facts[key] for key in ("checked", "payload", "head") if key in result.facts}
    facts = {"after": {**checked, "sidecar": result.facts.get("sidecar")}, **attested}
    check = _check(request, result, attested, started)
    return After((*result.findings, *findings), dict(result.verdict), facts, check)


def _verify_request(request: RepairRequest) -> VerifyRequest:
    """Return the request by which an audit verifies this package."""
    known, trust = request.registered, request.trust
    if known is not None and known.expected.head is not None:
        trust = replace(trust, expected=ChainHead.parse(known.expected.head))
    return VerifyRequest(
        request.root, request.now, trust, request.concurrency, limits=request.limits,
        with_manifests=known is not None,
    )  # fmt: skip


def _check(
    request: RepairRequest, result: Result, attested: dict[str, Any], started: float
) -> CopyCheck | None:
    """Judge a registered package as an audit does; the attestation of the repair is its newest head."""
    if request.registered is None:
        return None
    rules = CheckRules(request.now, request.trust, limits=request.limits)
    check = judge_verification(request.root, result, request.registered.expected, rules, started)
    if check.state is CopyState.OK and "head" in attested:
        check = replace(check, detail={**check.detail, "head": attested["head"]})
    return check


def _attest(
    request: RepairRequest,
    restored: Restored,
    places: Places,
    attesting: Attesting,
    result: Result,
    source: ReadOnceSource,
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    name = shown(str(request.root))
    if result.verdict["bag"] != Depth.FULL.value:
        finding = NOT_ATTESTED.at(f"not attested: {name} is not valid", hint="repair the rest first")
        return {"attested": False}, (finding,)
    attestation = AttestRequest(
        root=request.root,
        claim=Claim.of(REPAIR, None, claim_details(restored.files, sources_of(places, restored.files))),
        signers=attesting.signers,
        claimed_at=attesting.claimed_at,
        now=request.now,
        software_version=attesting.software_version,
        timestamp_client=attesting.timestamp_client,
        checked_scope=EVERY_FILE,
        limits=request.limits,
    )
    try:
        done = attest_opened(attestation, source)
    except ArchtoolError as error:
        return {"attested": False}, (NOT_ATTESTED.at(f"not attested: {error.message}", hint=error.hint),)
    return {"attested": True, **{key: done.facts[key] for key in ("attestation", "head", "sidecar")}}, ()


def claim_details(files: Sequence[BadFile], sources: Sequence[str]) -> dict[str, str]:
    """Return the details of the statement: how many files were restored, which, and from where."""
    return {
        "restored": f"{len(files):,} file{'' if len(files) == 1 else 's'}: damaged or missing, now as listed",
        "files": _joined([shown(file.path) for file in files]),
        "source": _joined([shown(source) for source in sources]),
    }


def _joined(names: Sequence[str]) -> str:
    text = ""
    for number, name in enumerate(names):
        longer = f"{text}, {name}" if text else name
        if len(longer) > MAX_DETAIL_CHARACTERS and text:
            return f"{text} and {len(names) - number:,} more"
        text = longer
    return text[:MAX_DETAIL_CHARACTERS]
