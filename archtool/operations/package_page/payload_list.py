"""Lists the payload files with their sizes, digests and formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from heapq import nsmallest
from typing import Any

from archtool.bagit.finding_kinds import FILE_UNREADABLE
from archtool.bagit.model import Manifest
from archtool.errors import InputError
from archtool.findings import Finding, Severity
from archtool.operations.content.package_reader import OpenPackage
from archtool.operations.formats.format_facts import format_label
from archtool.operations.history.formats import stated_formats
from archtool.operations.open_package.package_paths import PROVENANCE_PATH
from archtool.report.package_page.limits import MAX_FILES
from archtool.report.package_page.model import FileState, ListedFile, Payload


def list_payload(
    package: OpenPackage, findings: Sequence[Finding], compared: Mapping[str, FileState] | None = None
) -> Payload:
    """Return the first `MAX_FILES` files by name; `findings` are what the check found about them.

    If the check did not compare all files with their digests, `compared` has the states of those that were.
    """
    sizes_bytes = package.layout.payload_as_listed
    known = [manifest for manifest in package.bag.manifests if manifest.algorithm is not None]
    listed = {path for manifest in known for path in manifest.paths}
    paths = nsmallest(MAX_FILES, sizes_bytes.keys() | listed)
    digests = _digests(known, frozenset(paths))
    formats = _formats(package)
    faulty = _faulty(findings)
    files = tuple(
        ListedFile(
            path,
            sizes_bytes.get(path),
            tuple(digests.get(path, ())),
            formats.get(path, ""),
            _state(path, sizes_bytes, digests, faulty, compared),
        )
        for path in paths
    )
    manifests = tuple(manifest.name for manifest in package.bag.manifests)
    return Payload(files, len(sizes_bytes), sum(sizes_bytes.values()), manifests)


def _state(
    path: str,
    sizes_bytes: Mapping[str, int],
    digests: Mapping[str, Sequence[tuple[str, str]]],
    faulty: Mapping[str, FileState],
    compared: Mapping[str, FileState] | None,
) -> FileState:
    if path not in sizes_bytes:
        return FileState.MISSING
    if path in faulty:
        return faulty[path]
    if path not in digests:
        return FileState.UNLISTED
    return FileState.AS_LISTED if compared is None else compared.get(path, FileState.NOT_COMPARED)


def _digests(manifests: Sequence[Manifest], paths: frozenset[str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for manifest in manifests:
        for number, path in enumerate(manifest.paths):
            if path in paths and manifest.algorithm is not None:
                found.setdefault(path, []).append((manifest.algorithm.value, manifest.hex(number)))
    return found


def _faulty(findings: Sequence[Finding]) -> dict[str, FileState]:
    errors = [f for f in findings if f.severity is Severity.ERROR and f.place is not None]
    return {
        finding.place.file: FileState.NOT_READ if finding.code == FILE_UNREADABLE.code else FileState.DIFFERS
        for finding in errors
        if finding.place is not None and finding.code.startswith("fixity.")
    }


def _formats(package: OpenPackage) -> Mapping[str, str]:
    """Return the recorded formats by path; of files about which only a folder records formats, none."""
    return dict(_labels(_document(package)))


def _labels(document: Any) -> Iterator[tuple[str, str]]:
    entities = document.get("entity") if isinstance(document, Mapping) else None
    for path, facts in stated_formats(entities if isinstance(entities, Mapping) else {}).items():
        if not path.endswith("/"):
            yield path, format_label(path, facts)


def _document(package: OpenPackage) -> Any:
    try:
        return package.metadata.json(PROVENANCE_PATH)
    except InputError:  # verify reports it
        return None
