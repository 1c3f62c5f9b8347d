"""Kinds of findings about the register (`register.…`), and where it and the shelves differ (`audit.…`)."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

NAME_TAKEN = Kind(
    "register.name-taken", _ERROR,
    "A package has the name of a registered holding, and other manifests: it is another holding, or a "
    "changed one.",
    "if it replaces the registered one: archtool holdings update HOLDING --reason TEXT; if it is another "
    "holding, give it another name: archtool holdings add PACKAGE --name NAME",
)  # fmt: skip
NAME_UNUSABLE = Kind(
    "register.name-unusable", _ERROR,
    "The name of a package cannot be the name of a holding: it is empty, too long, or has control "
    "characters.",
    "give it a name: archtool holdings add PACKAGE --name NAME",
)  # fmt: skip
PATH_UNUSABLE = Kind(
    "register.path-unusable", _ERROR,
    "The path of a package is not UTF-8, so the register cannot name it.",
    "rename the folder whose name is not UTF-8, then run the same command again",
)  # fmt: skip
PACKAGE_UNREADABLE = Kind(
    "register.package-unreadable", _ERROR,
    "A package was not registered, because its metadata cannot be read.",
    "list every problem with archtool verify PACKAGE, then run the same command again",
)  # fmt: skip
PACKAGE_LOST = Kind(
    "register.package-lost", _ERROR,
    "A package was not registered, because only its attestations are there.",
    "restore the package from another copy, or move its attestations with it",
)  # fmt: skip
CONTENT_REPLACED = Kind(
    "register.content-replaced", _ERROR,
    "The package at a registered place has other manifests than the registered ones.",
    "if it was replaced on purpose: archtool holdings update HOLDING --reason TEXT; if not, restore it from "
    "another copy: archtool repair HOLDING",
)  # fmt: skip
SAME_PACKAGE = Kind(
    "register.same-package", _WARNING,
    "A package is registered already under another path of the same folder or file: it is no further copy.",
    "a second path to the same files protects nothing; register a copy on another disk",
)  # fmt: skip
WITHDRAWN_PACKAGE = Kind(
    "register.withdrawn-package", _NOTE,
    "A package that was withdrawn from the register is still there. It was not registered again.",
    "delete it if it is no longer wanted; to keep it again: archtool holdings add PACKAGE --name NAME",
)  # fmt: skip
SAME_CONTENT = Kind(
    "register.same-content", _NOTE,
    "A package was registered as a holding of its own, and another holding has the same manifests.",
    "if it is a copy of that one, withdraw it and register it as such: archtool holdings add PACKAGE --name "
    "HOLDING",
)  # fmt: skip
COPY_GONE = Kind(
    "register.copy-gone", _WARNING,
    "A further copy was registered, and nothing is at the place of another copy of the same holding.",
    "if it was moved, remove the old place with archtool holdings copies HOLDING --remove PLACE; if its disk "
    "is not connected, connect it",
)  # fmt: skip

REGISTER_NOT_READ = Kind(
    "register.not-read", _WARNING,
    "A register is configured, but could not be read: nothing was compared with what it knows.",
    "make the register readable, then run the same command again; --no-register leaves it out",
)  # fmt: skip
HEAD_CONTRADICTED = Kind(
    "register.head-contradicted", _WARNING,
    "The bag has the head that --expect-head gives, but not the one that the register remembers.",
    "find out which of the two is right before the bag is used or attested",
)  # fmt: skip
HEAD_NOT_RECORDED = Kind(
    "register.head-not-recorded", _ERROR,
    "An attestation is in place, but its head could not be written into the register.",
    "make the register writable, then run: archtool holdings record-head BAG",
    exit_code=ExitCode.SURROUNDINGS,
)  # fmt: skip
PACKAGE_REMADE = Kind(
    "register.package-remade", _WARNING,
    "A registered package was made again: the register still has its old manifests or head.",
    "if the new content is to be kept, record it: archtool holdings update HOLDING --reason TEXT",
)  # fmt: skip

CHANGED = Kind(
    "audit.changed", _ERROR, "A copy differs from what was registered.",
    "restore it from another copy: archtool repair HOLDING",
)  # fmt: skip
MISSING = Kind(
    "audit.missing", _ERROR, "A copy, or a part of it, is not at its place.",
    "restore it from another copy: archtool repair HOLDING",
)  # fmt: skip
MOVED = Kind(
    "audit.moved", _ERROR, "A copy is not at its place, but a package with the same manifests is elsewhere.",
    "if it was moved on purpose, record its new place: archtool holdings move --from OLD HOLDING NEW",
)  # fmt: skip
UNREADABLE = Kind(
    "audit.unreadable", _ERROR, "A copy could not be read, so nothing is known about it.",
    "check the disk and the permissions, then run the audit again",
)  # fmt: skip
ATTESTATIONS_CUT_OFF = Kind(
    "audit.attestations-cut-off", _ERROR,
    "The newest attestation that the register knows is not in the copy.",
    "restore the attestations from another copy: archtool repair HOLDING",
)  # fmt: skip
HEAD_NOT_TRUSTED = Kind(
    "audit.head-not-trusted", _ERROR,
    "A copy has a new attestation without a trusted signature: the register does not remember it.",
    "find out who attested it; if the attestation is right, record it: archtool holdings record-head PLACE",
)  # fmt: skip
MANIFEST_DIFFERS = Kind(
    "audit.manifest-differs", _ERROR,
    "A payload manifest is not the registered one: the package was replaced or packed again.",
    "restore the registered package from another copy, or record the new one:"
    " archtool holdings update HOLDING --reason TEXT",
)  # fmt: skip
SHELF_ABSENT = Kind(
    "audit.shelf-absent", _ERROR, "A whole shelf is not there, so nothing is known about its copies.",
    "connect or mount its disk, then run the audit again",
)  # fmt: skip
NOT_FINISHED = Kind(
    "audit.not-finished", _ERROR, "The check of a copy did not end: it was stopped, killed or failed.",
    "run the audit again; if it happens again, check this copy alone: archtool verify PLACE",
)  # fmt: skip
NOT_REGISTERED = Kind(
    "audit.not-registered", _WARNING, "There is a package on a shelf that is not in the register.",
    "register it: archtool holdings adopt DIR",
)  # fmt: skip

_CHAIN = "archtool register format, events"
_STATE = "archtool register format, state"
_HEADS = "archtool register format, heads"
_SQLITE = "SQLite, PRAGMA integrity_check"
_FROM_COPY = (
    "keep this file as it is, and take the register from a copy that verifies, or rebuild it from an export: "
    "archtool holdings import EXPORT --register NEW"
)

RECORD_ALTERED = Kind(
    "register.record-altered",
    Severity.ERROR,
    "The record of an event does not have the digest that is stored beside it: one of the two was changed.",
    _FROM_COPY,
    _CHAIN,
)
LINK_BROKEN = Kind(
    "register.link-broken",
    Severity.ERROR,
    "An event does not follow the one before it: that one was changed or replaced, or events were removed.",
    _FROM_COPY,
    _CHAIN,
)
EVENTS_SWAPPED = Kind(
    "register.events-swapped",
    Severity.ERROR,
    "Events are not in the order in which they were written.",
    _FROM_COPY,
    _CHAIN,
)
EVENT_MISSING = Kind(
    "register.event-missing",
    Severity.ERROR,
    "The numbers of the events have a gap: events were removed.",
    _FROM_COPY,
    _CHAIN,
)
EVENT_INVALID = Kind(
    "register.event-invalid",
    Severity.ERROR,
    "A record is not an event in canonical form (RFC 8785).",
    _FROM_COPY,
    _CHAIN,
)
FIRST_EVENT = Kind(
    "register.first-event",
    Severity.ERROR,
    "The first event does not create a register, or a later one does.",
    _FROM_COPY,
    _CHAIN,
)
TIME_IN_FUTURE = Kind(
    "register.time-in-future", _WARNING,
    "Events are dated later than now: the clock of a machine was wrong, or that of this one is.",
    "correct the clock; copies whose last check is dated later than now count as overdue, and the next "
    "audits check them again",
)  # fmt: skip
TIME_GOES_BACK = Kind(
    "register.time-goes-back", _WARNING,
    "An event is dated more than a day before the event before it: the clock of a machine was wrong then.",
    "find out which of the two times is wrong: archtool holdings events; the order of the events is proved, "
    "their times are what the machines said",
)  # fmt: skip
EVENT_CONTRADICTS = Kind(
    "register.event-contradicts",
    Severity.ERROR,
    "An event contradicts those before it, for instance a check of a copy that was never registered.",
    _FROM_COPY,
    _STATE,
)
STATE_DIFFERS = Kind(
    "register.state-differs",
    Severity.ERROR,
    "A table of the register differs from what its events give: it was changed without an event.",
    "if its events have no faults, they are right: rebuild the register with archtool holdings export "
    "FILE.jsonl, then archtool holdings import FILE.jsonl --register NEW",
    _STATE,
)
DATABASE_DAMAGED = Kind(
    "register.database-damaged",
    Severity.ERROR,
    "The database file itself is damaged.",
    "check the disk; " + _FROM_COPY,
    _SQLITE,
)
SCHEMA_DIFFERS = Kind(
    "register.schema-differs",
    Severity.ERROR,
    "The tables, or the triggers that protect the events, are not those that archtool makes.",
    "find out who changed the database; if its events have no faults, rebuild it: archtool holdings export "
    "FILE.jsonl, then archtool holdings import FILE.jsonl --register NEW",
    _STATE,
)
EVENTS_CUT_OFF = Kind(
    "register.events-cut-off",
    Severity.ERROR,
    "A head names a later event than the register has: its tail was cut off, or it is an older copy.",
    "look for a newer copy of the register; the events after its last one are not in this file",
    _HEADS,
)
HEAD_DIFFERS = Kind(
    "register.head-differs",
    Severity.ERROR,
    "The event that a head names has another digest: the register was rewritten at that event or before it.",
    "do not rely on this file; " + _FROM_COPY,
    _HEADS,
)
OTHER_REGISTER = Kind(
    "register.other-register",
    Severity.ERROR,
    "A head belongs to another register.",
    "compare the ids, and name the register that the head was taken from",
    _HEADS,
)
HEAD_INVALID = Kind(
    "register.head-invalid",
    Severity.ERROR,
    "The signed text of a head cannot be read.",
    "take the head from another copy of the register, or of the exported file",
    _HEADS,
)
HEAD_SIGNATURE_BROKEN = Kind(
    "register.head-signature-broken",
    Severity.ERROR,
    "A signature over a head does not verify: the head or its signature was changed.",
    "do not rely on this head; compare with the head that was exported when it was signed",
    _HEADS,
)
UNSIGNED = Kind(
    "register.unsigned",
    Severity.ERROR,
    "A trusted signature is required, but no head of the register is signed.",
    "sign it: archtool holdings head --sign KEY; the signature can also have been removed",
    _HEADS,
    ExitCode.NOT_TRUSTED,
)
NOT_TRUSTED = Kind(
    "register.not-trusted",
    Severity.ERROR,
    "No signature over a head of the register is by a trusted key.",
    "see the warnings above for each signature",
    _HEADS,
    ExitCode.NOT_TRUSTED,
)
NOT_PROVED = Kind(
    "register.tail-not-proved",
    Severity.NOTE,
    "Whether the last events were cut off can be seen only by comparing with a head that was kept elsewhere.",
    "keep heads outside the register (archtool holdings head), and give them with --expect-head",
    _HEADS,
)
NOT_SIGNED_YET = Kind(
    "register.later-events-unsigned",
    Severity.NOTE,
    "The newest events are after the last head with a trusted signature.",
    "sign the head: archtool holdings head --sign KEY",
    _HEADS,
)
