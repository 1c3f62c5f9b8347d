"""Reads what a package's metadata claims about the payload: description, inventory, adopted manifests.

All of it is read before the payload, so that one read of the payload is enough.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archtool.bagit.fixity import FixityTask
from archtool.bagit.layout import BagLayout
from archtool.bagit.limits import MAX_METADATA_BYTES
from archtool.bagit.model import Bag
from archtool.files.hashing.file_record import FileRecord
from archtool.files.source import FileSource, Sink
from archtool.findings import Finding
from archtool.operations.content.adopted_manifests import (
    AdoptedClaims,
    add_claimed_digests,
    check_adopted_claims,
    collect_adopted_claims,
    read_adopted_manifests,
)
from archtool.operations.content.consistency import check_content
from archtool.operations.content.content_check import Content
from archtool.operations.content.inventory.line_claims import LineClaimChecks, collect_line_claims
from archtool.operations.content.metadata import Metadata, read_metadata
from archtool.operations.open_package.package_paths import REPAIRS_FOLDER

if TYPE_CHECKING:  # lazy: 20 ms, only repaired texts need it
    from archtool.operations.content.repairs.package_repairs import PackageRepairs


@dataclass(frozen=True, slots=True)
class PackageContent:
    """The claims of the metadata about the payload; implements `ContentCheck`."""

    bag: Bag
    layout: BagLayout
    metadata: Metadata
    lines: LineClaimChecks
    claims: AdoptedClaims
    unused: tuple[Finding, ...]
    """Files that the adopted manifests list and the package does not have."""
    source: FileSource
    repairs: PackageRepairs | None = None
    """The repaired texts, if there are any."""

    def add_digests(self, tasks: Sequence[FixityTask]) -> list[FixityTask]:
        """See `ContentCheck`."""
        claimed = add_claimed_digests(tasks, self.claims)
        return claimed if self.repairs is None else self.repairs.add_digests(claimed)

    @property
    def wants_digests(self) -> bool:
        """See `ContentCheck`."""
        return bool(self.claims) or (self.repairs is not None and self.repairs.wants_digests(self.bag))

    def observed_paths(self) -> Collection[str]:
        """See `ContentCheck`."""
        return self.lines.paths if self.repairs is None else {*self.lines.paths, *self.repairs.observed_paths}

    def sinks(self, path: str) -> Sequence[Sink]:
        """See `ContentCheck`."""
        return (*self.lines.sinks(path), *(self.repairs.sinks(path) if self.repairs is not None else ()))

    def observes(self, path: str) -> bool:
        """See `ContentCheck`."""
        is_kept = self.repairs is not None and path in self.repairs.observed_paths
        return self.lines.observes(path) or is_kept

    def check(self, records: Sequence[FileRecord], file_findings: Sequence[Finding]) -> Content:
        """See `ContentCheck`."""
        unchanged = _unchanged(records, file_findings)
        payload_findings = (
            *self.lines.findings(unchanged),
            *self.unused,
            *check_adopted_claims(records, self.claims),
            *(self.repairs.replay(unchanged) if self.repairs is not None else ()),
        )
        report, findings = check_content(
            self.metadata, self.bag, self.layout, payload_findings, records, self._read_file
        )
        facts = {**report.facts, **(self.repairs.facts() if self.repairs is not None else {})}
        return Content(report.verdict.value, facts, findings)

    def _read_file(self, path: str) -> bytes:
        return self.source.read_bytes(self.layout.disk_path(path) or path, MAX_METADATA_BYTES)


def read_package_content(
    source: FileSource, bag: Bag, layout: BagLayout, *, replays: bool = False
) -> PackageContent:
    """Read the metadata files, and collect what they claim about the payload.

    `replays` is whether the repairs of texts are replayed from their originals.
    """
    metadata = read_metadata(source, layout.files)
    claims, unused = collect_adopted_claims(read_adopted_manifests(source, layout), layout)
    repairs = None
    if any(path.startswith(REPAIRS_FOLDER) for path in metadata.files):
        # lazy: 20 ms, only repaired texts need it
        from archtool.operations.content.repairs.package_repairs import PackageRepairs

        repairs = PackageRepairs.of(metadata, is_replayed=replays)
    return PackageContent(
        bag, layout, metadata, collect_line_claims(metadata), claims, unused, source, repairs
    )


def _unchanged(records: Sequence[FileRecord], findings: Sequence[Finding]) -> frozenset[str]:
    """Return the files that were read completely and match every digest."""
    damaged = {finding.place.file for finding in findings if finding.place is not None}
    return frozenset(record.path for record in records) - damaged
