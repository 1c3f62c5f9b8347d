"""Reads payload files for the page, and compares each with its manifests in the same read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archtool.bagit.fixity import FixityTask, plan_fixity
from archtool.errors import SourceChangedError
from archtool.operations.content.package_reader import OpenPackage
from archtool.operations.open_package.compared_read import read_compared
from archtool.report.package_page.model import FileState


@dataclass(frozen=True, slots=True)
class PayloadBytes:
    """The beginning of a payload file, as it was read."""

    data: bytes
    is_whole: bool
    state: FileState


ABSENT = PayloadBytes(b"", is_whole=False, state=FileState.MISSING)
UNREAD = PayloadBytes(b"", is_whole=False, state=FileState.NOT_READ)


def why_absent(package: OpenPackage) -> str:
    """Return why a described file is not there: the description of a part lists the files of all parts."""
    is_part = package.bag.info.first("Bag-Count") is not None
    return "it is not in this part of the group" if is_part else "it is missing from the package"


class _Beginning:
    """Keeps the first bytes of a file, and the digests see all of it."""

    def __init__(self, limit_bytes: int) -> None:
        self.data = bytearray()
        self.is_whole = True
        self._limit_bytes = limit_bytes

    def update(self, data: memoryview, /) -> None:
        room = self._limit_bytes - len(self.data)
        self.data += data[:room]
        self.is_whole = self.is_whole and len(data) <= room


class PayloadReader:
    """Reads files of one package, named as below `data/`."""

    def __init__(self, package: OpenPackage, files: Iterable[str]) -> None:
        self._package = package
        layout = package.layout
        paths = {file: layout.disk_path(f"data/{file}") for file in files}
        self._paths = {file: path for file, path in paths.items() if path is not None}
        wanted = set(self._paths.values())
        self._tasks = {task.path: task for task in plan_fixity(package.bag, layout, wanted)}

    def in_order(self, files: Iterable[str]) -> Sequence[str]:
        """Return the files in the order in which they are read fastest: in an archive, as they lie in it."""
        known = [file for file in files if file in self._paths]
        return sorted(known, key=lambda file: self._package.source.position(self._paths[file]))

    def size_of(self, file: str) -> int | None:
        """Return the size of a file in bytes; `None` if it is missing."""
        path = self._paths.get(file)
        return None if path is None else self._package.layout.known_size(path)

    def read(self, file: str, limit_bytes: int) -> PayloadBytes:
        """Read a file whole, and keep at most its first `limit_bytes`."""
        path = self._paths.get(file)
        if path is None:
            return ABSENT
        kept = _Beginning(limit_bytes)
        task = self._tasks.get(path, FixityTask(path, 0, ()))
        try:
            record, findings = read_compared(self._package.source, task, kept)
        except (OSError, SourceChangedError):
            return UNREAD
        if record is None:
            return UNREAD
        state = FileState.DIFFERS if findings else FileState.AS_LISTED
        state = FileState.UNLISTED if not task.expected else state
        return PayloadBytes(bytes(kept.data), kept.is_whole, state)
