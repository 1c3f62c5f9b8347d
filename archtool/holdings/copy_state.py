"""What the last check found out about a copy of a holding."""

from __future__ import annotations

from enum import StrEnum


class CopyState(StrEnum):
    """The state of one copy, by its last check."""

    NEVER_CHECKED = "never-checked"
    OK = "ok"
    CHANGED = "changed"
    """Files differ from the manifests, or the manifests from those that were registered."""
    MISSING = "missing"
    """There is nothing at its place, or files of it are missing."""
    MOVED = "moved"
    """It is not at its place; a package with the same manifests is elsewhere."""
    UNREADABLE = "unreadable"
    """Its bytes could not be read, so nothing is known about them."""
    ATTESTATIONS_CUT_OFF = "attestations-cut-off"
    """Its newest attestations, which the register remembers, are gone."""


class SignerTrust(StrEnum):
    """Whether the last check accepted the signers of a copy in order, if it was asked to."""

    ACCEPTED = "accepted"
    UNSIGNED = "unsigned"
    """Nobody has signed it, and nothing asked for more."""
    NOT_ACCEPTED = "not-accepted"
    """It is in order, and the trust that was asked for is not there."""


class Absence(StrEnum):
    """What of a copy was not there at its last check."""

    PACKAGE = "package"
    SHELF = "shelf"
    """The whole folder or disk: nothing is known about the copy."""


KNOWN_BAD, UNCHECKED, IN_ORDER = 0, 1, 2
"""Ranks of urgency: what is known to be bad comes first, then what was never checked."""
_RANKS = {CopyState.NEVER_CHECKED: UNCHECKED, CopyState.OK: IN_ORDER}


def rank_of(state: CopyState) -> int:
    """Return the rank of urgency of a copy in this state."""
    return _RANKS.get(state, KNOWN_BAD)
