"""What was appended to a package, for a person and for scripts."""

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
    """The newest attestation, whether this run made it or finished what another one had begun."""

    head: ChainHead
    claimed_at: datetime | None
    """Aware; `None` for one that was made just now."""
    timestamps: int
    """How many of its signatures have one."""


def appended_from(files: Mapping[str, bytes], standing: SoundPackage) -> Appended:
    """Tell what is the chain's head now; without new files it is the one that was found half done."""
    for path, data in files.items():
        folder, _, name = path.rpartition("/")
        if name == LIST_NAME:
            return Appended(ChainHead.of(folder.removeprefix(ROOT), data), None, _count_timestamps(files))
    last = standing.trust.attestations[-1]
    assert last.head is not None and last.statement is not None  # noqa: S101, PT018 - it was compared
    return Appended(last.head, last.statement.claimed_at, _count_timestamps(standing.folders[-1].paths))


def _count_timestamps(paths: Iterable[str]) -> int:
    return sum(path.endswith(TIMESTAMP_SUFFIX) for path in paths)


def attest_result(
    request: AttestRequest, place: AttestationTarget, standing: SoundPackage, appended: Appended
) -> Result:
    """All that a command says of it."""
    name = appended.head.attestation
    facts: dict[str, Any] = {
        "package": str(request.root),
        "attestation": name,
        "head": str(appended.head),
        "event": request.claim.event,
        "claimed_at": (appended.claimed_at or request.claimed_at).isoformat(),
        "note": request.claim.note,
        "details": {**request.claim.details, EXTENT: request.looked_at},
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
            "tag_files": sum(1 for path in standing.covered if not path.startswith(ROOT)),
            "taken_in": list(standing.added),
            "attestations": [folder.name for folder in standing.folders if folder.name != name],
        },
        "sidecar": str(place.sidecar) if place.sidecar is not None else None,
        "why_beside": place.why,
        "finished": [folder.name for folder in standing.unlisted_folders()] if not place.sidecar else [],
    }
    findings = in_reading_order((*standing.findings, *unread_payload(request)))
    return Result(RESULT_SCHEMA, str(request.root), findings, {}, facts)


def unread_payload(request: AttestRequest) -> tuple[Finding, ...]:
    """Warn that the payload was not checked for this claim; the claim itself says it too."""
    if request.looked_at == EVERY_FILE:
        return ()
    message = f"the payload was not read: {request.claim.event} claims nothing about its bytes"
    return (PAYLOAD_NOT_READ.at(message, str(request.root)),)
