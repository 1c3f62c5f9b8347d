"""Reads the metadata files of a package, within limits."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from archtool.bagit.limits import MAX_METADATA_BYTES
from archtool.bagit.model import Bag
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.file_record import FileRecord
from archtool.files.source import FileSource
from archtool.operations.content.adopted_info import ADOPTED_INFO_PATHS
from archtool.operations.limits import MAX_DESCRIBED_VALUES, MAX_GROUP_FILES, MAX_JSON_DEPTH
from archtool.operations.open_package.package_paths import (
    CITATION_PATH,
    DESCRIPTION_PATHS,
    FILE_TIMES_PATH,
    GROUP_MANIFEST_PATH,
    INVENTORY_PATH,
    PREMIS_PATH,
    PROVENANCE_PATH,
    REPAIRS_FOLDER,
)
from archtool.strict_json import JsonRules, parse_json
from archtool.text.repairing.limits import MAX_CHANGE_LOG_BYTES

METADATA_PATHS = frozenset([*DESCRIPTION_PATHS, CITATION_PATH, INVENTORY_PATH, PROVENANCE_PATH, PREMIS_PATH])
_OPTIONAL_PATHS = frozenset([FILE_TIMES_PATH, GROUP_MANIFEST_PATH])
FEW_VALUES = 100_000  # allowed in any metadata file, even for a small description
GROUP_LINE_BYTES = 50  # of the shortest line in the list of a group: part, size, MD5 digest and path
VALUES_OF_A_FILE = 64  # values of one payload file in the provenance: about forty, with a margin
ManifestDigests = Mapping[str, Mapping[Algorithm, str]]


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata files of a package as bytes, without those that are missing or could not be read."""

    files: Mapping[str, bytes]
    too_large: frozenset[str] = frozenset()
    """Files that exist but exceed the size limit, so their content is unknown."""
    unread: frozenset[str] = frozenset()
    """Files that exist but could not be read; the fixity check reports them."""
    payload_files: int = 0
    """The number of payload files, which limits how many values the metadata can need; of a part of a group,
    those of all parts."""

    @property
    def description_path(self) -> str:
        """The path of the description, whether it exists or is missing."""
        existing = (self.files, self.too_large, self.unread)
        return next(
            (p for p in DESCRIPTION_PATHS if any(p in paths for paths in existing)), DESCRIPTION_PATHS[0]
        )

    def json(self, path: str) -> Any:
        """Parse a metadata file's JSON; return `None` if the file does not exist.

        Raises:
            InputError: it is not JSON, is ambiguous, or has more values than such a file can need.
        """
        return self.parse(self.files[path], path) if path in self.files else None

    def parse(self, data: bytes, name: str) -> Any:
        """Parse JSON that was derived from the description and the payload.

        Raises:
            InputError: it is not JSON, is ambiguous, or has more values than such a file can need.
        """
        rules = JsonRules(MAX_METADATA_BYTES, self.max_values, MAX_JSON_DEPTH, allows_half_pairs=True)
        return parse_json(data, name, rules)

    @property
    def max_values(self) -> int:
        """The largest number of values that a file derived from description and payload can need.

        Each value of the description takes at least one byte of its text, so its size is an upper limit.
        """
        stated = min(len(self.files.get(self.description_path, b"")), MAX_DESCRIBED_VALUES)
        return FEW_VALUES + VALUES_OF_A_FILE * self.payload_files + stated


def read_metadata(source: FileSource, files: Mapping[str, int]) -> Metadata:
    """Read the metadata files that exist, and the bag-info.txt of an adopted bag."""
    found: dict[str, bytes] = {}
    too_large: set[str] = set()
    unread: set[str] = set()
    wanted = (METADATA_PATHS | ADOPTED_INFO_PATHS | _OPTIONAL_PATHS) & files.keys()
    logs = [path for path in files if path.startswith(REPAIRS_FOLDER)]
    logs_bytes = MAX_CHANGE_LOG_BYTES
    for path in sorted((*wanted, *logs)):
        is_log = path not in wanted
        try:
            found[path] = source.read_bytes(path, logs_bytes if is_log else MAX_METADATA_BYTES)
            logs_bytes -= len(found[path]) if is_log else 0
        except OSError as error:
            if error.errno == errno.EFBIG:
                too_large.add(path)
            elif error.errno != errno.ENOENT:
                unread.add(path)
    payload_files = sum(1 for path in files if path.startswith("data/"))
    described_files = max(payload_files, _count_group_files(found.get(GROUP_MANIFEST_PATH, b"")))
    return Metadata(found, frozenset(too_large), frozenset(unread), described_files)


def _count_group_files(data: bytes) -> int:
    """Return how many files the list of a group can have: the metadata of a part describe all of them."""
    return min(data.count(b"\n"), len(data) // GROUP_LINE_BYTES, MAX_GROUP_FILES)


def manifest_digests(bag: Bag, records: Iterable[FileRecord] = ()) -> ManifestDigests:
    """Return the digests in the payload manifests, by path and algorithm.

    For algorithms without a manifest, the digests computed for listed files (`records`) are added.
    """
    digests: dict[str, dict[Algorithm, str]] = {}
    for manifest in bag.manifests:
        if manifest.algorithm is not None:
            for entry in manifest.entries:
                digests.setdefault(entry.path, {})[manifest.algorithm] = entry.hex
    for record in records:
        for digest in record.digests if record.path in digests else ():
            digests[record.path].setdefault(digest.algorithm, digest.hex)
    return digests
