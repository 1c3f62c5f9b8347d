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
    absent: str | None = None
    """What was not there at the last check (`copy_state.Absence`)."""
    trust: str | None = None
    """Whether the last check accepted its signers (`copy_state.SignerTrust`); `None` if it was not asked."""
    tag_manifests: Mapping[str, str] | None = None
    """Of a copy without attestations: file name of each tag manifest → digest of that file.

    `None` if they are not known, or if attestations vouch for the tag files.
    """


def is_apart(one: str, other: str) -> bool:
    """Whether two heads have the same number, and are different attestations: neither follows the other.

    A digest that was copied by hand, in part, is compared in part.
    """
    shorter, longer = sorted((one, other), key=len)
    return attestation_number(one) == attestation_number(other) and not longer.startswith(shorter)


def attestation_number(head: str | None) -> int:
    """Return the number of a newest attestation, 2 for `0002-validation sha512:…`; 0 if there is none."""
    digits = head.partition("-")[0] if head is not None else ""
    return int(digits) if digits.isascii() and digits.isdigit() else 0
