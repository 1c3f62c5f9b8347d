"""Finds repaired texts among the files of a new description: copies with a change log beside them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from archtool.errors import InputError, SourceChangedError
from archtool.files.source import FileSource
from archtool.operations.describe.draft_files import DraftFiles
from archtool.operations.limits import MAX_OWN_TAG_BYTES
from archtool.text.repairing.change_log_file import SUFFIX, parse_change_log

_REVIEW_SUFFIX = ".tsv"
_REVIEW_COLUMNS = frozenset(["answer", "rule", "key"])
"""Columns that the first line of a review file names."""


@dataclass(frozen=True, slots=True)
class DraftRepair:
    """The files of one repair, by names relative to the folder of the description."""

    original: str
    changes: str
    language: str | None
    """The language that was given to the repair."""


@dataclass(frozen=True, slots=True)
class DraftRepairs:
    """The repairs among the files, and the files that are no part of the package."""

    by_copy: Mapping[str, DraftRepair] = field(default_factory=dict)
    reviews: tuple[str, ...] = ()
    """Review files: what a person answered is in the change log."""

    def without_own(self, files: DraftFiles) -> DraftFiles:
        """Return the files that are still to be described; the repaired copies are the first texts."""
        own = {name for one in self.by_copy.values() for name in (one.original, one.changes)}
        own |= set(self.reviews)
        kept = [file for file in files.all if file not in own]
        texts = [file for file in files.texts if file not in own and file not in self.by_copy]
        copies = [file for file in files.all if file in self.by_copy]
        return replace(files, all=kept, texts=[*copies, *texts])


NO_REPAIRS = DraftRepairs()


def find_repairs(source: FileSource, files: Sequence[str]) -> DraftRepairs:
    """Return the repaired copies that have a change log beside them; one that cannot be read is none."""
    found: dict[str, DraftRepair] = {}
    names = frozenset(files)
    for changes in files:
        copy = changes.removesuffix(SUFFIX)
        if copy == changes or copy not in names:
            continue
        try:
            log = parse_change_log(source.read_bytes(changes, MAX_OWN_TAG_BYTES))
        except (OSError, InputError, SourceChangedError):
            continue
        original = posixpath.join(posixpath.dirname(copy), log.original.name)
        found[copy] = DraftRepair(original, changes, log.language)
    if not found:  # the usual case
        return NO_REPAIRS
    return DraftRepairs(found, tuple(file for file in files if _is_review(source, file)))


def _is_review(source: FileSource, file: str) -> bool:
    if not file.endswith(_REVIEW_SUFFIX) or file.endswith(SUFFIX):
        return False
    try:
        data = source.read_bytes(file, MAX_OWN_TAG_BYTES)
    except (OSError, SourceChangedError):
        return False
    first_line = data.partition(b"\n")[0].decode("utf-8-sig", "replace")
    return {name.strip().strip('"') for name in first_line.split("\t")} >= _REVIEW_COLUMNS
