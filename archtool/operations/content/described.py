"""What one of our packages says of its payload: inventory, evidence of an adopted bag, metadata."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from archtool.bagit.fixity import FixityTask
from archtool.bagit.layout import Layout
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
from archtool.operations.content.consistency import Metadata, check_content, read_metadata
from archtool.operations.content.inside import Content
from archtool.operations.content.line_claims import LineLook, look_into_lines


@dataclass(frozen=True, slots=True)
class DescribedPackage:
    """All that is said of the payload, already read."""

    bag: Bag
    layout: Layout
    metadata: Metadata
    lines: LineLook
    claims: Claims
    unused: tuple[Finding, ...]
    """What the evidence names and the package has not."""

    def also_for(self, tasks: Sequence[FixityTask]) -> list[FixityTask]:
        """See `Inside`."""
        return also_for(tasks, self.claims)

    @property
    def wants_digests(self) -> bool:
        """See `Inside`."""
        return bool(self.claims)

    def listened(self) -> Collection[str]:
        """See `Inside`."""
        return self.lines.paths

    def sinks(self, path: str) -> Sequence[Sink]:
        """See `Inside`."""
        return self.lines.sinks(path)

    def listens_to(self, path: str) -> bool:
        """See `Inside`."""
        return self.lines.listens_to(path)

    def hold(self, records: Sequence[FileRecord], seen: Sequence[Finding]) -> Content:
        """See `Inside`."""
        unchanged = _unchanged(records, seen)
        told = (*self.lines.findings(unchanged), *self.unused, *check_evidence(records, self.claims))
        report, found = check_content(self.metadata, self.bag, self.layout, told, records)
        return Content(report.verdict.value, dict(report.facts), found)


def look_into_package(source: FileSource, bag: Bag, layout: Layout) -> DescribedPackage:
    """Read the metadata, and gather what they claim of the payload."""
    metadata = read_metadata(source, layout.files)
    claims, unused = claims_of(read_evidence(source, layout), layout)
    return DescribedPackage(bag, layout, metadata, look_into_lines(metadata), claims, unused)


def _unchanged(records: Sequence[FileRecord], findings: Sequence[Finding]) -> frozenset[str]:
    """The files that were read whole and are what every digest says."""
    damaged = {finding.place.file for finding in findings if finding.place is not None}
    return frozenset(record.path for record in records) - damaged
