"""The result of appending an attestation, for people and for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archtool.attestations.chain_head import ChainHead
from archtool.attestations.finding_kinds import PAYLOAD_NOT_READ
from archtool.attestations.layout import LIST_NAME, ROOT, TIMESTAMP_SUFFIX
from archtool.attestations.statements.claim import EVERY_FILE, EXTENT
from archtool.findings import Finding, in_reading_order
from archtool.operations.attest.place import AttestationTarget
from archtool.operations.attest.request import AttestRequest
from archtool.operations.attest.sound_package import SoundPackage
from archtool.results import Result

RESULT_SCHEMA = "archtool/attest/1"


@dataclass(frozen=True, slots=True)
class Appended:
    """The newest attestation, made by this run or by an interrupted run that this one finished."""

    head: ChainHead
    claimed_at: datetime | None
    """Aware; `None` if this run made it."""
    timestamps: int
    """The number of its signatures that have a timestamp."""


def find_appended(files: Mapping[str, bytes], package: SoundPackage) -> Appended:
    """Return the new head of the chain; without new `files`, the unfinished attestation that was found."""
    for path, data in files.items():
        folder, _, name = path.rpartition("/")
        if name == LIST_NAME:
            return Appended(ChainHead.of(folder.removeprefix(ROOT), data), None, _count_timestamps(files))
    last = package.trust.attestations[-1]
    assert last.head is not None and last.statement is not None  # noqa: S101, PT018 - its statement was compared
    return Appended(last.head, last.statement.claimed_at, _count_timestamps(package.folders[-1].paths))


def _count_timestamps(paths: Iterable[str]) -> int:
    return sum(path.endswith(TIMESTAMP_SUFFIX) for path in paths)


def attest_result(
    request: AttestRequest, target: AttestationTarget, package: SoundPackage, appended: Appended
) -> Result:
    """Return everything that the command reports."""
    name = appended.head.attestation
    facts: dict[str, Any] = {
        "package": str(request.root),
        "attestation": name,
        "head": str(appended.head),
        "event": request.claim.event,
        "claimed_at": (appended.claimed_at or request.claimed_at).isoformat(),
        "note": request.claim.note,
        "details": {**request.claim.details, EXTENT: request.checked_scope},
        "signers": [
            {"principal": s.principal, "key": s.key.public.fingerprint, "key_type": s.key.public.key_type}
            for s in request.signers
        ],
        "timestamps": appended.timestamps,
        "stamped_by": request.timestamp_client.source.name
        if request.timestamp_client and appended.timestamps
        else None,
        "cms_signer": request.cms.name if request.cms is not None else None,
        "covers": {
            "tag_files": sum(1 for path in package.covered if not path.startswith(ROOT)),
            "taken_in": list(package.added),
            "attestations": [folder.name for folder in package.folders if folder.name != name],
        },
        "sidecar": str(target.sidecar) if target.sidecar is not None else None,
        "why_beside": target.reason,
        "finished": [folder.name for folder in package.unlisted_folders()] if not target.sidecar else [],
    }
    findings = in_reading_order((*package.findings, *warn_payload_unread(request)))
    return Result(RESULT_SCHEMA, str(request.root), findings, {}, facts)


def warn_payload_unread(request: AttestRequest) -> tuple[Finding, ...]:
    """Warn that the payload was not read for this claim; the statement states it as well."""
    if request.checked_scope == EVERY_FILE:
        return ()
    message = f"the payload was not read: {request.claim.event} claims nothing about its bytes"
    return (PAYLOAD_NOT_READ.at(message, str(request.root)),)
