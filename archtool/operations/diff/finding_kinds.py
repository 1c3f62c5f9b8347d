"""The kinds of findings of a comparison of two bags.

Every difference between the two bags is an ERROR, so that `diff` ends with exit code 1.
"""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_UNUSABLE = ExitCode.INPUT_UNUSABLE

DIFF_SIDE_UNREADABLE = Kind(
    "diff.side-unreadable", _ERROR, "One of the two cannot be opened as a bag, so nothing was compared.",
    "name the folder of a bag, or an archive of one", exit_code=_UNUSABLE,
)  # fmt: skip
DIFF_SIDE_NOT_WHOLE = Kind(
    "diff.side-not-whole", _ERROR, "One of the two archives is damaged or truncated, or possibly truncated.",
    "get another copy of it: files that seem to be missing can be in the part that was not read",
    exit_code=_UNUSABLE,
)  # fmt: skip
DIFF_NOT_COMPARED = Kind(
    "diff.not-compared", _ERROR, "A file could not be compared, because its bytes are not known.",
    "check its permissions, or run archtool verify on that bag", exit_code=_UNUSABLE,
)  # fmt: skip

DIFF_PAYLOAD_CHANGED = Kind(
    "diff.payload-changed", _ERROR, "Both bags have a payload file of this name, with different bytes.",
    "inspect both files; if one is damaged, restore it from the other copy",
)  # fmt: skip
DIFF_PAYLOAD_MISSING = Kind(
    "diff.payload-missing", _ERROR, "Only ONE has this payload file.",
    "find out whether it was removed or lost",
)  # fmt: skip
DIFF_PAYLOAD_ADDED = Kind(
    "diff.payload-added", _ERROR, "Only OTHER has this payload file.",
    "find out who added it",
)  # fmt: skip
DIFF_PAYLOAD_MOVED = Kind(
    "diff.payload-moved", _ERROR, "Both bags have the same bytes as payload, under different names.",
    "nothing is lost; descriptions and links can still use the old name",
)  # fmt: skip
DIFF_FILE_KIND = Kind(
    "diff.file-kind", _ERROR, "A name is a file in one of the bags, and something else in the other.",
    "replace it with the file itself: a bag has no links, FIFOs or devices", "RFC 8493 §5.1",
)  # fmt: skip
DIFF_NAME_FORM = Kind(
    "diff.name-form", _NOTE, "The name of the same file has different Unicode forms in the two bags.",
    "some systems decompose letters with accents; the names are equivalent", "RFC 8493 §6.1.1.3",
)  # fmt: skip
DIFF_EMPTY_FOLDER = Kind(
    "diff.empty-folder", _NOTE, "Only one of the two bags has this folder, and it is empty.",
    "bags do not keep empty folders: put a file into it if it matters", "RFC 8493 §2.1.3",
)  # fmt: skip

DIFF_DAMAGED = Kind(
    "diff.damaged", _ERROR,
    "A file differs from the manifest of its own bag: it is damaged, and not a new version.",
    "restore this file from the copy that agrees with its manifest, then run archtool verify",
    "RFC 8493 §3",
)  # fmt: skip
DIFF_LOST = Kind(
    "diff.lost", _ERROR, "A file is listed in a manifest of its own bag and is missing.",
    "restore this file from another copy, then run archtool verify", "RFC 8493 §3",
)  # fmt: skip
DIFF_NOT_FETCHED = Kind(
    "diff.not-fetched", _NOTE, "A file is listed in fetch.txt and has not been fetched yet.",
    "complete the bag with archtool fetch, then compare again", "RFC 8493 §2.2.3",
)  # fmt: skip
DIFF_WEAK_ALGORITHM = Kind(
    "diff.weak-algorithm", _WARNING, "The manifests of both bags share only a weak algorithm.",
    "compare the bytes: run the command without --by-manifest", "RFC 8493 §2.4",
)  # fmt: skip

DIFF_METADATA_CHANGED = Kind(
    "diff.metadata-changed", _ERROR, "A tag file has different content in the two bags.",
    "compare both files, and find out who changed one of them",
)  # fmt: skip
DIFF_METADATA_FORM = Kind(
    "diff.metadata-form", _ERROR, "A tag file has the same content in the two bags, but different bytes.",
    "only its form differs: blanks, comments, line ends or the order of keys",
)  # fmt: skip
DIFF_METADATA_MISSING = Kind(
    "diff.metadata-missing", _ERROR, "Only ONE has this tag file.",
    "find out whether it was removed or lost",
)  # fmt: skip
DIFF_METADATA_ADDED = Kind(
    "diff.metadata-added", _ERROR, "Only OTHER has this tag file.",
    "find out which program or person added it",
)  # fmt: skip
DIFF_METADATA_MOVED = Kind(
    "diff.metadata-moved", _ERROR, "Both bags have the same bytes as a tag file, under different names.",
    "check that no program needs the old name",
)  # fmt: skip

DIFF_TRUST_LOWER = Kind(
    "diff.trust-lower", _ERROR, "OTHER is trusted less than ONE.",
    "for the reason, run archtool verify on both with the same lists of keys",
)  # fmt: skip
DIFF_TRUST_HIGHER = Kind(
    "diff.trust-higher", _ERROR, "OTHER is trusted more than ONE.",
    "for the reason, run archtool verify on both with the same lists of keys",
)  # fmt: skip
DIFF_ATTESTATION_MISSING = Kind(
    "diff.attestation-missing", _ERROR, "Only ONE has this attestation.",
    "find out whether OTHER is an earlier copy, or has lost it",
)  # fmt: skip
DIFF_ATTESTATION_ADDED = Kind(
    "diff.attestation-added", _ERROR, "Only OTHER has this attestation.",
    "nothing is lost; keep the copy that has more attestations",
)  # fmt: skip
DIFF_ATTESTATION_CHANGED = Kind(
    "diff.attestation-changed", _ERROR, "Both bags have an attestation of this name, and the two differ.",
    "attestations are never rewritten: find out which of the two was changed",
)  # fmt: skip
