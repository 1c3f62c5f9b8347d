"""Collects the main facts about a package, and checks the metadata that they come from."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.archives.limits import Limits
from archtool.description.inventory import inventory_record
from archtool.description.loading import load_description
from archtool.description.model import Description
from archtool.errors import InputError
from archtool.exports.plain import format_plain
from archtool.operations.cite import contradictions, read_citation
from archtool.operations.content.derived_history import stated_placeholders
from archtool.operations.content.package_reader import OpenPackage, open_package
from archtool.operations.open_package.package_paths import PROVENANCE_PATH, find_sidecar
from archtool.operations.open_package.sidecar import read_sidecar
from archtool.operations.open_package.unread import is_unread
from archtool.operations.trust.trust_check import trust_facts
from archtool.operations.trust.trust_request import TrustRequest
from archtool.report.package_view import PackageView

RESULT_SCHEMA = "archtool/show/1"


def show(
    root: Path, trust: TrustRequest, at: datetime, limits: Limits | None = None, sidecar: Path | None = None
) -> PackageView:
    """Read a package's metadata and its attestations; `trust` are the keys to check these by.

    Contradictions by the tag manifests or the signatures become findings. The payload is not read: `verify`
    does that.

    Raises:
        InputError: no such package, or no bag.
    """
    sidecar_path = find_sidecar(root, sidecar)
    with open_package(root, limits) as package:
        item = read_citation(package)
        payload = package.layout.payload
        sidecar_files = read_sidecar(sidecar_path) if sidecar_path else None
        report = package.check_trust(trust, at, sidecar_files)
        unread = tuple(finding for finding in report.findings if is_unread(finding))
        differing = package.check_tag_files()
        description = _description(package)
        return PackageView(
            subject=str(root),
            description=description,
            citation=format_plain(item) if item is not None else None,
            info=tuple((f.label, f.value) for f in package.bag.info.fields),
            payload_files=len(payload),
            payload_bytes=sum(payload.values()),
            placeholders=_placeholders(package, description),
            trust=report,
            metadata_holds=package.has_all_tag_files() and not differing,
            has_unread_metadata=bool(package.unread),
            findings=tuple(
                dict.fromkeys(  # several checks report the same unreadable file
                    (*package.source.findings, *package.unread, *unread, *differing, *contradictions(report))
                )
            ),
        )


def _description(package: OpenPackage) -> Description | None:
    path = package.metadata.description_path
    if path not in package.metadata.files:
        return None
    return load_description(package.metadata.files[path], path, is_json=path.endswith(".json")).description


def _placeholders(package: OpenPackage, description: Description | None) -> tuple[str, ...]:
    """Return the payload files that the provenance calls placeholders in empty folders."""
    if description is None or not description.keeps_empty_folders:
        return ()
    try:
        document = package.metadata.json(PROVENANCE_PATH)
    except InputError:  # verify reports it
        return ()
    sizes_bytes = package.layout.payload
    stated = stated_placeholders(document, sizes_bytes) if isinstance(document, dict) else ()
    return tuple(path for name in stated if (path := f"data/{name}") in sizes_bytes)


def view_facts(view: PackageView) -> dict[str, Any]:
    """Return the facts of the view for JSON."""
    facts: dict[str, Any] = {
        "payload": {"files": view.payload_files, "bytes": view.payload_bytes},
        "metadata_holds": view.metadata_holds,
        "attestations": trust_facts(view.trust),
        "head": str(view.trust.head) if view.trust.head is not None else None,
        "bag_info": [{"label": label, "value": value} for label, value in view.info],
    }
    description = view.description
    if description is None:
        return facts
    return facts | {
        "id": description.id,
        "title": description.title,
        "date": description.date,
        "citation": view.citation,
        "creators": [
            {
                "name": creator.agent.name,
                "role": creator.role,
                "attribution": creator.attribution.status if creator.attribution else "stated",
            }
            for creator in description.creators
        ],
        "translation_credit": description.translation.credit if description.translation else None,
        "annexes": inventory_record(description, lambda _: {})["annexes"],
        "rights": {layer.layer: layer.statement for layer in description.rights},
        "own_labels": {label: list(values) for label, values in description.bag_info.items()},
        "own_keys": dict(description.extras),
        "placeholders": list(view.placeholders),
        "tag_files": [{"path": one.path, "file": one.file} for one in description.tag_files],
    }
