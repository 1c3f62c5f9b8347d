"""Writes many drafts: each folder appears complete or not at all, and a group of them is flushed at once.

A folder that is flushed by itself waits for the disk some ten times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from archtool.files.paths import shown
from archtool.files.writing.atomic_rename import rename_to_new
from archtool.files.writing.staging import stage_beside
from archtool.files.writing.storage_errors import storage_errors
from archtool.files.writing.tree_operations import flush, flush_folder
from archtool.operations.importing import finding_kinds
from archtool.operations.importing.limits import MAX_GROUP_BYTES, MAX_GROUP_DRAFTS
from archtool.results import Result

_STAGED = "drafts"


@dataclass(frozen=True, slots=True)
class _Pending:
    """A result that is reported when the drafts before it are written."""

    result: Result
    folder: Path | None = None
    files: Mapping[str, bytes] | None = None


class DraftWriter:
    """Writes drafts into one folder, and returns the results in the order in which they were added."""

    def __init__(self, target: Path, *, sync: bool) -> None:
        self._target = target
        self._sync = sync
        self._pending: list[_Pending] = []
        self._size_bytes = 0
        self._count = 0
        self._has_cleared = False

    def add(
        self, result: Result, folder: Path | None = None, files: Mapping[str, bytes] | None = None
    ) -> Iterator[Result]:
        """Add a result, with the files of its new folder if it has one; yield the results that are final.

        Raises:
            StorageError: the drafts cannot be written.
        """
        self._pending.append(_Pending(result, folder, files))
        if files is not None:
            self._count += 1
            self._size_bytes += sum(map(len, files.values()))
        if self._count in (0, MAX_GROUP_DRAFTS) or self._size_bytes >= MAX_GROUP_BYTES:
            yield from self.write()

    def write(self) -> Iterator[Result]:
        """Write all drafts that were added; yield their results.

        Raises:
            StorageError: the drafts cannot be written.
        """
        pending, self._pending = self._pending, []
        has_drafts, self._count, self._size_bytes = self._count > 0, 0, 0
        if has_drafts:
            pending = self._written(pending)
        yield from (one.result for one in pending)

    def _written(self, pending: list[_Pending]) -> list[_Pending]:
        # what a killed run left is cleared once: the search takes longer the more drafts there are
        with (
            stage_beside(self._target / _STAGED, clear=not self._has_cleared) as stage,
            storage_errors(self._target),
        ):
            self._has_cleared = True
            for number, one in enumerate(pending):
                if one.files is not None:
                    folder = stage.path / str(number)
                    folder.mkdir()
                    for name, content in one.files.items():
                        (folder / name).write_bytes(content)
            if self._sync:
                flush_folder(stage.path)
            done = [self._put_in_place(stage.path / str(number), one) for number, one in enumerate(pending)]
            if self._sync:
                flush(self._target)
        return done

    def _put_in_place(self, staged: Path, one: _Pending) -> _Pending:
        if one.folder is None:
            return one
        try:
            rename_to_new(staged, one.folder)
        except FileExistsError:
            message = f"{shown(str(one.folder))} appeared while the draft was made"
            finding = finding_kinds.FAILED.at(message, one.result.subject)
            return _Pending(replace(one.result, findings=(finding,), facts={"state": "failed"}))
        return one
