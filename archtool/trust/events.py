"""What an attestation may claim to have happened, and its name in the field's vocabulary.

Source: Library of Congress, http://id.loc.gov/vocabulary/preservation/eventType.
"""

from __future__ import annotations

_EVENT_TYPE = "http://id.loc.gov/vocabulary/preservation/eventType/"

EVENT_TYPES = {
    "packaging": _EVENT_TYPE + "ipc",  # information package creation
    "custody-transfer": _EVENT_TYPE + "tra",  # transfer
    "fixity-check": _EVENT_TYPE + "fix",  # fixity check
    "countersignature": _EVENT_TYPE + "dsg",  # digital signature generation
    "validation": _EVENT_TYPE + "val",  # validation
    "repair": _EVENT_TYPE + "mod",  # modification: derived files were added, none was replaced
}
"""Event name → URI of the preservation event type."""
EVENT_PATTERN = "[a-z][a-z0-9-]{0,63}"
"""What an event may be called: it becomes part of a folder's name."""


def predicate_type(event: str) -> str:
    """The URN that names what a statement about this event contains."""
    return f"urn:archtool:attestation:{event}:1"
