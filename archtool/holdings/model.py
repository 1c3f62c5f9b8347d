"""What the register knows about a holding and its copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from archtool.holdings.copy_state import CopyState


class PlaceKind(StrEnum):
    """What a copy is, at its place."""

    FOLDER = "folder"
    ARCHIVE = "archive"
    """A tar or zip file."""
    MEDIUM = "medium"
    """On a medium that is not always connected: the place is `LABEL:path`."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One holding: a package of archtool, or a bag of another tool."""

    key: int
    """Its number in this register file; a rebuilt register can number differently."""
    name: str
    """Its identity in the register."""
    title: str | None
    kind: str
    """`package` if archtool made it, else `bag`."""
    files: int | None
    size_bytes: int | None
    """Of the payload."""
    manifests: Mapping[str, str]
    """File name of each payload manifest → digest of that file, `sha512:<hex>`."""
    head: str | None
    """The newest attestation that was recorded for any copy, `0001-packaging sha512:<hex>`."""
    formats: Mapping[str, int] | None
    accession: str | None
    custodian: str | None
    registered_at: str
    withdrawn_at: str | None


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a holding. Times are texts as in the events, `2026-11-30T09:00:00Z`."""

    key: int
    holding: int
    """The key of the holding."""
    place: str
    kind: PlaceKind
    size_bytes: int
    rank: int
    state: CopyState
    state_since: str
    waiting_since: str
    """The last full check that reached a verdict, or the registration of a copy that had none."""
    checked_at: str | None
    """The last full check that reached a verdict."""
    quick_checked_at: str | None
    """The last quick check that reached a verdict."""
    tried_at: str | None
    """The last check of any kind, with or without a verdict."""
    added_at: str
    removed_at: str | None
    head: str | None
    """The newest attestation that was seen in this copy; it must still be there at the next check."""
