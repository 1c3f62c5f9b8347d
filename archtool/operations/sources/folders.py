"""Computes one digest for all files of a folder that a description declares in one line.

It is the digest of the lines that a payload manifest has for these files, in the manifest's own algorithm, so
it can be computed without archtool:

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
    """What is known about a folder after its files were read."""

    path: str
    """Relative to the package's root, with a `/` at its end."""
    file_count: int
    total_bytes: int
    lines: tuple[Digest, ...]
    """The digest of the manifest's lines, for each algorithm in which every file has a digest."""


def folder_of(path: str, folders: Collection[str]) -> str | None:
    """Return the folder (with a `/` at the end) that contains a file, or `None`.

    At most one of the folders can: a description with a declared folder inside another is refused. The cost
    depends on the depth of the path only if `folders` is a set or a mapping.
    """
    end = path.find("/")
    while end >= 0 and folders:
        if path[: end + 1] in folders:
            return path[: end + 1]
        end = path.find("/", end + 1)
    return None


def record_folders(folders: Iterable[str], records: Iterable[FileRecord]) -> dict[str, FolderRecord]:
    """Combine the records of the files in each folder."""
    by_folder: dict[str, list[FileRecord]] = {folder: [] for folder in folders}
    for record in records if by_folder else ():
        folder = folder_of(record.path, by_folder)
        if folder is not None:
            by_folder[folder].append(record)
    return {folder: _record(folder, files) for folder, files in by_folder.items()}


def _record(path: str, files: Sequence[FileRecord]) -> FolderRecord:
    lines = (
        digest_lines([(r.path, r.digest(algorithm)) for r in files], algorithm)
        for algorithm in _shared_algorithms(files)
    )
    return FolderRecord(path, len(files), sum(r.size_bytes for r in files), tuple(lines))


def _shared_algorithms(records: Sequence[FileRecord]) -> list[Algorithm]:
    first = [digest.algorithm for digest in records[0].digests] if records else []
    return [a for a in first if all(any(d.algorithm is a for d in r.digests) for r in records)]


def digest_lines(digests: Iterable[tuple[str, Digest]], algorithm: Algorithm) -> Digest:
    """Return the digest of the given lines of a manifest, in the manifest's own algorithm."""
    return digest_bytes(algorithm, format_manifest(digests).encode("utf-8", "surrogateescape"))


def digests_of_folders(
    folders: Iterable[str], manifests: Mapping[str, Mapping[Algorithm, str]]
) -> dict[str, dict[Algorithm, str]]:
    """Return the digests of folders, computed from the payload manifests; none for a folder without files."""
    lines: dict[str, dict[Algorithm, list[tuple[str, Digest]]]] = {}
    wanted = frozenset(folders)
    for path, digests in manifests.items() if wanted else ():
        folder = folder_of(path, wanted)
        if folder is not None:
            for algorithm, hexadecimal in digests.items():
                pair = (path, Digest(algorithm, hexadecimal.lower()))
                lines.setdefault(folder, {}).setdefault(algorithm, []).append(pair)
    return {
        folder: {algorithm: digest_lines(pairs, algorithm).hex for algorithm, pairs in by_algorithm.items()}
        for folder, by_algorithm in lines.items()
    }
