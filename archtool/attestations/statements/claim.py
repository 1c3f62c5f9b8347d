"""Checks a claim against the requirements of its event, before a statement is made from it.

The names and texts come from a command line, so messages use the names of its options.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from archtool.attestations.limits import MAX_DETAILS, MAX_TEXT_CHARACTERS
from archtool.attestations.statements.events import (
    COUNTERSIGNATURE,
    CUSTODY_TRANSFER,
    CUSTOM_PREFIX,
    EVENT_PATTERN,
    EVENT_TYPES,
    PACKAGING,
    is_known,
)
from archtool.errors import UsageError
from archtool.nearest_names import nearest_name

GIVER, RECEIVER = "from", "to"
"""The details that a custody transfer must have: the old and the new custodian."""
EXTENT = "looked-at"
"""The detail in which archtool records how much of the package was checked before signing."""
TAG_FILES_ONLY = "tag files; the payload was not read"
EVERY_FILE = "tag files and payload: every file was held against every digest"
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Claim:
    """An event, a note for people, and details by name; `of` checks them when it makes a claim."""

    event: str
    note: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, event: str, note: str | None = None, details: Mapping[str, str] | None = None) -> Claim:
        """Check a claim.

        Raises:
            UsageError: the event is unknown, a required detail is missing, or a statement cannot hold a text.
        """
        _check_event(event)
        given = dict(details or {})
        _check_texts(note, given)
        if event == CUSTODY_TRANSFER:
            _check_transfer(given)
        return cls(event, note, given)

    def check_position(self, earlier: int) -> None:
        """Check that the claim can follow the given number of earlier attestations.

        Raises:
            UsageError: the event must be the first one, or must not be.
        """
        if self.event == COUNTERSIGNATURE and not earlier:
            raise UsageError(
                "there is nothing to countersign: the package has no attestation",
                hint="choose another --event, for instance validation",
            )
        if self.event == PACKAGING and earlier:
            raise UsageError(
                "only the first attestation of a package can have the event packaging, and this package has "
                f"{earlier:,} already",
                hint="choose the --event that happened, for instance countersignature or repair",
            )


def _check_event(event: str) -> None:
    if re.fullmatch(EVENT_PATTERN, event) is None:
        raise UsageError(
            f"not the name of an event: {event[:80]!r}",
            hint="use at most 64 lower-case letters, digits and hyphens, and begin with a letter",
        )
    if is_known(event):
        return
    nearest = nearest_name(event, EVENT_TYPES)
    meant = f"did you mean {nearest}? " if nearest is not None else ""
    raise UsageError(
        f"unknown event: {event!r} (known: {', '.join(EVENT_TYPES)})",
        hint=f"{meant}A custom event begins with {CUSTOM_PREFIX}, for instance {CUSTOM_PREFIX}{event[:40]}",
    )


def _check_transfer(details: Mapping[str, str]) -> None:
    for key, act in ((GIVER, "gave the package up"), (RECEIVER, "took the package over")):
        if not details.get(key, "").strip():
            raise UsageError(
                f"a custody transfer must name the person who {act}",
                hint=f'give --{key} "NAME", or --detail {key}=NAME',
            )


def _check_texts(note: str | None, details: Mapping[str, str]) -> None:
    for key in details:
        if _KEY.fullmatch(key) is None:
            raise UsageError(
                f"not the name of a detail: {key[:80]!r}",
                hint="use at most 64 letters, digits, hyphens, dots and underscores; begin with a letter",
            )
        if key == EXTENT:
            raise UsageError(
                f"the detail {EXTENT!r} is reserved: archtool records in it what was checked",
                hint="choose another name",
            )
    if len(details) > MAX_DETAILS:
        raise UsageError(f"{len(details):,} details are too many (at most {MAX_DETAILS:,})")
    if note is not None and not note.strip():
        raise UsageError("the note is empty", hint="omit --note, or give a text")
    for what, text in [("note", note or ""), *((f"detail {key!r}", text) for key, text in details.items())]:
        if len(text) > MAX_TEXT_CHARACTERS:
            raise UsageError(
                f"the {what} is too long: {len(text):,} characters (at most {MAX_TEXT_CHARACTERS:,})"
            )
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise UsageError(f"the {what} is not text in UTF-8: {text[:80]!r}")
