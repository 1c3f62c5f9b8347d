"""Defines `PackageRow`: what the metadata of one package records, as `archtool list` presents it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archtool.findings import Finding


@dataclass(frozen=True, slots=True)
class RecordedCheck:
    """The newest attestation that claims a check of the payload; neither it nor its signature was checked."""

    attestation: str
    """Its folder's name, `0002-fixity-check`."""
    event: str
    is_in_sidecar: bool
    claimed_at: datetime | None = None
    """Aware; `None` if the statement cannot be read."""
    claimed_by: tuple[str, ...] = ()
    outcome: str | None = None
    """The verdict on the bag that the statement records, if it records one."""
    content: str | None = None
    """The verdict on the metadata that it records."""

    def __reduce__(self) -> tuple[type[RecordedCheck], tuple[Any, ...]]:
        """Pickle the fields in order; the default of a dataclass is slower, for each value."""
        return RecordedCheck, (
            self.attestation, self.event, self.is_in_sidecar, self.claimed_at, self.claimed_by, self.outcome,
            self.content,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One package: what its tag files state. Nothing was checked."""

    name: str
    """The path below the folder that was searched."""
    path: str
    problem: Finding | None = None
    """Why the package, or a part of its metadata, cannot be read."""
    id: str | None = None
    title: str | None = None
    date: str | None = None
    """EDTF, as the description states it."""
    files: int | None = None
    """The number of payload files."""
    size_bytes: int | None = None
    """The size of the payload."""
    is_counted: bool = False
    """Whether the files were counted, because no Payload-Oxum states their number."""
    head: str | None = None
    """The head of the chain of attestations."""
    last_check: RecordedCheck | None = None
    part: str | None = None
    """Which part of a group of packages it is, as `2 of 3`; `None` for a whole."""
    formats: tuple[tuple[str, int], ...] = ()
    """The recorded formats and their numbers of files, the most frequent first, if they were asked for."""

    @property
    def is_readable(self) -> bool:
        """Whether anything is known of the package; it can have a problem nevertheless."""
        return self.problem is None or self.title is not None or self.files is not None

    def __reduce__(self) -> tuple[type[PackageRow], tuple[Any, ...]]:
        """Pickle the fields in order; the default of a dataclass is slower, for each value."""
        return PackageRow, (
            self.name, self.path, self.problem, self.id, self.title, self.date, self.files, self.size_bytes,
            self.is_counted, self.head, self.last_check, self.part, self.formats,
        )  # fmt: skip
