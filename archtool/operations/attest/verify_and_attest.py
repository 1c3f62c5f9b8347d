"""Verifies bags, and records each check of a valid bag as an attestation of that bag."""

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
from archtool.operations.attest.attest import attest_opened
from archtool.operations.attest.request import AttestRequest
from archtool.operations.open_package.opening import open_bag
from archtool.operations.pack.compose import SOFTWARE_NAME
from archtool.operations.trust.timestamp_client import TimestampClient
from archtool.operations.verify.request import VerifyRequest
from archtool.operations.verify.side_by_side import for_each_bag
from archtool.operations.verify.verify import Depth, verify, verify_opened
from archtool.progress import Progress
from archtool.results import Result


@dataclass(frozen=True, slots=True)
class Recording:
    """Who records the checks, with which software, and at what time."""

    signers: tuple[Signer, ...]
    claimed_at: datetime | None
    """Aware; `None`: the time at which each bag is verified."""
    software_version: str
    wait_seconds: float
    timestamp_client: TimestampClient | None = None
    """Requests timestamps for the signatures; `None`: they get none."""


def verify_and_attest(
    requests: Iterable[VerifyRequest],
    recording: Recording,
    concurrency: Concurrency,
    progress: Progress,
    notify: Notify,
) -> Iterator[Result]:
    """Verify every bag and attest the valid ones; yields the results in the order of the requests.

    Each small bag is verified and attested by one process, beside others; each large bag is verified with all
    processes. A bag that is not valid is not attested. If a check cannot be recorded, that is a finding, so
    that one bag does not stop the others. `notify` receives a message if another run has to be waited for.
    """

    def verify_one(request: VerifyRequest, progress: Progress, concurrency: Concurrency) -> Result:
        return _verify_one(replace(request, concurrency=concurrency), recording, progress, notify)

    yield from for_each_bag(list(requests), verify_one, concurrency, progress, cleans_up=True)


def _verify_one(request: VerifyRequest, recording: Recording, progress: Progress, notify: Notify) -> Result:
    try:
        # locked before the first byte is read: no other run attests in between
        with (
            wait_for_lock(request.root, recording.wait_seconds, notify),
            open_bag(request.root, request.limits, progress) as opened,
        ):
            source = ReadOnceSource(opened)  # the attestation covers the bytes that were verified
            result = verify_opened(request, source, progress)
            if result.verdict["bag"] != Depth.FULL.value:
                return _with_recorded(result, {"recorded": False, "reason": "the bag is not valid"})
            return _record(request, result, recording, source)
    except InputError:  # reported by `verify`
        return _with_recorded(
            verify(request, progress), {"recorded": False, "reason": "there is no such bag"}
        )
    except ArchtoolError as error:
        return _not_recorded(verify(request, progress), error)


def _record(request: VerifyRequest, result: Result, recording: Recording, source: ReadOnceSource) -> Result:
    try:
        done = attest_opened(_attestation(request, result, recording), source)
    except ArchtoolError as error:
        return _not_recorded(result, error)
    facts = done.facts
    return _with_recorded(
        result, {"recorded": True, **{k: facts[k] for k in ("attestation", "head", "sidecar")}}
    )


def _attestation(request: VerifyRequest, result: Result, recording: Recording) -> AttestRequest:
    """Return the request to attest the check, with its counts as details."""
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
        checked_scope=EVERY_FILE,
        limits=request.limits,
        expected=request.trust.expected,
    )


def _with_recorded(result: Result, recorded: dict[str, Any]) -> Result:
    return replace(result, facts={**result.facts, "recorded": recorded})


def _not_recorded(result: Result, error: ArchtoolError) -> Result:
    """Return the result with a finding why it was not recorded, unless its findings show that already."""
    unrecorded = _with_recorded(result, {"recorded": False, "reason": error.message})
    if isinstance(error, MaterialRefusedError) and result.exit_code:
        return unrecorded
    finding = NOT_RECORDED.at(error.message, str(result.subject), hint=error.hint)
    findings = (*result.findings, replace(finding, error_exit_code=error.exit_code))
    return replace(unrecorded, findings=in_reading_order(findings))
