"""What follows a repair: the whole package is verified, and the repair is attested in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from archtool.attestations.statements.claim import EVERY_FILE, Claim
from archtool.attestations.statements.events import REPAIR
from archtool.attestations.statements.writer import Signer
from archtool.errors import ArchtoolError
from archtool.files.paths import shown
from archtool.files.read_once import ReadOnceSource
from archtool.findings import Finding
from archtool.operations.attest.attest import attest_opened
from archtool.operations.attest.request import AttestRequest
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
    head = request.registered.head if request.registered is not None else None
    trust = replace(request.trust, expected=head or request.trust.expected)
    verifying = VerifyRequest(request.root, request.now, trust, request.concurrency, limits=request.limits)
    with open_bag(request.root, request.limits, progress) as opened:
        source = ReadOnceSource(opened)
        result = verify_opened(verifying, source, progress)
        attested: dict[str, Any] = {"attested": False}
        findings: tuple[Finding, ...] = ()
        if attesting is not None:
            attested, findings = _attest(request, restored, places, attesting, result, source)
    checked = {key: result.facts[key] for key in ("checked", "payload", "head") if key in result.facts}
    facts = {"after": {**checked, "sidecar": result.facts.get("sidecar")}, **attested}
    return After((*result.findings, *findings), dict(result.verdict), facts)


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
