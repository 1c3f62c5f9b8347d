"""What an attestation may claim to have happened, and its name in the field's vocabulary.

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
    REPAIR: _EVENT_TYPE + "mod",  # modification: derived files were added, none was replaced
}
"""Event name → URI of the preservation event type."""
CONTENT_EVENTS = frozenset((FIXITY_CHECK, VALIDATION, REPAIR))
"""Events that claim something about the content: every payload file is read before one is signed."""
EVENT_PATTERN = "[a-z][a-z0-9-]{0,63}"
"""What an event may be called: it becomes part of a folder's name."""
OWN_PREFIX = "x-"
"""How the name of an event begins that somebody made up for themselves."""


def event_type(event: str) -> str:
    """The URI of an event; one that begins with `x-` is in nobody's vocabulary and has a URN of ours."""
    return EVENT_TYPES.get(event, f"urn:archtool:event:{event}")


def is_known(event: str) -> bool:
    """Whether the event is in the vocabulary, or says by its name that it is not meant to be."""
    return event in EVENT_TYPES or event.startswith(OWN_PREFIX)


def predicate_type(event: str) -> str:
    """The URN that names what a statement about this event contains."""
    return f"urn:archtool:attestation:{event}:1"
