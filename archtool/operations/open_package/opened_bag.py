"""Reads the file names and tag files of an open bag, and matches listed paths with files.

Every command that reads a bag begins with this.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from archtool.bagit.completeness import check_completeness, check_oxum, check_tag_manifests
from archtool.bagit.layout import BagLayout, build_layout
from archtool.bagit.listing import PAYLOAD_FOLDER, UNKNOWN_BYTES, BagListing, list_names
from archtool.bagit.model import Bag
from archtool.bagit.reader import read_bag
from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.errors import InputError
from archtool.files.file_kinds import FileKind, FoundFile
from archtool.files.paths import shown
from archtool.files.read_once import ReadOnceSource
from archtool.files.source import FileSource
from archtool.files.tree import Tree
from archtool.findings import Finding
from archtool.operations.open_package.changed_meanwhile import check_unchanged
from archtool.operations.open_package.nearby_bags import missing_declaration_error, refuse_unless_bag
from archtool.operations.open_package.unread import has_readable_declaration, refuse_unread


@dataclass(frozen=True, slots=True)
class OpenedBag:
    """A bag whose names and tag files were read."""

    source: ReadOnceSource
    bag: Bag
    layout: BagLayout
    tag_findings: tuple[Finding, ...]
    """About the form of the tag files."""
    name_findings: tuple[Finding, ...]
    """About names, and about entries that are not files."""
    found: Sequence[FoundFile]
    """The files that the walk found; without the payload where only its names were listed."""
    folders_without_sizes: tuple[str, ...] = ()
    """The folders of whose files only the names were listed."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings about the names and the tag files."""
        return (*self.tag_findings, *self.name_findings)

    def check_complete(self) -> tuple[Finding, ...]:
        """Compare the files with what the tag files list, and check the payload's size (RFC 8493 §3)."""
        self._fill_in_sizes()
        bag, layout = self.bag, self.layout
        return (
            *check_completeness(bag, layout),
            *check_oxum(bag, layout),
            *check_tag_manifests(bag, layout),
        )

    def _fill_in_sizes(self) -> None:
        """Look up the sizes of the files of which only the names were listed."""
        tree = self.source.inner
        if UNKNOWN_BYTES not in self.layout.files.values():
            return
        for path in [path for path, size in self.layout.files.items() if size == UNKNOWN_BYTES]:
            size_bytes = 0  # it vanished since it was listed
            if isinstance(tree, Tree):
                with suppress(OSError):
                    size_bytes = tree.stat(path).st_size
            self.layout.files[path] = size_bytes

    def check_unchanged(self) -> tuple[Finding, ...]:
        """Compare the files that exist now with those that were found."""
        return check_unchanged(self.source.inner, self.found, without=self.folders_without_sizes)


def read_opened_bag(root: Path, source: ReadOnceSource, *, with_sizes: bool = True) -> OpenedBag:
    """Read the names and the tag files of a bag.

    Without sizes a bag of many small files is listed in a fifth of the time. They are not needed if every
    payload file is read and only the manifests mention it.

    Raises:
        NotABagError: there is no bag.
    """
    tree = source.inner
    at_root = _list_root(root, tree)
    folders = [item.path for item in at_root if item.kind is FileKind.FOLDER]
    if with_sizes or not isinstance(tree, Tree) or folders != [PAYLOAD_FOLDER]:
        found = tuple(source.walk())
        bag, findings = read_bag(source, found)
        layout, name_findings = build_layout(bag, BagListing.of(found))
        return OpenedBag(source, bag, layout, findings, name_findings, found)
    tag_files = tuple(item for item in at_root if item.kind is not FileKind.FOLDER)
    bag, findings = read_bag(source, tag_files)
    listed = bag.manifests[0].paths if bag.manifests else ()
    layout, name_findings = build_layout(bag, list_names(tree, tag_files, listed))
    return OpenedBag(source, bag, layout, findings, name_findings, tag_files, (PAYLOAD_FOLDER,))


def read_declared_bag(root: Path, source: ReadOnceSource) -> OpenedBag:
    """Read the names and the tag files of a bag that has a readable bagit.txt.

    Raises:
        InputError: there is no bag, its folder cannot be listed, or its bagit.txt is missing or hidden in a
            damaged archive.
    """
    _list_root(root, source.inner)
    found = list(source.walk())
    if not has_readable_declaration(source, found):
        refuse_unread(source, str(root))
    closed = next((item for item in found if item.kind is FileKind.UNREADABLE and not item.path), None)
    if closed is not None:
        message = f"{shown(str(root))} cannot be listed: {closed.problem}"
        raise InputError(message, hint="check its permissions")
    if not any(item.path == DECLARATION_NAME for item in found):
        raise missing_declaration_error(root)
    return read_opened_bag(root, source)


def _list_root(root: Path, source: FileSource) -> list[FoundFile]:
    """Check that this is a bag; return the entries at the root of a folder, nothing for an archive."""
    at_root: list[FoundFile] = []
    if isinstance(source, Tree):
        with suppress(OSError):  # the walk reports it
            at_root = source.list_root()
    refuse_unless_bag(root, source, [item.path for item in at_root if item.kind is FileKind.FILE])
    return at_root
