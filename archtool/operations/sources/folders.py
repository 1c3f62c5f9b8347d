"""Folders that a description declares in one line: one digest stands for all the files below each.

It is the digest of the lines that a payload manifest has for these files, in the manifest's own algorithm, so
that nobody needs archtool to take it again:

    grep '^[0-9a-f]*  data/scans/' manifest-sha512.txt | sha512sum
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from archtool.bagit.tag_files.manifest_writer import format_manifest
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.files.hashing.file_record import FileRecord


@dataclass(frozen=True, slots=True)
class FolderRecord:
    """What is known of a folder after its files were read."""

    path: str
    """From the package's root, with a `/` at its end."""
    file_count: int
    total_bytes: int
    lines: tuple[Digest, ...]
    """One for each algorithm that all its files have a digest of: that of their manifest's lines."""


def folder_of(path: str, folders: Collection[str]) -> str | None:
    """The one of these folders (with a `/` at the end) that a file lies in, if it lies in one.

    Folders do not lie inside each other (the description is refused otherwise), so one answer is all. Its
    cost is that of the path's depth, however many folders there are: `folders` should be a set or a mapping.
    """
    end = path.find("/")
    while end >= 0 and folders:
        if path[: end + 1] in folders:
            return path[: end + 1]
        end = path.find("/", end + 1)
    return None


def record_folders(folders: Iterable[str], records: Iterable[FileRecord]) -> dict[str, FolderRecord]:
    """Put together what was read of the files below each folder."""
    below: dict[str, list[FileRecord]] = {folder: [] for folder in folders}
    for record in records if below else ():
        folder = folder_of(record.path, below)
        if folder is not None:
            below[folder].append(record)
    return {folder: _record(folder, inside) for folder, inside in below.items()}


def _record(path: str, below: Sequence[FileRecord]) -> FolderRecord:
    lines = (
        digest_lines([(r.path, r.digest(algorithm)) for r in below], algorithm)
        for algorithm in _shared_algorithms(below)
    )
    return FolderRecord(path, len(below), sum(r.size_bytes for r in below), tuple(lines))


def _shared_algorithms(records: Sequence[FileRecord]) -> list[Algorithm]:
    first = [digest.algorithm for digest in records[0].digests] if records else []
    return [a for a in first if all(any(d.algorithm is a for d in r.digests) for r in records)]


def digest_lines(digests: Iterable[tuple[str, Digest]], algorithm: Algorithm) -> Digest:
    """The digest of these lines of a manifest, in the manifest's own algorithm."""
    return digest_bytes(algorithm, format_manifest(digests).encode("utf-8", "surrogateescape"))


def digests_of_folders(
    folders: Iterable[str], manifests: Mapping[str, Mapping[Algorithm, str]]
) -> dict[str, dict[Algorithm, str]]:
    """What the payload manifests say of whole folders; of one without files nothing."""
    lines: dict[str, dict[Algorithm, list[tuple[str, Digest]]]] = {}
    wanted = frozenset(folders)
    for path, said in manifests.items() if wanted else ():
        folder = folder_of(path, wanted)
        if folder is not None:
            for algorithm, hexadecimal in said.items():
                pair = (path, Digest(algorithm, hexadecimal.lower()))
                lines.setdefault(folder, {}).setdefault(algorithm, []).append(pair)
    return {
        folder: {algorithm: digest_lines(pairs, algorithm).hex for algorithm, pairs in by_algorithm.items()}
        for folder, by_algorithm in lines.items()
    }
