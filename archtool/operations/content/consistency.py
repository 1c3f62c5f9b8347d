"""Checks whether a package's metadata agrees with its payload and with itself.

A bag of another program has no such metadata: it is `not-described` and produces no findings here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from archtool.bagit.layout import BagLayout
from archtool.bagit.limits import MAX_METADATA_BYTES
from archtool.bagit.model import Bag
from archtool.files.hashing.file_record import FileRecord
from archtool.files.paths import shown
from archtool.findings import Finding, bounded, has_errors
from archtool.operations import finding_kinds
from archtool.operations.content.metadata import METADATA_PATHS, Metadata, manifest_digests
from archtool.operations.open_package.package_paths import (
    CITATION_PATH,
    FILE_TIMES_PATH,
    GROUP_MANIFEST_PATH,
    INVENTORY_PATH,
    PREMIS_PATH,
    PROFILE_IDENTIFIER,
    PROVENANCE_PATH,
)


class ContentVerdict(Enum):
    """Whether the metadata is true of the payload."""

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    NOT_DESCRIBED = "not-described"


@dataclass(frozen=True, slots=True)
class ContentReport:
    """The verdict, and facts about the content for the result of the command."""

    verdict: ContentVerdict
    facts: Mapping[str, Any] = field(default_factory=dict)


def _cannot_read(path: str) -> bytes:
    raise FileNotFoundError(path)


def check_content(
    metadata: Metadata,
    bag: Bag,
    layout: BagLayout,
    payload_findings: Iterable[Finding] = (),
    records: Iterable[FileRecord] = (),
    read_file: Callable[[str], bytes] = _cannot_read,
) -> tuple[ContentReport, tuple[Finding, ...]]:
    """Compare the metadata with the payload manifests and with the description.

    `payload_findings` are those made while the payload was read. `records` has the digests computed then,
    also in algorithms that only an adopted bag used. `read_file` reads a payload file.
    """
    has_profile = PROFILE_IDENTIFIER in bag.info.values("BagIt-Profile-Identifier")
    if not has_profile and not METADATA_PATHS & layout.files.keys():
        return ContentReport(ContentVerdict.NOT_DESCRIBED), ()
    # lazy: 72 modules (descriptions, schemas) that only packages with metadata need
    from archtool.operations.content.metadata_checks import check_metadata

    findings = [*_check_presence(metadata), *_check_tag_manifests(bag), *payload_findings]
    digests = manifest_digests(bag, records)
    facts, metadata_findings = check_metadata(
        metadata, bag, layout.payload_as_listed, digests, layout.files.keys(), read_file
    )
    findings += metadata_findings
    verdict = ContentVerdict.INCONSISTENT if has_errors(findings) else ContentVerdict.CONSISTENT
    return ContentReport(verdict, facts), tuple(bounded(findings))


def _check_presence(metadata: Metadata) -> Iterator[Finding]:
    for path in sorted(metadata.too_large & {FILE_TIMES_PATH, GROUP_MANIFEST_PATH}):
        yield _too_large(path)
    required = [metadata.description_path, CITATION_PATH, INVENTORY_PATH, PROVENANCE_PATH, PREMIS_PATH]
    for path in required:
        if path in metadata.too_large:
            yield _too_large(path)
        elif path not in metadata.files and path not in metadata.unread:
            yield finding_kinds.METADATA_MISSING.at(f"{shown(path)} does not exist", path)


def _too_large(path: str) -> Finding:
    message = f"{shown(path)} is larger than {MAX_METADATA_BYTES:,} bytes: not checked"
    return finding_kinds.METADATA_TOO_LARGE.at(message, path)


def _check_tag_manifests(bag: Bag) -> Iterator[Finding]:
    """Report missing tag manifests: optional in the RFC, but every payload manifest of a package has one.

    Only the profile of an institution can ask for other algorithms in the tag manifests.
    """
    profiles = bag.info.values("BagIt-Profile-Identifier")
    if bag.tag_manifests and profiles and PROFILE_IDENTIFIER not in profiles:
        return
    existing = {manifest.algorithm for manifest in bag.tag_manifests}
    for manifest in bag.manifests:
        if manifest.algorithm is not None and manifest.algorithm not in existing:
            name = f"tag{manifest.name}"
            yield finding_kinds.TAG_MANIFEST_MISSING.at(
                f"there is no {shown(name)} beside {shown(manifest.name)}", name
            )
