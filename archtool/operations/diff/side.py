"""Opens one of the two bags, reads each of its files once, and lists the claims of its manifests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from archtool.archives.finding_kinds import END_MISSING
from archtool.archives.limits import Limits
from archtool.bagit.fixity import Expectation, FirstReading, FixityTask, plan_fixity, read_and_compare
from archtool.bagit.layout import BagLayout
from archtool.bagit.model import Bag, Manifest
from archtool.exit_codes import ExitCode
from archtool.files.file_kinds import FileKind, FoundFile
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.files.hashing.hash_file import hash_file
from archtool.files.hashing.readahead import StorageWait, request_readahead
from archtool.files.read_once import ReadOnceSource
from archtool.files.source import FileSource
from archtool.files.workers.concurrency import Concurrency
from archtool.files.workers.parallel import for_each_file_in_processes
from archtool.findings import Finding, Severity
from archtool.operations.content.metadata import Metadata, read_metadata
from archtool.operations.diff.pairing import FileEntry
from archtool.operations.open_package.opened_bag import read_declared_bag
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.package_paths import ATTESTATIONS_FOLDER, find_sidecar
from archtool.operations.open_package.sidecar import Sidecar, read_sidecar
from archtool.progress import Progress

TAG_ALGORITHM = Algorithm.SHA512  # tag files are small, so they need not use an algorithm of the manifests


@dataclass(frozen=True, slots=True)
class Side:
    """An open bag with parsed tag files."""

    name: str
    """ONE or OTHER."""
    source: ReadOnceSource
    found: Sequence[FoundFile]
    """All names in the bag."""
    bag: Bag
    layout: BagLayout
    metadata: Metadata
    faulty: frozenset[str]
    """The tag files that could not be parsed completely."""
    sidecar: Sidecar | None
    """The attestations in the sidecar of the bag."""

    @property
    def manifests(self) -> tuple[Manifest, ...]:
        """The payload manifests, then the tag manifests."""
        return (*self.bag.manifests, *self.bag.tag_manifests)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings about its archive and its sidecar."""
        return (*self.source.findings, *(self.sidecar.findings if self.sidecar is not None else ()))

    @property
    def is_whole(self) -> bool:
        """Whether the bag was read completely, so that a file which was not found is missing.

        A tar that is truncated exactly between two members can be read to its last byte: only the missing end
        mark shows that a part is missing.
        """
        return self.source.is_whole and all(f.code != END_MISSING.code for f in self.source.findings)


@contextmanager
def open_side(
    name: str, root: Path, sidecar: Path | None, limits: Limits, progress: Progress
) -> Iterator[Side]:
    """Open a bag, a folder or an archive, and read its tag files and its sidecar.

    `sidecar` is the path that the user named; if `None`, the default path is used if it exists.

    Raises:
        InputError: there is no such bag, or it cannot be read.
    """
    with open_bag(root, limits, progress) as source:
        opened = read_declared_bag(root, ReadOnceSource(source))
        errors = (finding for finding in opened.tag_findings if finding.severity is Severity.ERROR)
        sidecar_path = find_sidecar(root, sidecar)
        yield Side(
            name=name,
            source=opened.source,
            found=opened.found,
            bag=opened.bag,
            layout=opened.layout,
            metadata=read_metadata(opened.source, opened.layout.files),
            faulty=frozenset(f.place.file for f in errors if f.place is not None),
            sidecar=read_sidecar(sidecar_path) if sidecar_path is not None else None,
        )


@dataclass(frozen=True, slots=True)
class DamagedFile:
    """A file that differs from a manifest of its own bag."""

    side: str
    path: str
    expected: Expectation
    found: Digest


@dataclass(frozen=True, slots=True)
class ReadBag:
    """A bag whose files were read."""

    side: Side
    payload: tuple[FileEntry, ...]
    tag_files: tuple[FileEntry, ...]
    damaged: tuple[DamagedFile, ...]
    read_files: int
    read_bytes: int

    @property
    def attestation_files(self) -> tuple[FileEntry, ...]:
        """The files of attestations; files that only the sidecar has get their paths in the package."""
        inside = [entry for entry in self.tag_files if entry.path.startswith(ATTESTATIONS_FOLDER)]
        sidecar_files = self.side.sidecar.files if self.side.sidecar is not None else {}
        only_in_sidecar = [
            FileEntry(path, len(data), (digest_bytes(TAG_ALGORITHM, data),))
            for path, data in sidecar_files.items()
            if path not in self.side.layout.files
        ]
        return (*inside, *only_in_sidecar)


def plan_reading(side: Side, payload: Algorithm | None) -> list[FixityTask]:
    """Return the tasks to read every tag file, and every payload file if `payload` names an algorithm."""
    only = frozenset(side.layout.tag_files) if payload is None else None
    expected = {task.path: task.expected for task in plan_fixity(side.bag, side.layout, only)}
    tasks = [
        FixityTask(path, size_bytes, expected.get(path, ()), (algorithm,))
        for path, size_bytes in side.layout.files.items()
        if (algorithm := payload if _is_payload(path) else TAG_ALGORITHM) is not None
    ]
    return sorted(tasks, key=lambda task: side.source.position(task.path))


