"""The kinds of findings of a comparison of two bags.

Whatever makes the two not the same package is an ERROR, so that `diff` ends with exit code 1.
"""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_UNUSABLE = ExitCode.INPUT_UNUSABLE

SIDE_UNREADABLE = Kind(
    "diff.side-unreadable", _ERROR, "One of the two cannot be opened as a bag: nothing was compared.",
    "name a bag's own folder, or an archive of it", exit_code=_UNUSABLE,
)  # fmt: skip
SIDE_NOT_WHOLE = Kind(
    "diff.side-not-whole", _ERROR, "One of the two archives is cut off or broken, or may be cut off.",
    "get another copy of it: what seems to be missing may be in the part that was not read",
    exit_code=_UNUSABLE,
)  # fmt: skip
NOT_COMPARED = Kind(
    "diff.not-compared", _ERROR, "There is something whose bytes could not be had, so it was not compared.",
    "check its permissions, or see what archtool verify says of that bag", exit_code=_UNUSABLE,
)  # fmt: skip

PAYLOAD_CHANGED = Kind(
    "diff.payload-changed", _ERROR, "Both hold a payload file of this name, with other bytes.",
    "look at both files; if one is damaged, restore it from the other copy",
)  # fmt: skip
PAYLOAD_MISSING = Kind(
    "diff.payload-missing", _ERROR, "Only ONE holds this payload file.",
    "find out whether it was taken out or lost",
)  # fmt: skip
PAYLOAD_ADDED = Kind(
    "diff.payload-added", _ERROR, "Only OTHER holds this payload file.",
    "find out who added it",
)  # fmt: skip
PAYLOAD_MOVED = Kind(
    "diff.payload-moved", _ERROR, "Both hold the same bytes as payload, under other names.",
    "nothing is lost; descriptions and links may still use the old name",
)  # fmt: skip
FILE_KIND = Kind(
    "diff.file-kind", _ERROR, "A name stands for a file in one of the two, for something else in the other.",
    "put the file itself there: links, FIFOs and devices have no place in a bag", "RFC 8493 §5.1",
)  # fmt: skip
NAME_FORM = Kind(
    "diff.name-form", _NOTE, "The same file is named in another Unicode form in the other bag.",
    "some systems decompose letters with accents; the names mean the same", "RFC 8493 §6.1.1.3",
)  # fmt: skip
EMPTY_FOLDER = Kind(
    "diff.empty-folder", _NOTE, "Only one of the two has this folder, and nothing is in it.",
    "bags do not keep empty folders: put a file into it if it matters", "RFC 8493 §2.1.3",
)  # fmt: skip

DAMAGED = Kind(
    "diff.damaged", _ERROR, "A file is not what the manifest of its own bag says: damage, not a new version.",
    "restore this file from the copy that agrees with its manifest, then run archtool verify",
    "RFC 8493 §3",
)  # fmt: skip
LOST = Kind(
    "diff.lost", _ERROR, "A manifest lists a file that its own bag does not hold.",
    "restore this file from another copy, then run archtool verify", "RFC 8493 §3",
)  # fmt: skip
NOT_FETCHED = Kind(
    "diff.not-fetched", _NOTE, "A file is listed in fetch.txt and was not fetched yet.",
    "complete the bag with archtool fetch, then compare again", "RFC 8493 §2.2.3",
)  # fmt: skip
WEAK_ALGORITHM = Kind(
    "diff.weak-algorithm", _WARNING, "The only algorithm that both bags' manifests share is a weak one.",
    "compare the bytes: leave --by-manifest away", "RFC 8493 §2.4",
)  # fmt: skip

METADATA_CHANGED = Kind(
    "diff.metadata-changed", _ERROR, "A tag file of the two bags says something else.",
    "compare what both say, and find out who changed it",
)  # fmt: skip
METADATA_FORM = Kind(
    "diff.metadata-form", _ERROR, "A tag file is written otherwise in the two bags, and says the same.",
    "only its bytes differ: blanks, comments, line ends or the order of keys",
)  # fmt: skip
METADATA_MISSING = Kind(
    "diff.metadata-missing", _ERROR, "Only ONE has this tag file.",
    "find out whether it was taken out or lost",
)  # fmt: skip
METADATA_ADDED = Kind(
    "diff.metadata-added", _ERROR, "Only OTHER has this tag file.",
    "find out which program or person put it there",
)  # fmt: skip
METADATA_MOVED = Kind(
    "diff.metadata-moved", _ERROR, "Both hold the same bytes as a tag file, under other names.",
    "check that no program looks for the old name",
)  # fmt: skip

TRUST_LOWER = Kind(
    "diff.trust-lower", _ERROR, "OTHER is trusted less than ONE.",
    "see why with archtool verify, with the same lists of keys",
)  # fmt: skip
TRUST_HIGHER = Kind(
    "diff.trust-higher", _ERROR, "OTHER is trusted more than ONE.",
    "see why with archtool verify, with the same lists of keys",
)  # fmt: skip
ATTESTATION_MISSING = Kind(
    "diff.attestation-missing", _ERROR, "Only ONE carries this attestation.",
    "find out whether OTHER is an earlier copy, or has lost it",
)  # fmt: skip
ATTESTATION_ADDED = Kind(
    "diff.attestation-added", _ERROR, "Only OTHER carries this attestation.",
    "nothing is lost; keep the copy that has more attestations",
)  # fmt: skip
ATTESTATION_CHANGED = Kind(
    "diff.attestation-changed", _ERROR, "Both carry an attestation of this name, and it is not the same.",
    "attestations are never rewritten: find out which of the two was",
)  # fmt: skip
