"""The content of a package: its description, its inventory and the manifests of an adopted bag.

All of it is read before the payload is, so that the payload is read once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from archtool.bagit.fixity import FixityTask
from archtool.bagit.layout import BagLayout
from archtool.bagit.model import Bag
from archtool.files.hashing.file_record import FileRecord
from archtool.files.source import FileSource, Sink
from archtool.findings import Finding
from archtool.operations.content.adopted_manifests import (
    Claims,
    also_for,
    check_evidence,
    claims_of,
    read_evidence,
)
from archtool.operations.content.consistency import check_content
from archtool.operations.content.content_check import Content
from archtool.operations.content.line_claims import LineClaimChecks, collect_line_claims
from archtool.operations.content.metadata import Metadata, read_metadata


@dataclass(frozen=True, slots=True)
class PackageContent:
    """Everything that the metadata says about the payload, already read."""

    bag: Bag
    layout: BagLayout
    metadata: Metadata
    lines: LineClaimChecks
    claims: Claims
    unused: tuple[Finding, ...]
    """Files that the adopted manifests list and the package does not have."""

    def add_digests(self, tasks: Sequence[FixityTask]) -> list[FixityTask]:
        """See `ContentCheck`."""
        return also_for(tasks, self.claims)

    @property
    def wants_digests(self) -> bool:
        """See `ContentCheck`."""
        return bool(self.claims)

    def observed_paths(self) -> Collection[str]:
        """See `ContentCheck`."""
        return self.lines.paths

    def sinks(self, path: str) -> Sequence[Sink]:
        """See `ContentCheck`."""
        return self.lines.sinks(path)

    def observes(self, path: str) -> bool:
        """See `ContentCheck`."""
        return self.lines.observes(path)

    def check(self, records: Sequence[FileRecord], seen: Sequence[Finding]) -> Content:
        """See `ContentCheck`."""
        unchanged = _unchanged(records, seen)
        found_in_files = (
            *self.lines.findings(unchanged),
            *self.unused,
            *check_evidence(records, self.claims),
        )
        report, found = check_content(self.metadata, self.bag, self.layout, found_in_files, records)
        return Content(report.verdict.value, dict(report.facts), found)


def read_package_content(source: FileSource, bag: Bag, layout: BagLayout) -> PackageContent:
    """Read the metadata files, and collect what they claim about the payload."""
    metadata = read_metadata(source, layout.files)
    claims, unused = claims_of(read_evidence(source, layout), layout)
    return PackageContent(bag, layout, metadata, collect_line_claims(metadata), claims, unused)


def _unchanged(records: Sequence[FileRecord], findings: Sequence[Finding]) -> frozenset[str]:
    """Return the files that were read whole and match every digest."""
    damaged = {finding.place.file for finding in findings if finding.place is not None}
    return frozenset(record.path for record in records) - damaged