def read_side(
    side: Side, tasks: Sequence[FixityTask], payload: Algorithm | None, jobs: int, progress: Progress
) -> ReadBag:
    """Read every planned file once, and compare it with the manifests of its own bag."""
    entries = [
        FileEntry(f.path, kind=f.kind, problem=f.problem, is_system_error=f.error_number is not None)
        for f in side.found
        if _is_compared_other_kind(f, payload)
    ]
    damaged: list[DamagedFile] = []
    read_files = read_bytes = 0
    for reading in _read_all(side, tasks, jobs, progress):
        entries.append(_entry(reading))
        if reading.record is not None:
            read_files, read_bytes = read_files + 1, read_bytes + reading.record.size_bytes
            digest_in = reading.record.digest
            damaged += [
                DamagedFile(side.name, reading.task.path, expected, digest_in(expected.digest.algorithm))
                for expected in reading.wrong
            ]
        progress.advance(reading.task.size_bytes)
    return ReadBag(
        side,
        payload=tuple(e for e in entries if _is_payload(e.path)),
        tag_files=tuple(e for e in entries if not _is_payload(e.path)),
        damaged=tuple(sorted(damaged, key=lambda d: (d.path, d.expected.manifest, d.expected.line))),
        read_files=read_files,
        read_bytes=read_bytes,
    )


def _read_all(
    side: Side, tasks: Sequence[FixityTask], jobs: int, progress: Progress
) -> Iterator[FirstReading]:
    """Read tag files in this process, where the source keeps them, and the payload in several."""
    concurrency = Concurrency(jobs, jobs).metered(progress.meter)
    pace, storage_wait = concurrency.pace(jobs), StorageWait()
    sinks = [] if pace is None else [pace]

    def read(view: FileSource, task: FixityTask) -> FirstReading:
        return read_and_compare(task, partial(hash_file, view, sinks=sinks))

    def prefetch(view: FileSource, batch: Sequence[FixityTask]) -> None:
        request_readahead(view, [task.path for task in batch], storage_wait)

    payload = [task for task in tasks if _is_payload(task.path)]
    if side.source.is_sequential:  # each change of direction would start at the beginning of the archive
        yield from (read(side.source, task) for task in tasks)
        return
    yield from (read(side.source, task) for task in tasks if not _is_payload(task.path))
    size_bytes = sum(task.size_bytes for task in payload)
    yield from for_each_file_in_processes(
        side.source, payload, read, concurrency.sized_for(len(payload), size_bytes), prefetch
    )


def _is_payload(path: str) -> bool:
    """Return whether a path is the folder `data` or in it."""
    return path == "data" or path.startswith("data/")


def _is_compared_other_kind(found: FoundFile, payload: Algorithm | None) -> bool:
    """Return whether a name that is not a file is compared; an empty folder `data` is not."""
    if found.kind is FileKind.FILE or (found.kind is FileKind.FOLDER and found.path == "data"):
        return False
    return payload is not None or not _is_payload(found.path)


def _entry(reading: FirstReading) -> FileEntry:
    path = reading.task.path
    if reading.record is None:
        problem = "; ".join(finding.message for finding in reading.findings)
        is_system_error = any(finding.exit_code is ExitCode.SURROUNDINGS for finding in reading.findings)
        return FileEntry(path, reading.task.size_bytes, problem=problem, is_system_error=is_system_error)
    # only the digest that all files of both bags have, without those that only its own manifests need
    digests = tuple(reading.record.digest(algorithm) for algorithm in reading.task.also)
    return FileEntry(path, reading.record.size_bytes, digests)


def listed_payload(side: Side, algorithms: Sequence[Algorithm]) -> tuple[FileEntry, ...]:
    """Return every payload file that a manifest lists, with the listed digests; no file is read."""
    claimed: dict[str, dict[Algorithm, Digest]] = {}
    for manifest in side.bag.manifests:
        algorithm = manifest.algorithm
        for path, hexadecimal in listed_digests(manifest).items():
            digests = claimed.setdefault(side.layout.disk_path(path) or path, {})
            if algorithm is not None and algorithm in algorithms and hexadecimal:
                digests.setdefault(algorithm, Digest(algorithm, hexadecimal))
    return tuple(
        FileEntry(path, digests=tuple(digests[a] for a in algorithms if a in digests))
        for path, digests in sorted(claimed.items())
    )


def listed_digests(manifest: Manifest) -> dict[str, str]:
    """Return the digest of each listed path; for a path that is listed twice, the first digest."""
    listed: dict[str, str] = {}
    for number, path in enumerate(manifest.paths):
        if path not in listed:
            listed[path] = manifest.hex(number)
    return listed


@dataclass(frozen=True, slots=True)
class LostFile:
    """A file that a manifest lists and its own bag lacks."""

    side: str
    path: str
    manifest: str
    line: int
    is_to_fetch: bool
    """Whether fetch.txt lists it: then it is not lost, only not fetched yet."""


def find_lost(side: Side, *, with_payload: bool) -> list[LostFile]:
    """Return every file that a manifest lists and that is missing, each once, in the order of paths."""
    if not side.is_whole:
        return []  # a file can be in the part that was not read
    to_fetch = {item.path for item in side.bag.fetch}
    others = side.layout.others
    closed = tuple(f"{path}/" for path, kind in others.items() if kind is FileKind.UNREADABLE)
    lost: dict[str, LostFile] = {}
    for manifest in side.manifests:
        for entry in side.layout.absent_entries(manifest):
            path = entry.path
            is_compared = with_payload or not _is_payload(path)
            if is_compared and path not in others and not path.startswith(closed):
                lost.setdefault(path, LostFile(side.name, path, manifest.name, entry.line, path in to_fetch))
    return [lost[path] for path in sorted(lost)]
