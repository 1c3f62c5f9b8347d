"""Builds the result of `pack`: the facts of a package that it made, or would make in a dry run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archtool.attestations.chain_head import ChainHead
from archtool.attestations.layout import attestation_folder
from archtool.files.file_times import format_time
from archtool.files.hashing.file_record import FileRecord
from archtool.findings import Finding
from archtool.operations.open_package.package_paths import CRATE_PATH
from archtool.operations.pack.compose import PACKAGING_EVENT, Files, PackagePlan
from archtool.operations.pack.request import PackRequest
from archtool.operations.sources.survey import Survey
from archtool.results import Result

RESULT_SCHEMA = "archtool/pack/1"


def pack_result(
    request: PackRequest,
    plan: PackagePlan,
    survey: Survey,
    payload: Sequence[FileRecord],
    files: Files,
    findings: tuple[Finding, ...],
) -> Result:
    """Return the result of a run: the files that were packed, or would be.

    A dry run has no head, because there is no package that it could be compared with.
    """
    facts = {
        **_facts(request, plan),
        "dry_run": request.dry_run,
        "head": None if request.dry_run else _head(files),
        "payload": [
            {
                "path": record.path,
                "size_bytes": record.size_bytes,
                "digests": {d.algorithm.value: d.hex for d in record.digests},
                **_time_of(record),
            }
            for record in payload
        ],
        "tag_files": sorted(files),
        "left_out": list(survey.left_out),
    }
    return Result(RESULT_SCHEMA, str(request.target), findings, {}, facts, request.strict)


@dataclass(frozen=True, slots=True)
class PackedPart:
    """One package of a group, and its payload files with their sizes."""

    target: Path
    sizes_bytes: Mapping[str, int]


def with_parts(result: Result, identifier: str, parts: Sequence[PackedPart]) -> Result:
    """Return the result of a run that made a group: `package` is the name that the parts are named after."""
    part_of = {f"data/{path}": n for n, part in enumerate(parts, 1) for path in part.sizes_bytes}
    facts = {
        **result.facts,
        "group": {"identifier": identifier, "count": len(parts)},
        "parts": [
            {
                "package": str(part.target),
                "files": len(part.sizes_bytes),
                "bytes": sum(part.sizes_bytes.values()),
            }
            for part in parts
        ],
        "payload": [{**item, "part": part_of[item["path"]]} for item in result.facts["payload"]],
    }
    return replace(result, facts=facts)


def _time_of(record: FileRecord) -> dict[str, str | None]:
    if record.modified_at_ns is None:
        return {}
    return {"modified_at": format_time(record.modified_at_ns)}


def _facts(request: PackRequest, plan: PackagePlan) -> dict[str, Any]:
    description, client = plan.described.description, request.timestamp_client
    return {
        "package": str(request.target),
        "archive": request.archive,
        "id": description.id,
        "title": description.title,
        "packaged_at": plan.packaged_at.isoformat(),
        "algorithms": [a.value for a in plan.algorithms],
        "tag_algorithms": [a.value for a in plan.tag_algorithms],
        "profile": request.profile.identifier if request.profile is not None else None,
        "crate": CRATE_PATH if plan.has_crate else None,
        "placeholders": [f"data/{path}" for path in plan.placeholders],
        "predecessor": plan.replaced.name if plan.replaced else None,
        "predecessor_sidecar": plan.replaced.sidecar if plan.replaced else None,
        "adopted": plan.adopted.name if plan.adopted else None,
        "repairs": [text.facts() for text in plan.repairs],
        "signers": [
            {"principal": s.principal, "key": s.key.public.fingerprint, "key_type": s.key.public.key_type}
            for s in plan.signers
        ],
        "cms_signer": plan.cms.name if plan.cms is not None else None,
        "stamped_by": client.source.name if client is not None else None,
    }


def _head(files: Files) -> str | None:
    folder = attestation_folder(1, PACKAGING_EVENT)
    sums = files.get(folder.list_path)
    return None if sums is None else str(ChainHead.of(folder.name, sums))
