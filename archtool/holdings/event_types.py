"""The events of a register, with their URIs in the Library of Congress vocabulary.

Source: Library of Congress, http://id.loc.gov/vocabulary/preservation/eventType. An event that the vocabulary
does not have gets a URN of archtool.
"""

from __future__ import annotations

import re
from enum import StrEnum

_LOC = "http://id.loc.gov/vocabulary/preservation/eventType/"
CUSTOM_PREFIX = "x-"
"""The prefix of events that an archive defines itself."""
_CUSTOM = re.compile(r"x-[a-z0-9][a-z0-9-]{0,61}")


class EventType(StrEnum):
    """The events that archtool writes; those with effects on the state are in `projection`."""

    REGISTER = "register"
    """The first event: the register was created."""
    POLICY = "policy"
    """How often every copy must be checked."""
    SHELF = "shelf"
    """A folder whose packages belong into the register."""
    SHELF_REMOVED = "shelf-removed"
    SHELF_MOVED = "shelf-moved"
    """A shelf, and every copy on it, is in another place."""
    INGESTION = "ingestion"
    """A holding was registered, with its first copy."""
    REPLICATION = "replication"
    """A further copy was registered."""
    COPY_REMOVED = "copy-removed"
    RELOCATION = "relocation"
    """A copy is in another place."""
    CUSTODY_TRANSFER = "custody-transfer"
    WITHDRAWAL = "withdrawal"
    FIXITY_CHECK = "fixity-check"
    """Every file of a copy was read."""
    VALIDATION = "validation"
    """A quick check: names and sizes of a copy, not the bytes of its payload."""
    REPAIR = "repair"
    MIGRATION = "migration"
    """The content of a holding was replaced by a new version."""
    ATTESTATION = "attestation"
    """An attestation was added to a package: its chain has a new head."""
    AUDIT_BEGUN = "audit-begun"
    AUDIT_ENDED = "audit-ended"


_CODES = {
    EventType.POLICY: "poa",  # policy assignment
    EventType.INGESTION: "ing",
    EventType.REPLICATION: "rep",
    EventType.COPY_REMOVED: "del",  # deletion
    EventType.CUSTODY_TRANSFER: "tra",  # transfer
    EventType.WITHDRAWAL: "dea",  # deaccession
    EventType.FIXITY_CHECK: "fix",
    EventType.VALIDATION: "val",
    EventType.REPAIR: "rec",  # recovery
    EventType.MIGRATION: "mig",
    EventType.ATTESTATION: "dsg",  # digital signature generation
}


_NAMES = frozenset(EventType)


def is_event_name(name: str) -> bool:
    """Whether a register can hold an event of this name."""
    return name in _NAMES or _CUSTOM.fullmatch(name) is not None


def event_uri(name: str) -> str:
    """Return the URI of an event's type."""
    code = _CODES.get(EventType(name)) if name in _NAMES else None
    return _LOC + code if code is not None else f"urn:archtool:event:{name}"
