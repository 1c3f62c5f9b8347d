"""Whether a package's metadata agrees with its payload and with itself.

A bag that is not ours has no such metadata: it is `not-described`, and nothing is held against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
    INVENTORY_PATH,
    PREMIS_PATH,
    PROFILE_IDENTIFIER,
    PROVENANCE_PATH,
)


class ContentVerdict(Enum):
    """Whether what is said of the payload is true of it."""

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    NOT_DESCRIBED = "not-described"


@dataclass(frozen=True, slots=True)
class ContentReport:
    """The verdict, and what a script may want to know of the content."""

    verdict: ContentVerdict
    facts: Mapping[str, Any] = field(default_factory=dict)


def check_content(
    metadata: Metadata,
    bag: Bag,
    layout: BagLayout,
    seen_in_lines: Iterable[Finding] = (),
    records: Iterable[FileRecord] = (),
) -> tuple[ContentReport, tuple[Finding, ...]]:
    """Hold the metadata against the payload's manifests and against the description.

    `seen_in_lines` is what was found of the inventory's stretches of lines when the payload was read, and
    `records` has the digests that were taken then: also in algorithms that only an adopted bag used.
    """
    claims_to_be_ours = PROFILE_IDENTIFIER in bag.info.values("BagIt-Profile-Identifier")
    if not claims_to_be_ours and not METADATA_PATHS & layout.files.keys():
        return ContentReport(ContentVerdict.NOT_DESCRIBED), ()
    # the checks themselves need the description's room and its schema: foreign bags never pay for them
    from archtool.operations.content.metadata_checks import check_metadata

    findings = [*_check_presence(metadata), *_check_tag_manifests(bag), *seen_in_lines]
    digests = manifest_digests(bag, records)
    facts, seen = check_metadata(metadata, bag, layout.payload_as_listed, digests)
    findings += seen
    verdict = ContentVerdict.INCONSISTENT if has_errors(findings) else ContentVerdict.CONSISTENT
    return ContentReport(verdict, facts), tuple(bounded(findings))


def _check_presence(metadata: Metadata) -> Iterator[Finding]:
    wanted = [metadata.description_path, CITATION_PATH, INVENTORY_PATH, PROVENANCE_PATH, PREMIS_PATH]
    for path in wanted:
        if path in metadata.too_large:
            message = f"{shown(path)} is larger than {MAX_METADATA_BYTES:,} bytes: not looked at"
            yield finding_kinds.METADATA_TOO_LARGE.at(message, path)
        elif path not in metadata.files and path not in metadata.unread:
            yield finding_kinds.METADATA_MISSING.at(f"{shown(path)} is not there", path)


def _check_tag_manifests(bag: Bag) -> Iterator[Finding]:
    """The RFC asks for no tag manifest; our packages have one for each payload manifest."""
    there = {manifest.algorithm for manifest in bag.tag_manifests}
    for manifest in bag.manifests:
        if manifest.algorithm is not None and manifest.algorithm not in there:
            name = f"tag{manifest.name}"
            yield finding_kinds.TAG_MANIFEST_MISSING.at(
                f"there is no {shown(name)} beside {shown(manifest.name)}", name
            )
