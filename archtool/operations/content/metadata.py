"""The metadata files of a package: which they are, how they are read, and with which limits."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from archtool.bagit.limits import MAX_METADATA_BYTES
from archtool.bagit.model import Bag
from archtool.description.document.nodes import MAX_VALUES
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.file_record import FileRecord
from archtool.files.source import FileSource
from archtool.operations.open_package.package_paths import (
    CITATION_PATH,
    DESCRIPTION_PATHS,
    INVENTORY_PATH,
    PREMIS_PATH,
    PROVENANCE_PATH,
)
from archtool.strict_json import JsonRules, parse_json

METADATA_PATHS = frozenset([*DESCRIPTION_PATHS, CITATION_PATH, INVENTORY_PATH, PROVENANCE_PATH, PREMIS_PATH])
MAX_JSON_DEPTH = 128  # a description's own depth, twice: checks that walk down must come to an end
FEW_VALUES = 100_000  # of any metadata file, however little there is to describe
MAX_DESCRIBED_VALUES = 4 * MAX_VALUES  # what is derived from a value of the description may be several
VALUES_OF_A_FILE = 64  # of one payload file in the provenance: some forty
ManifestDigests = Mapping[str, Mapping[Algorithm, str]]


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
    for path in sorted(METADATA_PATHS & files.keys()):
        try:
            found[path] = source.read_bytes(path, MAX_METADATA_BYTES)
        except OSError as error:
            if error.errno == errno.EFBIG:
                too_large.add(path)
            elif error.errno != errno.ENOENT:
                unread.add(path)
    payload_files = sum(1 for path in files if path.startswith("data/"))
    return Metadata(found, frozenset(too_large), frozenset(unread), payload_files)


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
