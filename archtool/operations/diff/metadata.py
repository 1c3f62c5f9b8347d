"""Compares the tag files of two bags: first their bytes, then field by field if their fields are known.

It reads no files: its input is two bags that were read. Manifests are compared by the files that they list;
attestations are compared in `trust`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import Enum

from archtool.bagit.model import Manifest
from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.bagit.tag_files.fetch_txt import FILE_NAME as FETCH_NAME
from archtool.operations.diff.documents import (
    Change,
    Difference,
    Differences,
    ParsedDocument,
    compare_info,
    compare_trees,
    declaration_tree,
    fetch_tree,
    parse_document,
)
from archtool.operations.diff.pairing import FilesComparison, Pair, compare_files
from archtool.operations.diff.side import ReadBag, Side, listed_digests
from archtool.operations.open_package.package_paths import ATTESTATIONS_FOLDER

MANIFESTS = "manifests"
"""The name under which a difference in the set of manifests is reported."""


class TagFileChangeKind(Enum):
    """How a tag file differs."""

    CONTENT = "content"
    """Its content differs."""
    FORM = "form"
    """Its content is the same, its bytes differ."""
    BYTES = "bytes"
    """Its bytes differ; its content was not compared."""


@dataclass(frozen=True, slots=True)
class TagFileChange:
    """One tag file that differs."""

    file: str
    other_file: str
    """Its name in OTHER; usually the same."""
    kind: TagFileChangeKind
    differences: Differences = field(default_factory=Differences)


@dataclass(frozen=True, slots=True)
class MetadataComparison:
    """All differences in the metadata."""

    files: FilesComparison
    """The tag files by class, without manifests and attestations."""
    changes: tuple[TagFileChange, ...]

    @property
    def differs(self) -> bool:
        """Return whether anything is known to differ."""
        return self.files.differs or bool(self.changes)


def compare_metadata(one: ReadBag, other: ReadBag, attested: Collection[str]) -> MetadataComparison:
    """Compare the tag files of both bags; `attested` are the folders of attestations."""
    left, right = (
        [entry for entry in reading.tag_files if _is_metadata(entry.path, reading.side, attested)]
        for reading in (one, other)
    )
    files, renamed = _pair_other_names(compare_files(left, right), one.side, other.side)
    changes = (
        *(_compare_pair(pair, one.side, other.side) for pair in (*files.changed, *renamed)),
        *(_compare_same_bytes(pair, one.side, other.side) for pair in files.same),
        _compare_manifest_names(one.side, other.side),
        *_compare_manifests(one, other),
    )
    found = [change for change in changes if change is not None]
    found.sort(key=lambda change: (change.kind is not TagFileChangeKind.CONTENT, change.file))
    return MetadataComparison(files, tuple(found))


def _is_metadata(path: str, side: Side, attested: Collection[str]) -> bool:
    """Return whether a tag file is neither a manifest nor part of an attestation."""
    if any(path == manifest.name for manifest in side.manifests):
        return False
    return not (path.startswith(ATTESTATIONS_FOLDER) and "/".join(path.split("/")[:2]) in attested)


def _pair_other_names(
    files: FilesComparison, one: Side, other: Side
) -> tuple[FilesComparison, tuple[Pair, ...]]:
    """Pair the files that have another name in OTHER because of its version or its format."""
    names = {
        one.bag.declaration.info_name: other.bag.declaration.info_name,
        one.metadata.description_path: other.metadata.description_path,
    }
    missing = {unmatched.entry.path: unmatched.entry for unmatched in files.missing}
    added = {unmatched.entry.path: unmatched.entry for unmatched in files.added}
    pairs = tuple(Pair(missing[a], added[b]) for a, b in names.items() if a in missing and b in added)
    paired = {path for pair in pairs for path in (pair.one.path, pair.other.path)}
    left = replace(
        files,
        missing=tuple(unmatched for unmatched in files.missing if unmatched.entry.path not in paired),
        added=tuple(unmatched for unmatched in files.added if unmatched.entry.path not in paired),
    )
    return left, pairs


def _compare_pair(pair: Pair, one: Side, other: Side) -> TagFileChange:
    path, other_path = pair.one.path, pair.other.path
    differences, is_all = _compare_fields(path, other_path, one, other)
    change = _content_change(path, other_path, differences)
    return change or TagFileChange(
        path, other_path, TagFileChangeKind.FORM if is_all else TagFileChangeKind.BYTES
    )


def _compare_same_bytes(pair: Pair, one: Side, other: Side) -> TagFileChange | None:
    """Compare the content of equal bytes: it depends on the version and the encoding in bagit.txt."""
    path, other_path = pair.one.path, pair.other.path
    if path not in (one.bag.declaration.info_name, FETCH_NAME):
        return None
    differences, _ = _compare_fields(path, other_path, one, other)
    return _content_change(path, other_path, differences)


def _content_change(path: str, other_path: str, differences: Differences) -> TagFileChange | None:
    return TagFileChange(path, other_path, TagFileChangeKind.CONTENT, differences) if differences else None


def _compare_fields(path: str, other_path: str, one: Side, other: Side) -> tuple[Differences, bool]:
    """Return the differences of two tag files, and whether all of their content was compared."""
    if path in one.faulty or other_path in other.faulty:
        return Differences(), False
    if (path, other_path) == (one.bag.declaration.info_name, other.bag.declaration.info_name):
        return Differences.of(compare_info(one.bag.info, other.bag.info)), True
    document, other_document = _parse(path, one), _parse(other_path, other)
    if document is None or other_document is None:
        return Differences(), False
    differences = Differences.of(compare_trees(document.tree, other_document.tree))
    return differences, document.is_all and other_document.is_all


def _parse(path: str, side: Side) -> ParsedDocument | None:
    if path == DECLARATION_NAME:
        return ParsedDocument(declaration_tree(side.bag.declaration))
    if path == FETCH_NAME:
        return ParsedDocument(fetch_tree(side.bag.fetch))
    data = side.metadata.files.get(path)
    return parse_document(path, data) if data is not None else None


def _compare_manifest_names(one: Side, other: Side) -> TagFileChange | None:
    differences = Differences.of(compare_trees(_manifest_names(one), _manifest_names(other)))
    return _content_change(MANIFESTS, MANIFESTS, differences)


def _manifest_names(side: Side) -> dict[str, str]:
    kinds = {"payload": side.bag.manifests, "tag files": side.bag.tag_manifests}
    return {kind: ", ".join(sorted(m.name for m in manifests)) or "none" for kind, manifests in kinds.items()}


def _compare_manifests(one: ReadBag, other: ReadBag) -> Iterator[TagFileChange | None]:
    """Compare the digests that manifests of the same name list for files with the same bytes in both bags.

    For files that differ, the manifests differ as well; this is not reported again.
    """
    left, right = ({e.path: e for e in (*r.payload, *r.tag_files)} for r in (one, other))
    same = {path for path in left.keys() & right.keys() if Pair(left[path], right[path]).has_same_bytes}
    others = {manifest.name: manifest for manifest in other.side.manifests}
    for manifest in one.side.manifests:
        if manifest.name in others:
            differences = Differences.of(_compare_listed(manifest, others[manifest.name], same))
            yield _content_change(manifest.name, manifest.name, differences)


def _compare_listed(one: Manifest, other: Manifest, same: AbstractSet[str]) -> Iterator[Difference]:
    listed, other_listed = listed_digests(one), listed_digests(other)
    for path in sorted(same & (listed.keys() | other_listed.keys())):
        digest, other_digest = listed.get(path), other_listed.get(path)
        if digest is None:
            yield Difference(path, Change.ADDED, other=other_digest)
        elif other_digest is None:
            yield Difference(path, Change.MISSING, one=digest)
        elif digest != other_digest:
            yield Difference(path, Change.CHANGED, digest, other_digest)
