"""Divides the copies of a run into jobs, and says where each copy is on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archtool.batch.audit.task import AuditJob
from archtool.holdings.lookup.due import DueCopy
from archtool.holdings.model import PlaceKind
from archtool.holdings.places import local_path, shelf_of
from archtool.operations.audit.check_copy import ExpectedCopy

MAX_UNIT_COPIES = 16  # enough to make passing a job to a process cheap
MAX_UNIT_BYTES = 16 * 1024 * 1024  # of payload: a job takes a fraction of a second
_UNITS_PER_PROCESS = 8  # so that no process waits long for the last one


def unit_size(copies: int, jobs: int) -> int:
    """Return how many small copies a job has."""
    return max(1, min(MAX_UNIT_COPIES, copies // (jobs * _UNITS_PER_PROCESS)))


def divide(copies: Iterable[DueCopy], size: int) -> Iterator[list[DueCopy]]:
    """Yield the copies of each job, in their order; a large copy is a job of its own."""
    unit: list[DueCopy] = []
    size_bytes = 0
    for copy in copies:
        if unit and size_bytes + copy.size_bytes > MAX_UNIT_BYTES:
            yield unit
            unit, size_bytes = [], 0
        unit.append(copy)
        size_bytes += copy.size_bytes
        if len(unit) >= size:
            yield unit
            unit, size_bytes = [], 0
    if unit:
        yield unit


@dataclass(frozen=True, slots=True)
class Locations:
    """Where the copies are on this machine."""

    shelves: Sequence[str]
    mounts: Mapping[str, Path]
    """Where media are connected, by their labels."""

    def job_of(self, unit: Sequence[DueCopy]) -> AuditJob:
        """Return the job that checks some copies."""
        copies = tuple([(self.path_of(copy), self._expected(copy)) for copy in unit])
        return AuditJob(unit[0].place, copies[0][0], copies=copies)

    def path_of(self, copy: DueCopy) -> Path:
        """Return the path of a copy."""
        path = local_path(copy.place, copy.kind, self.mounts)
        assert path is not None  # noqa: S101 - copies on media that are not connected are never due
        return path

    def is_gone(self, copy: DueCopy) -> bool:
        """Whether a copy on a shelf is not at its place; one that cannot be reached can be there."""
        if copy.kind is PlaceKind.MEDIUM:
            return False
        try:
            self.path_of(copy).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:
            return False
        return False

    def _expected(self, copy: DueCopy) -> ExpectedCopy:
        if copy.kind is PlaceKind.MEDIUM:
            shelf: str | None = str(self.mounts[copy.place.partition(":")[0]])
        else:
            shelf = shelf_of(copy.place, self.shelves)
        return ExpectedCopy(
            copy.holding, copy.place, copy.manifests, copy.head, shelf, copy.trust, copy.tag_manifests
        )
