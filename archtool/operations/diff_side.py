"""One of two bags that are compared: opens it, reads once what has to be read, and keeps the digests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archtool.bag.fixity import Expectation, FixityTask, Look, look_at, plan_fixity
from archtool.bag.layout import Layout, lay_out
from archtool.bag.listing import Listing
from archtool.bag.model import Bag
from archtool.bag.reader import read_bag
from archtool.errors import ExitCode, InputError
from archtool.findings import Finding, Severity
from archtool.fixity.digests import Algorithm, Digest, digest_bytes
from archtool.fixity.filekinds import FileKind, FoundFile
from archtool.fixity.hashing import hash_file
from archtool.fixity.parallel import for_each_file
from archtool.fixity.paths import shown
from archtool.fixity.read_once import ReadOnce
from archtool.fixity.source import FileSource
from archtool.operations.consistency import Metadata, read_metadata
from archtool.operations.diff_pairing import Seen
from archtool.operations.nearby_bags import missing_declaration, refuse_unless_bag
from archtool.operations.opening import open_bag
from archtool.operations.places import find_sidecar
from archtool.operations.sidecar import Sidecar, read_sidecar
from archtool.operations.unread import has_readable_declaration, refuse_unread
from archtool.progress import Progress
from archtool.serialisation.kinds import END_MISSING
from archtool.serialisation.limits import Limits

TAG_ALGORITHM = Algorithm.SHA512  # tag files are small, and every tag file is compared alike


@dataclass(frozen=True, slots=True)
class Side:
    """A bag that was opened, and whose tag files were read."""

    name: str
    """ONE or OTHER."""
    source: FileSource
    found: tuple[FoundFile, ...]
    bag: Bag
    layout: Layout
    metadata: Metadata
    faulty: frozenset[str]
    """Tag files that could not be read as what they are, or not wholly."""
    sidecar: Sidecar | None = None
    """The attestations that lie beside it."""

    @property
    def is_whole(self) -> bool:
        """Whether what is not there is known not to be there.

        A tar that is cut exactly between two members can be read to its last byte: only the end mark that
        it lacks tells of the part that is gone.
        """
        return self.source.is_whole and all(f.code != END_MISSING.code for f in self.source.findings)

    @property
    def beside(self) -> tuple[Seen, ...]:
        """The files of attestations that lie beside it only, as if they were in it."""
        files = self.sidecar.files if self.sidecar is not None else {}
        return tuple(
            Seen(path, len(data), (digest_bytes(TAG_ALGORITHM, data),))
            for path, data in files.items()
            if path not in self.layout.files
        )


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not what a manifest of its own bag says."""

    side: str
    path: str
    said: Expectation
    found: Digest


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one side."""

    payload: tuple[Seen, ...] = ()
    tag_files: tuple[Seen, ...] = ()
    damaged: tuple[Damage, ...] = ()
    read_files: int = 0
    read_bytes: int = 0


@contextmanager
def open_side(name: str, root: Path, sidecar: Path | None, limits: Limits) -> Iterator[Side]:
    """Open a bag, a folder or an archive, list it and read its tag files, and its sidecar if there is one.

    `sidecar` is the one that was named, if it does not lie beside the bag.

    Raises:
        InputError: there is no such thing, it cannot be read, or it is no bag.
    """
    with open_bag(root, limits) as opened:
        refuse_unless_bag(root, opened)
        source = ReadOnce(opened)
        found = tuple(source.walk())
        if not has_readable_declaration(source, found):
            refuse_unread(source, str(root))
        _refuse_unless_bag(root, found)
        bag, findings = read_bag(source, found)
        layout, _ = lay_out(bag, Listing.of(found))
        metadata = read_metadata(source, layout.files)
        place = find_sidecar(root, sidecar)
        beside = read_sidecar(place) if place is not None else None
        yield Side(name, source, found, bag, layout, metadata, _faulty(findings), beside)


def _refuse_unless_bag(root: Path, found: Sequence[FoundFile]) -> None:
    closed = next((f for f in found if f.kind is FileKind.UNREADABLE and not f.path), None)
    if closed is not None:
        message = f"{shown(str(root))} cannot be listed: {closed.problem}"
        raise InputError(message, hint="check its permissions")
    if not any(f.path == "bagit.txt" for f in found):
        raise missing_declaration(root)


def _faulty(findings: Sequence[Finding]) -> frozenset[str]:
    errors = (f for f in findings if f.severity is Severity.ERROR and f.place is not None)
    return frozenset(f.place.file for f in errors if f.place is not None)


def is_payload(path: str) -> bool:
    """Whether a name belongs to the payload: the folder `data` itself, or what is in it."""
    return path == "data" or path.startswith("data/")


def plan_reading(side: Side, payload: Algorithm | None) -> tuple[FixityTask, ...]:
    """What is to be read: every tag file, and every payload file where an algorithm is named for them."""
    expected = {task.path: task for task in plan_fixity(side.bag, side.layout)}
    paths = (p for p in side.layout.files if payload is not None or not is_payload(p))
    tasks = (expected.get(path) or FixityTask(path, side.layout.files[path], ()) for path in paths)
    return tuple(sorted(tasks, key=lambda task: side.source.position(task.path)))


def read_side(
    side: Side, tasks: Sequence[FixityTask], payload: Algorithm | None, jobs: int, progress: Progress
) -> Reading:
    """Read every file once: the digest that both sides have, and those that its own manifests name."""

    def look(view: FileSource, task: FixityTask) -> Look:
        wanted = payload if payload is not None and is_payload(task.path) else TAG_ALGORITHM
        return look_at(task, lambda path, said: hash_file(view, path, tuple(dict.fromkeys((wanted, *said)))))

    told = (f for f in side.found if _is_told(f, payload))
    seen = [Seen(f.path, kind=f.kind, problem=f.problem, is_trouble=f.trouble is not None) for f in told]
    damaged: list[Damage] = []
    read_bytes = 0
    for seen_look in for_each_file(side.source, tasks, look, jobs):
        seen.append(_seen(seen_look))
        damaged += _damage(side.name, seen_look)
        read_bytes += seen_look.record.size_bytes if seen_look.record else 0
        progress.advance(seen_look.task.size_bytes)
    return Reading(
        payload=tuple(s for s in seen if is_payload(s.path)),
        tag_files=tuple(s for s in seen if not is_payload(s.path)),
        damaged=tuple(sorted(damaged, key=lambda d: (d.path, d.said.manifest, d.said.line))),
        read_files=sum(1 for s in seen if s.digests),
        read_bytes=read_bytes,
    )


def _is_told(found: FoundFile, payload: Algorithm | None) -> bool:
    """Whether something that is no file is looked at; `data` alone only says that there is no payload."""
    if found.kind is FileKind.FILE or (found.kind is FileKind.FOLDER and found.path == "data"):
        return False
    return payload is not None or not is_payload(found.path)


def _seen(look: Look) -> Seen:
    if look.record is None:
        problem = "; ".join(finding.message for finding in look.findings)
        is_trouble = any(finding.exit_code is ExitCode.SURROUNDINGS for finding in look.findings)
        return Seen(look.task.path, look.task.size_bytes, problem=problem, is_trouble=is_trouble)
    # the first digest is the one that was asked for: one for all files that are held against each other
    return Seen(look.task.path, look.record.size_bytes, look.record.digests[:1])


def _damage(side: str, look: Look) -> Iterator[Damage]:
    if look.record is None:
        return
    for said in look.wrong:
        yield Damage(side, look.task.path, said, look.record.digest(said.digest.algorithm))
