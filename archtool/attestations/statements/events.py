"""The events that an attestation can claim, with their URIs in the Library of Congress vocabulary.

Source: Library of Congress, http://id.loc.gov/vocabulary/preservation/eventType.
"""

from __future__ import annotations

_EVENT_TYPE = "http://id.loc.gov/vocabulary/preservation/eventType/"

PACKAGING = "packaging"
CUSTODY_TRANSFER = "custody-transfer"
FIXITY_CHECK = "fixity-check"
COUNTERSIGNATURE = "countersignature"
VALIDATION = "validation"
REPAIR = "repair"
EVENT_TYPES = {
    PACKAGING: _EVENT_TYPE + "ipc",  # information package creation
    CUSTODY_TRANSFER: _EVENT_TYPE + "tra",  # transfer
    FIXITY_CHECK: _EVENT_TYPE + "fix",  # fixity check
    COUNTERSIGNATURE: _EVENT_TYPE + "dsg",  # digital signature generation
    VALIDATION: _EVENT_TYPE + "val",  # validation
    REPAIR: _EVENT_TYPE + "mod",  # modification: files were restored from a copy, or derived files were added
}
"""Event name → URI of the preservation event type."""
CONTENT_EVENTS = frozenset((FIXITY_CHECK, VALIDATION, REPAIR))
"""Events that claim something about the content: every payload file is read before signing."""
EVENT_PATTERN = "[a-z][a-z0-9-]{0,63}"
"""The form of an event's name, which becomes part of a folder's name."""
CUSTOM_PREFIX = "x-"
"""The prefix of events that a signer defines and that are not in the vocabulary."""


def event_type(event: str) -> str:
    """Return the URI of an event; an event outside the vocabulary (`x-…`) has a URN of archtool."""
    return EVENT_TYPES.get(event, f"urn:archtool:event:{event}")


def is_known(event: str) -> bool:
    """Whether the event is in the vocabulary, or begins with `x-`."""
    return event in EVENT_TYPES or event.startswith(CUSTOM_PREFIX)


def predicate_type(event: str) -> str:
    """Return the URN of the predicate type of statements about an event."""
    return f"urn:archtool:attestation:{event}:1"
