"""Opens a package for reading its metadata, without looking at the payload's bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archtool.bag import kinds
from archtool.bag.fixity import check_file, plan_fixity
from archtool.bag.layout import Layout, lay_out
from archtool.bag.model import Bag
from archtool.bag.reader import read_bag
from archtool.findings import Finding
from archtool.fixity.read_once import ReadOnce
from archtool.fixity.source import FileSource
from archtool.fixity.transfer import hash_file
from archtool.operations.consistency import Metadata, read_metadata
from archtool.operations.nearby_bags import missing_declaration, refuse_unless_bag
from archtool.operations.opening import open_bag
from archtool.operations.unread import has_readable_declaration, refuse_unread
from archtool.serialisation.limits import Limits

_UNREAD = frozenset((kinds.TAG_FILE_UNREADABLE.code, kinds.TAG_FILE_TOO_LARGE.code))


@dataclass(frozen=True, slots=True)
class OpenPackage:
    """A package whose tag files were read."""

    source: FileSource
    bag: Bag
    layout: Layout
    metadata: Metadata
    unread: tuple[Finding, ...] = ()
    """Tag files that are there and could not be read."""

    def metadata_holds(self) -> bool:
        """Whether every tag file is what the tag manifests say, and there are such manifests."""
        tasks = [t for t in plan_fixity(self.bag, self.layout) if not t.path.startswith("data/")]
        seen = [
            check_file(task, lambda path, algorithms: hash_file(self.source, path, algorithms))
            for task in tasks
        ]
        listed = {entry.path for manifest in self.bag.tag_manifests for entry in manifest.entries}
        are_there = all(self.layout.on_disk(path) is not None for path in listed)
        return bool(tasks) and are_there and not any(findings for _, findings in seen)


@contextmanager
def open_package(root: Path, limits: Limits | None = None) -> Iterator[OpenPackage]:
    """Read the tag files of a bag: a folder, or an archive of one.

    Raises:
        InputError: there is no such thing, or it is no bag.
    """
    with open_bag(root, limits) as opened:
        refuse_unless_bag(root, opened)
        source = ReadOnce(opened)
        found = list(source.walk())
        if not has_readable_declaration(source, found):
            refuse_unread(source, str(root))
        if not any(f.path == "bagit.txt" for f in found):
            raise missing_declaration(root)
        bag, seen = read_bag(source, found)
        layout, _ = lay_out(bag, found)
        unread = tuple(finding for finding in seen if finding.code in _UNREAD)
        yield OpenPackage(source, bag, layout, read_metadata(source, layout.files), unread)
