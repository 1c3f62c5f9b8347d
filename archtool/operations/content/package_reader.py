"""Opens a package and reads its tag files, without reading the payload."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.attestations.report import TrustReport
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
from archtool.operations.open_package.opened_bag import OpenedBag, read_declared_bag
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.sidecar import Sidecar
from archtool.operations.trust.trust_check import check_trust, trust_not_checked
from archtool.operations.trust.trust_request import TrustRequest

_UNREAD = frozenset((
    finding_kinds.TAG_FILE_UNREADABLE.code, finding_kinds.TAG_FILE_TOO_LARGE.code,
    finding_kinds.FOLDER_UNREADABLE.code,
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenPackage:
    """A package whose tag files were read."""

    source: FileSource
    bag: Bag
    layout: BagLayout
    metadata: Metadata
    unread: tuple[Finding, ...] = ()
    """Findings about tag files and folders that exist and could not be read."""

    @property
    def has_unread_folder(self) -> bool:
        """Return whether files can exist that were not found: then none is reported as missing."""
        return any(finding.code == finding_kinds.FOLDER_UNREADABLE.code for finding in self.unread)

    def check_trust(self, request: TrustRequest, at: datetime, sidecar: Sidecar | None) -> TrustReport:
        """Check the attestations in the package and in its sidecar; `at` is aware."""
        if self.has_unread_folder:
            return trust_not_checked(request, ())
        return check_trust(self.source, self.layout.files, request, at, sidecar)

    def has_all_tag_files(self) -> bool:
        """Return whether there are tag manifests and every file that they list exists."""
        listed = {entry.path for manifest in self.bag.tag_manifests for entry in manifest.entries}
        return bool(self._tag_tasks()) and all(self.layout.disk_path(path) is not None for path in listed)

    def check_tag_files(self) -> tuple[Finding, ...]:
        """Report each tag file that differs from the tag manifests, and each listed one that is missing."""
        findings: list[Finding] = []
        for task in self._tag_tasks():
            findings += check_file(task, lambda path, algorithms: hash_file(self.source, path, algorithms))[1]
        if not self.has_unread_folder:
            names = check_tag_manifests(self.bag, self.layout)
            findings += [f for f in names if f.code == finding_kinds.FILE_MISSING.code]
        return tuple(findings)

    def check_bytes_read(self, path: str) -> tuple[Finding, ...]:
        """Compare the bytes of a metadata file that were read with its digests in the tag manifests.

        The file is not read again, so the command prints exactly the bytes that were checked.
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
    """Open a bag (a folder, or an archive of one) and read its tag files.

    Raises:
        InputError: it does not exist or is not a bag.
    """
    with open_bag(root, limits) as opened:
        yield package_of(read_declared_bag(root, ReadOnceSource(opened)))


def package_of(read: OpenedBag) -> OpenPackage:
    """Read the metadata of a bag whose tag files were read."""
    unread = tuple(finding for finding in read.findings if finding.code in _UNREAD)
    metadata = read_metadata(read.source, read.layout.files)
    return OpenPackage(read.source, read.bag, read.layout, metadata, unread)
