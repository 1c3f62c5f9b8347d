"""Opens a package for reading its metadata, without looking at the payload's bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.bagit import finding_kinds
from archtool.bagit.completeness import check_tag_manifests
from archtool.bagit.fixity import FixityTask, check_file, plan_fixity
from archtool.bagit.layout import BagLayout
from archtool.bagit.model import Bag
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.hash_file import hash_file
from archtool.files.read_once import ReadOnceSource
from archtool.files.source import FileSource
from archtool.findings import Finding
from archtool.operations.content.metadata import Metadata, read_metadata
from archtool.operations.open_package.opened_bag import read_declared_bag
from archtool.operations.open_package.opening import open_bag

_UNREAD = frozenset((finding_kinds.TAG_FILE_UNREADABLE.code, finding_kinds.TAG_FILE_TOO_LARGE.code))


@dataclass(frozen=True, slots=True)
class OpenPackage:
    """A package whose tag files were read."""

    source: FileSource
    bag: Bag
    layout: BagLayout
    metadata: Metadata
    unread: tuple[Finding, ...] = ()
    """Tag files that are there and could not be read."""

    def has_all_tag_files(self) -> bool:
        """Whether there are tag manifests, and everything that they list is there."""
        listed = {entry.path for manifest in self.bag.tag_manifests for entry in manifest.entries}
        return bool(self._tag_tasks()) and all(self.layout.on_disk(path) is not None for path in listed)

    def check_tag_files(self) -> tuple[Finding, ...]:
        """A finding for each tag file that is not what the tag manifests say, or that they list in vain."""
        findings: list[Finding] = []
        for task in self._tag_tasks():
            findings += check_file(task, lambda path, algorithms: hash_file(self.source, path, algorithms))[1]
        missing = (
            f for f in check_tag_manifests(self.bag, self.layout) if f.code == finding_kinds.FILE_MISSING.code
        )
        return (*findings, *missing)

    def check_bytes_read(self, path: str) -> tuple[Finding, ...]:
        """What the tag manifests say against the bytes of a metadata file that were read.

        The file is not read again: what is printed of it is what was compared.
        """
        data = self.metadata.files.get(path)
        tasks = [task for task in self._tag_tasks() if task.path == path]
        if data is None or not tasks:
            return ()

        def hash_read(name: str, algorithms: Sequence[Algorithm]) -> FileRecord:
            return FileRecord(name, len(data), tuple(digest_bytes(a, data) for a in algorithms))

        return check_file(tasks[0], hash_read)[1]

    def _tag_tasks(self) -> list[FixityTask]:
        return [t for t in plan_fixity(self.bag, self.layout) if not t.path.startswith("data/")]


@contextmanager
def open_package(root: Path, limits: Limits | None = None) -> Iterator[OpenPackage]:
    """Read the tag files of a bag: a folder, or an archive of one.

    Raises:
        InputError: there is no such thing, or it is no bag.
    """
    with open_bag(root, limits) as opened:
        read = read_declared_bag(root, ReadOnceSource(opened))
        unread = tuple(finding for finding in read.tag_findings if finding.code in _UNREAD)
        metadata = read_metadata(read.source, read.layout.files)
        yield OpenPackage(read.source, read.bag, read.layout, metadata, unread)
