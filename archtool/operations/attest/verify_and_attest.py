"""Verifies bags whole, and records each check that found a valid one as an attestation of that bag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from archtool.attestations.finding_kinds import NOT_RECORDED
from archtool.attestations.statements.claim import EVERY_FILE, Claim
from archtool.attestations.statements.events import FIXITY_CHECK
from archtool.attestations.statements.writer import Signer
from archtool.errors import ArchtoolError, InputError, MaterialRefusedError
from archtool.files.lock import Notify, wait_for_lock
from archtool.files.read_once import ReadOnceSource
from archtool.files.workers.concurrency import Concurrency
from archtool.findings import in_reading_order
from archtool.operations.attest.attest import attest_read
from archtool.operations.attest.request import AttestRequest
from archtool.operations.open_package.opening import open_bag
from archtool.operations.pack.compose import SOFTWARE_NAME
from archtool.operations.trust.timestamp_client import TimestampClient
from archtool.operations.verify.request import VerifyRequest
from archtool.operations.verify.side_by_side import for_each_bag
from archtool.operations.verify.size_limit import SMALL
from archtool.operations.verify.verify import Depth, verify, verify_opened
from archtool.progress import NoProgress, Progress
from archtool.results import Result


@dataclass(frozen=True, slots=True)
class Recording:
    """Who records the checks, with what, and when they say it was."""

    signers: tuple[Signer, ...]
    claimed_at: datetime | None
    """Aware; `None` for the moment at which each bag is looked at."""
    software_version: str
    wait_seconds: float
    timestamp_client: TimestampClient | None = None
    """Who gives timestamps for the signatures."""


def verify_and_attest(
    requests: Iterable[VerifyRequest],
    recording: Recording,
    concurrency: Concurrency,
    progress: Progress,
    say: Notify,
) -> Iterator[Result]:
    """Verify every bag and record what was found of the valid ones, in the order of the requests.

    Small bags are verified and recorded side by side, large ones one after the other, each by all processes.
    Nothing is recorded of a bag that is not valid. What keeps a check from being recorded is a finding, so
    that one bad bag does not keep the others from being looked at.
    """

    def is_small(request: VerifyRequest) -> bool:
        return SMALL.holds_for(request.root)

    def verify_alone(request: VerifyRequest, share: Concurrency) -> Result:
        return _verify_one(replace(request, concurrency=share), recording, NoProgress(), say)

    def verify_by_all(request: VerifyRequest) -> Result:
        return _verify_one(replace(request, concurrency=concurrency), recording, progress, say)

    for request, result in for_each_bag(list(requests), is_small, verify_alone, concurrency, cleans_up=True):
        yield result if result is not None else verify_by_all(request)


def _verify_one(request: VerifyRequest, recording: Recording, progress: Progress, say: Notify) -> Result:
    try:
        # held from before the first byte is read: nobody attests in between
        with (
            wait_for_lock(request.root, recording.wait_seconds, say),
            open_bag(request.root, request.limits) as opened,
        ):
            source = ReadOnceSource(opened)  # what was verified is what the claim is about
            result = verify_opened(request, source, progress)
            if result.verdict["bag"] != Depth.FULL.value:
                return _told(result, {"recorded": False, "reason": "the bag is not valid"})
            return _record(request, result, recording, source)
    except InputError:  # no such bag: told as `verify` tells it
        return _told(verify(request, progress), {"recorded": False, "reason": "there is no such bag"})
    except ArchtoolError as error:
        return _not_recorded(verify(request, progress), error)


def _record(request: VerifyRequest, result: Result, recording: Recording, source: ReadOnceSource) -> Result:
    try:
        done = attest_read(_attestation(request, result, recording), source)
    except ArchtoolError as error:
        return _not_recorded(result, error)
    facts = done.facts
    return _told(result, {"recorded": True, **{k: facts[k] for k in ("attestation", "head", "sidecar")}})


def _attestation(request: VerifyRequest, result: Result, recording: Recording) -> AttestRequest:
    """The claim, in counted facts of the check that was just done."""
    checked = result.facts["checked"]
    details = {
        "outcome": result.verdict["bag"],
        "content": result.verdict["content"],
        "files": str(checked["files"]),
        "bytes": str(checked["bytes"]),
        "algorithms": ", ".join(result.facts["algorithms"]),
        "checked-with": f"{SOFTWARE_NAME} {recording.software_version}",
    }
    return AttestRequest(
        root=request.root,
        claim=Claim.of(FIXITY_CHECK, None, details),
        signers=recording.signers,
        claimed_at=recording.claimed_at or request.at,
        now=request.at,
        software_version=recording.software_version,
        timestamp_client=recording.timestamp_client,
        sidecar=request.sidecar,
        looked_at=EVERY_FILE,
        limits=request.limits,
    )


def _told(result: Result, recorded: dict[str, Any]) -> Result:
    return replace(result, facts={**result.facts, "recorded": recorded})


def _not_recorded(result: Result, error: ArchtoolError) -> Result:
    """What was found stays as it is; why it was not recorded is one more finding, if none says it yet."""
    told = _told(result, {"recorded": False, "reason": error.message})
    if isinstance(error, MaterialRefusedError) and result.exit_code:
        return told
    finding = NOT_RECORDED.at(error.message, str(result.subject), hint=error.hint)
    seen = (*result.findings, replace(finding, error_exit_code=error.exit_code))
    return replace(told, findings=in_reading_order(seen))
