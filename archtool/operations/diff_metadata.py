"""Compares the tag files of two bags: by their bytes first, then in their own words where those are known.

Pure: bags and bytes that were read come in. Manifests are compared by the files that they speak of, and
what lies in an attestation's folder is left to `diff_trust`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import Enum

from archtool.bag.declaration import FILE_NAME as DECLARATION_NAME
from archtool.bag.fetching import FILE_NAME as FETCH_NAME
from archtool.bag.model import Manifest
from archtool.operations.diff_documents import Fields, document_fields
from archtool.operations.diff_files import FilesComparison, compare_files
from archtool.operations.diff_pairing import Pair, have_same_bytes
from archtool.operations.diff_side import Reading, Side
from archtool.operations.diff_tag_fields import (
    compare_info,
    declaration_fields,
    fetch_fields,
    manifest_names,
)
from archtool.operations.diff_trees import Change, Difference, Differences, compare_trees, gather

MANIFESTS = "manifests"
"""The name under which it is said which manifests there are."""


class How(Enum):
    """How a tag file differs."""

    CONTENT = "content"
    """It says something else."""
    FORM = "form"
    """It says the same and is written otherwise."""
    BYTES = "bytes"
    """Its bytes differ; what that means was not looked into."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One tag file that differs."""

    file: str
    other_file: str
    """Its name in OTHER, which is nearly always the same."""
    how: How
    differences: Differences = field(default_factory=Differences)


@dataclass(frozen=True, slots=True)
class MetadataComparison:
    """All that differs in the metadata."""

    files: FilesComparison = field(default_factory=FilesComparison)
    """The tag files as such: which are missing, added, moved or could not be compared."""
    changes: tuple[FileChange, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether anything is known to differ."""
        return self.files.differs or bool(self.changes)


def compare_metadata(
    one: Side, other: Side, readings: tuple[Reading, Reading], attested: Collection[str]
) -> MetadataComparison:
    """Hold the tag files of both sides against each other; `attested` are the folders of attestations."""
    left, right = (
        [seen for seen in reading.tag_files if not _is_elsewhere(seen.path, side, attested)]
        for side, reading in zip((one, other), readings, strict=True)
    )
    files, renamed = _with_other_names(compare_files(left, right), one, other)
    pairs = [*(changed.pair for changed in files.changed), *renamed]
    differing = {pair.one.path for pair in pairs}
    # what a file says depends on the version and the encoding that bagit.txt declares
    told = [p for p in files.same if p.one.path in (one.bag.declaration.info_name, FETCH_NAME)]
    changes = [_change(pair, one, other, has_other_bytes=True) for pair in pairs]
    changes += [_change(p, one, other, has_other_bytes=False) for p in told if p.one.path not in differing]
    changes.append(
        _fields_change(MANIFESTS, gather(compare_trees(manifest_names(one), manifest_names(other))))
    )
    changes += _compare_manifests(one, other, readings)
    kept = (change for change in changes if change is not None)
    return MetadataComparison(files, tuple(sorted(kept, key=_words_first)))


def _words_first(change: FileChange) -> tuple[bool, str]:
    return change.how is not How.CONTENT, change.file


def _is_elsewhere(path: str, side: Side, attested: Collection[str]) -> bool:
    manifests = (*side.bag.manifests, *side.bag.tag_manifests)
    if any(path == manifest.name for manifest in manifests):
        return True
    return path.startswith("attestations/") and "/".join(path.split("/")[:2]) in attested


def _with_other_names(
    files: FilesComparison, one: Side, other: Side
) -> tuple[FilesComparison, tuple[Pair, ...]]:
    """Pair the files that have another name in OTHER because of its version, or of how it is written."""
    names = {
        one.bag.declaration.info_name: other.bag.declaration.info_name,
        one.metadata.description_path: other.metadata.description_path,
    }
    missing = {alone.seen.path: alone.seen for alone in files.missing}
    added = {alone.seen.path: alone.seen for alone in files.added}
    pairs = tuple(Pair(missing[a], added[b]) for a, b in names.items() if a in missing and b in added)
    taken = {path for pair in pairs for path in (pair.one.path, pair.other.path)}
    left = replace(
        files,
        missing=tuple(alone for alone in files.missing if alone.seen.path not in taken),
        added=tuple(alone for alone in files.added if alone.seen.path not in taken),
    )
    return left, pairs


def _change(pair: Pair, one: Side, other: Side, *, has_other_bytes: bool) -> FileChange | None:
    path, other_path = pair.one.path, pair.other.path
    differences, is_all = _compare_words(path, other_path, one, other)
    if differences:
        return FileChange(path, other_path, How.CONTENT, differences)
    if not has_other_bytes:
        return None
    return FileChange(path, other_path, How.FORM if is_all else How.BYTES)


def _compare_words(path: str, other_path: str, one: Side, other: Side) -> tuple[Differences, bool]:
    """Where two tag files say something else, and whether that is all that they say."""
    if path in one.faulty or other_path in other.faulty:
        return Differences(), False
    if (path, other_path) == (one.bag.declaration.info_name, other.bag.declaration.info_name):
        return gather(compare_info(one.bag.info, other.bag.info)), True
    fields, other_fields = _fields(path, one), _fields(other_path, other)
    if fields is None or other_fields is None:
        return Differences(), False
    differences = gather(compare_trees(fields.tree, other_fields.tree))
    return differences, fields.is_all and other_fields.is_all


def _fields(path: str, side: Side) -> Fields | None:
    """What a tag file says, as a tree; `None` where archtool does not know that, or could not read it."""
    if path == DECLARATION_NAME:
        return Fields(declaration_fields(side.bag.declaration))
    if path == FETCH_NAME:
        return Fields(fetch_fields(side.bag.fetch))
    return document_fields(path, side.metadata)


def _fields_change(name: str, differences: Differences) -> FileChange | None:
    return FileChange(name, name, How.CONTENT, differences) if differences else None


def _compare_manifests(
    one: Side, other: Side, readings: tuple[Reading, Reading]
) -> Iterator[FileChange | None]:
    """What two manifests of one name say of files whose bytes are the same on both sides.

    What they say of files that differ follows from these, and is not said again.
    """
    left_seen, right_seen = ({s.path: s for s in (*r.payload, *r.tag_files)} for r in readings)
    both = left_seen.keys() & right_seen.keys()
    same = {path for path in both if have_same_bytes(left_seen[path], right_seen[path])}
    sides = ((one.bag.manifests, other.bag.manifests), (one.bag.tag_manifests, other.bag.tag_manifests))
    for left_manifests, right_manifests in sides:
        named = {manifest.name: manifest for manifest in right_manifests}
        for manifest in left_manifests:
            if manifest.name in named:
                saying = _said_of_same(manifest, named[manifest.name], same)
                yield _fields_change(manifest.name, gather(saying))


def _said_of_same(one: Manifest, other: Manifest, same: AbstractSet[str]) -> Iterator[Difference]:
    left, right = _digests(one), _digests(other)
    for path in sorted(same & (left.keys() | right.keys())):
        said, other_said = left.get(path), right.get(path)
        if said != other_said:
            change = (
                Change.ADDED if said is None else Change.MISSING if other_said is None else Change.CHANGED
            )
            yield Difference(path, change, said, other_said)


def _digests(manifest: Manifest) -> Mapping[str, str]:
    return {path: entry.hex for path, entry in manifest.by_path().items()}
