"""Opens a bag of another maker whose payload is packed, and keeps its tag files as evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archtool.bagit.fixity import FixityTask, check_file, plan_fixity
from archtool.bagit.giver import Giver
from archtool.bagit.layout import BagLayout
from archtool.bagit.model import Bag
from archtool.errors import InputError, MaterialRefusedError
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.hash_file import hash_file
from archtool.files.paths import shell_word, shown
from archtool.files.read_once import ReadOnceSource
from archtool.files.source import FileSource
from archtool.findings import Finding, has_errors
from archtool.operations.limits import MAX_EVIDENCE_BYTES
from archtool.operations.open_package.opened_bag import read_opened_bag
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.package_paths import ADOPTED_FOLDER
from archtool.operations.pack.compose import AdoptedTagFiles
from archtool.progress import Progress


@dataclass(frozen=True, slots=True)
class AdoptedBag:
    """A bag whose names and tag files were checked; its payload was not read."""

    path: Path

    source: FileSource
    tasks: Mapping[str, FixityTask]
    """By payload path: the digests in the bag's manifests."""
    tag_files: AdoptedTagFiles | None
    """`None` if the bag is not adopted."""
    findings: tuple[Finding, ...]
    """About its names and tag files; a bag with errors is not adopted."""

    @property
    def is_adoptable(self) -> bool:
        """Whether it is complete, and all its tag files are valid and could be read."""
        return self.tag_files is not None

    def refuse_unless_adoptable(self) -> None:
        """Refuse a bag that is not complete, or whose tag files are not valid.

        Raises:
            MaterialRefusedError: it is such a bag; the error contains all findings.
        """
        if not self.is_adoptable:
            raise MaterialRefusedError(
                f"not adopted: {shown(str(self.path))} is not a valid bag; nothing was written",
                self.findings,
                hint=f"list every problem with: archtool verify {shell_word(str(self.path))}",
            )

    def algorithms_of(self, path: str) -> tuple[Algorithm, ...]:
        """Return the algorithms of the bag's own digests of a file."""
        return self.tasks[path].algorithms if path in self.tasks else ()

    def check(self, record: FileRecord) -> tuple[Finding, ...]:
        """Compare a file that was just read with the bag's digests; one that differs is read again."""
        if record.path not in self.tasks:
            return ()
        first_read = [record]

        def read(path: str, algorithms: Sequence[Algorithm]) -> FileRecord:
            return first_read.pop() if first_read else hash_file(self.source, path, algorithms)

        return check_file(self.tasks[record.path], read)[1]


@contextmanager
def open_adopted_bag(path: Path, progress: Progress | None = None) -> Iterator[AdoptedBag]:
    """Open a bag (a folder, or an archive of one) and check everything except the payload's bytes.

    Raises:
        InputError: there is no such bag, or its tag files are too large to be kept.
    """
    with open_bag(path, progress=progress) as opened:
        source = ReadOnceSource(opened)
        # (1) check that it is complete, by the rules of its own version
        read = read_opened_bag(path, source)
        bag, layout = read.bag, read.layout
        findings = [*source.findings, *read.findings, *read.check_complete()]
        # (2) compare its tag files with its tag manifests
        tasks = plan_fixity(bag, layout)
        for task in tasks:
            if not task.path.startswith("data/"):
                findings += check_file(task, lambda file, wanted: hash_file(source, file, wanted))[1]
        is_adoptable = source.is_whole and not has_errors(findings)
        # (3) keep its tag files, byte for byte
        tag_files = _read_tag_files(path, source, bag, layout) if is_adoptable else None
        payload = {task.path: task for task in tasks if task.path.startswith("data/")}
        yield AdoptedBag(path, opened, payload, tag_files, tuple(findings))


def _read_tag_files(path: Path, source: FileSource, bag: Bag, layout: BagLayout) -> AdoptedTagFiles:
    tag_files = {name: size for name, size in layout.files.items() if not name.startswith("data/")}
    if sum(tag_files.values()) > MAX_EVIDENCE_BYTES:
        raise InputError(
            f"the tag files of {shown(str(path))} are larger than {MAX_EVIDENCE_BYTES:,} bytes together",
            hint="adopt the bag in parts, or a copy of it without its larger tag files",
        )
    files = {
        f"{ADOPTED_FOLDER}{name}": source.read_bytes(name, MAX_EVIDENCE_BYTES) for name in sorted(tag_files)
    }
    version = ".".join(map(str, bag.declaration.version))
    identifiers = bag.info.values("External-Identifier")
    return AdoptedTagFiles(path.name, version, tuple(identifiers), files, Giver.of(bag.info))
