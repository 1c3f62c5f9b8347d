"""Whether a package's metadata agrees with its payload and with itself.

A bag that is not ours has no such metadata: it is `not-described`, and nothing is held against it.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from archtool.bagit.layout import Layout
from archtool.bagit.limits import MAX_METADATA_BYTES
from archtool.bagit.model import Bag
from archtool.description.document.nodes import MAX_VALUES
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.file_record import FileRecord
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.findings import Finding, Severity, bounded, has_errors
from archtool.operations import finding_kinds
from archtool.operations.open_package.package_paths import (
    CITATION_PATH,
    DESCRIPTION_PATHS,
    INVENTORY_PATH,
    PREMIS_PATH,
    PROFILE_IDENTIFIER,
    PROVENANCE_PATH,
)
from archtool.strict_json import JsonRules, parse_json

_OURS = frozenset([*DESCRIPTION_PATHS, CITATION_PATH, INVENTORY_PATH, PROVENANCE_PATH, PREMIS_PATH])
MAX_JSON_DEPTH = 128  # a description's own depth, twice: checks that walk down must come to an end
FEW_VALUES = 100_000  # of any metadata file, however little there is to describe
MAX_DESCRIBED_VALUES = 4 * MAX_VALUES  # what is derived from a value of the description may be several
VALUES_OF_A_FILE = 64  # of one payload file in the provenance: some forty
ManifestDigests = Mapping[str, Mapping[Algorithm, str]]


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


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata files of a package, as bytes; what is missing or unreadable is not there."""

    files: Mapping[str, bytes]
    too_large: frozenset[str] = frozenset()
    """Files that are there, but larger than is read: nothing is known of what they say."""
    unread: frozenset[str] = frozenset()
    """Files that are there and could not be read, of which the fixity check tells."""
    payload_files: int = 0
    """How many files the metadata can have to speak of."""

    @property
    def description_path(self) -> str:
        """Where the description is, or should be."""
        there = (self.files, self.too_large, self.unread)
        return next(
            (p for p in DESCRIPTION_PATHS if any(p in paths for paths in there)), DESCRIPTION_PATHS[0]
        )

    def json(self, path: str) -> Any:
        """A metadata file's JSON; `None` where there is none.

        Raises:
            InputError: it is not JSON that can be read in one way, or has more values than it can need.
        """
        if path not in self.files:
            return None
        rules = JsonRules(MAX_METADATA_BYTES, self.max_values, MAX_JSON_DEPTH, allows_half_pairs=True)
        return parse_json(self.files[path], path, rules)

    @property
    def max_values(self) -> int:
        """How many values a file can need that was derived from the description and the payload.

        A value of the description takes several bytes of its text.
        """
        stated = min(len(self.files.get(self.description_path, b"")), MAX_DESCRIBED_VALUES)
        return FEW_VALUES + VALUES_OF_A_FILE * self.payload_files + stated


def read_metadata(source: FileSource, files: Mapping[str, int]) -> Metadata:
    """Read the metadata files that are there."""
    found: dict[str, bytes] = {}
    too_large: set[str] = set()
    unread: set[str] = set()
    for path in sorted(_OURS & files.keys()):
        try:
            found[path] = source.read_bytes(path, MAX_METADATA_BYTES)
        except OSError as error:
            if error.errno == errno.EFBIG:
                too_large.add(path)
            elif error.errno != errno.ENOENT:
                unread.add(path)
    payload_files = sum(1 for path in files if path.startswith("data/"))
    return Metadata(found, frozenset(too_large), frozenset(unread), payload_files)


def check_content(
    metadata: Metadata,
    bag: Bag,
    layout: Layout,
    seen_in_lines: Iterable[Finding] = (),
    records: Iterable[FileRecord] = (),
) -> tuple[ContentReport, tuple[Finding, ...]]:
    """Hold the metadata against the payload's manifests and against the description.

    `seen_in_lines` is what was found of the inventory's stretches of lines when the payload was read, and
    `records` has the digests that were taken then: also in algorithms that only an adopted bag used.
    """
    claims_to_be_ours = PROFILE_IDENTIFIER in bag.info.values("BagIt-Profile-Identifier")
    if not claims_to_be_ours and not _OURS & layout.files.keys():
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


def manifest_digests(bag: Bag, records: Iterable[FileRecord] = ()) -> ManifestDigests:
    """What the payload manifests say, by path and algorithm; in others what was taken of listed files."""
    said: dict[str, dict[Algorithm, str]] = {}
    for manifest in bag.manifests:
        if manifest.algorithm is not None:
            for entry in manifest.entries:
                said.setdefault(entry.path, {})[manifest.algorithm] = entry.hex
    for record in records:
        for digest in record.digests if record.path in said else ():
            said[record.path].setdefault(digest.algorithm, digest.hex)
    return said


def only_errors(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    """A package is not warned about again for what its description leaves open."""
    return (f for f in findings if f.severity is Severity.ERROR)
