"""Opens one of the two bags, reads each of its files once, and reads what its manifests claim."""

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
from archtool.files.read_once import ReadOnceSource
from archtool.files.source import FileSource
from archtool.files.workers.parallel import for_each_file_in_threads
from archtool.findings import Finding, Severity
from archtool.operations.content.metadata import Metadata, read_metadata
from archtool.operations.diff.pairing import FileEntry
from archtool.operations.open_package.opened_bag import read_declared_bag
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.package_paths import ATTESTATIONS_FOLDER, find_sidecar
from archtool.operations.open_package.sidecar import Sidecar, read_sidecar
from archtool.progress import Progress

TAG_ALGORITHM = Algorithm.SHA512  # tag files are small: they need no algorithm that both bags' manifests have


@dataclass(frozen=True, slots=True)
class Side:
    """A bag that was opened, and whose tag files were parsed."""

    name: str
    """ONE or OTHER."""
    source: ReadOnceSource
    found: Sequence[FoundFile]
    """All names in it."""
    bag: Bag
    layout: BagLayout
    metadata: Metadata
    faulty: frozenset[str]
    """The tag files that cannot be read as what they are, or not wholly."""
    sidecar: Sidecar | None
    """The attestations that lie beside it."""

    @property
    def manifests(self) -> tuple[Manifest, ...]:
        """The payload manifests, then the tag manifests."""
        return (*self.bag.manifests, *self.bag.tag_manifests)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """About the archive that holds it, and about its sidecar."""
        return (*self.source.findings, *(self.sidecar.findings if self.sidecar is not None else ()))

    @property
    def is_whole(self) -> bool:
        """Whether it is known that what was not found is not there.

        A tar that is cut exactly between two members can be read to its last byte: only its missing end mark
        shows that a part is gone.
        """
        return self.source.is_whole and all(f.code != END_MISSING.code for f in self.source.findings)


@contextmanager
def open_side(name: str, root: Path, sidecar: Path | None, limits: Limits) -> Iterator[Side]:
    """Open a bag, a folder or an archive, and read its tag files and its sidecar.

    `sidecar` is the one that was named; otherwise it is looked for beside the bag.

    Raises:
        InputError: there is no such bag, or it cannot be read.
    """
    with open_bag(root, limits) as source:
        opened = read_declared_bag(root, ReadOnceSource(source))
        errors = (finding for finding in opened.tag_findings if finding.severity is Severity.ERROR)
        beside = find_sidecar(root, sidecar)
        yield Side(
            name=name,
            source=opened.source,
            found=opened.found,
            bag=opened.bag,
            layout=opened.layout,
            metadata=read_metadata(opened.source, opened.layout.files),
            faulty=frozenset(f.place.file for f in errors if f.place is not None),
            sidecar=read_sidecar(beside) if beside is not None else None,
        )


@dataclass(frozen=True, slots=True)
class DamagedFile:
    """A file that is not what a manifest of its own bag says."""

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
        """The files of attestations; those that lie only beside the bag as if they were in it."""
        inside = [entry for entry in self.tag_files if entry.path.startswith(ATTESTATIONS_FOLDER)]
        beside = self.side.sidecar.files if self.side.sidecar is not None else {}
        only_beside = [
            FileEntry(path, len(data), (digest_bytes(TAG_ALGORITHM, data),))
            for path, data in beside.items()
            if path not in self.side.layout.files
        ]
        return (*inside, *only_beside)


def plan_reading(side: Side, payload: Algorithm | None) -> list[FixityTask]:
    """Plan to read every tag file, and every payload file if there is an algorithm for the payload."""
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
    no_files = (f for f in side.found if _is_compared(f, payload))
    entries = [
        FileEntry(f.path, kind=f.kind, problem=f.problem, is_trouble=f.error_number is not None)
        for f in no_files
    ]
    damaged: list[DamagedFile] = []
    read_files = read_bytes = 0
    for look in for_each_file_in_threads(side.source, tasks, _look_at_file, jobs):
        entries.append(_entry(look))
        if look.record is not None:
            read_files, read_bytes = read_files + 1, read_bytes + look.record.size_bytes
            found = look.record.digest
            damaged += [
                DamagedFile(side.name, look.task.path, said, found(said.digest.algorithm))
                for said in look.wrong
            ]
        progress.advance(look.task.size_bytes)
    return ReadBag(
        side,
        payload=tuple(e for e in entries if _is_payload(e.path)),
        tag_files=tuple(e for e in entries if not _is_payload(e.path)),
        damaged=tuple(sorted(damaged, key=lambda d: (d.path, d.expected.manifest, d.expected.line))),
        read_files=read_files,
        read_bytes=read_bytes,
    )


def _look_at_file(view: FileSource, task: FixityTask) -> FirstReading:
    return read_and_compare(task, partial(hash_file, view))


def _is_payload(path: str) -> bool:
    """Whether a name is the folder `data` itself, or in it."""
    return path == "data" or path.startswith("data/")


def _is_compared(found: FoundFile, payload: Algorithm | None) -> bool:
    """Whether something that is no file is compared; `data` alone only says that there is no payload."""
    if found.kind is FileKind.FILE or (found.kind is FileKind.FOLDER and found.path == "data"):
        return False
    return payload is not None or not _is_payload(found.path)


def _entry(look: FirstReading) -> FileEntry:
    if look.record is None:
        problem = "; ".join(finding.message for finding in look.findings)
        is_trouble = any(finding.exit_code is ExitCode.SURROUNDINGS for finding in look.findings)
        return FileEntry(look.task.path, look.task.size_bytes, problem=problem, is_trouble=is_trouble)
    # of its digests the one that all files of both bags have, not those that only its own manifests name
    digests = tuple(look.record.digest(algorithm) for algorithm in look.task.also)
    return FileEntry(look.task.path, look.record.size_bytes, digests)


def listed_payload(side: Side, algorithms: Sequence[Algorithm]) -> tuple[FileEntry, ...]:
    """Return every payload file that a manifest lists, with the digests that it claims; nothing is read."""
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
    """Return the digest of each listed path; of a path that is listed twice, the first."""
    listed: dict[str, str] = {}
    for number, path in enumerate(manifest.paths):
        if path not in listed:
            listed[path] = manifest.hex(number)
    return listed


@dataclass(frozen=True, slots=True)
class LostFile:
    """A file that a manifest lists and its own bag does not hold."""

    side: str
    path: str
    manifest: str
    line: int
    is_to_fetch: bool
    """Whether fetch.txt says where to get it: then it is not lost, only not fetched yet."""


def find_lost(side: Side, *, with_payload: bool) -> list[LostFile]:
    """Find every file that a manifest lists and that is not there, each once, in the order of paths."""
    if not side.is_whole:
        return []  # it may be in the part that was not read
    to_fetch = {item.path for item in side.bag.fetch}
    others = side.layout.others
    closed = tuple(f"{path}/" for path, kind in others.items() if kind is FileKind.UNREADABLE)
    lost: dict[str, LostFile] = {}
    for manifest in side.manifests:
        for entry in side.layout.absent_entries(manifest):
            path = entry.path
            is_wanted = with_payload or not _is_payload(path)
            if is_wanted and path not in others and not path.startswith(closed):
                lost.setdefault(path, LostFile(side.name, path, manifest.name, entry.line, path in to_fetch))
    return [lost[path] for path in sorted(lost)]
