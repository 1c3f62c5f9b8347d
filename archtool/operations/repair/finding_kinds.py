"""The kinds of findings of a repair."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

FILE_BAD = Kind(
    "repair.file-damaged", _ERROR,
    "A file of the package is damaged or missing, and a copy has it as the manifests describe it.",
    "restore it: run the same command with --apply",
)  # fmt: skip
NO_GOOD_COPY = Kind(
    "repair.no-good-copy", _ERROR,
    "A file of the package is damaged or missing, and none of the copies has it undamaged.",
    "look for a further copy and name it with --from; if there is none, the file is lost",
)  # fmt: skip
TO_FETCH = Kind(
    "repair.to-fetch", _ERROR,
    "A payload file is not here: fetch.txt lists its URL, and none of the copies has it.",
    "download it: archtool fetch BAG; or name a copy that has it with --from", "RFC 8493 §3",
)  # fmt: skip
ATTESTATION_LOST = Kind(
    "repair.attestation-lost", _ERROR,
    "The newest attestation that the register remembers is not in the package, and was not restored.",
    "look for a copy that has it and name it with --from; to give it up on the record, run archtool holdings "
    "update",
)  # fmt: skip
NOTHING_VOUCHES = Kind(
    "repair.nothing-vouches", _ERROR,
    "It is not known which manifest is the right one, so nothing is restored.",
    "name the keys that you trust with --trust, or compare the copies with archtool diff",
)  # fmt: skip
MANIFESTS_DISAGREE = Kind(
    "repair.manifests-disagree", _ERROR,
    "Package and copy have different manifests, each intact in itself: one is another version, or changed.",
    "find out which is right: archtool diff PACKAGE COPY; if it is the copy, replace the package by hand",
)  # fmt: skip
SIGNATURES_DISAGREE = Kind(
    "repair.signatures-disagree", _ERROR,
    "Two signatures vouch for different bytes of one file, so nothing is restored.",
    "name only the keys that you trust with --trust",
)  # fmt: skip
CONTRADICTS_REGISTER = Kind(
    "repair.contradicts-register", _WARNING,
    "An attestation vouches for other manifests than those in the register; it was not used.",
    "find out where this attestation comes from: archtool verify lists its signers",
)  # fmt: skip
NOT_VOUCHED = Kind(
    "repair.not-vouched", _ERROR,
    "A tag file is missing that no manifest vouches for, so no copy of it is used.",
    "compare it in the copies, and copy it by hand",
)  # fmt: skip
LEFT_UNLISTED = Kind(
    "repair.left-unlisted", _NOTE,
    "The package has a file that no manifest lists; it was left alone.",
    "find out which program or person added it; archtool verify reports it too",
)  # fmt: skip
COPY_NOT_USED = Kind(
    "repair.copy-not-used", _WARNING, "A copy could not be read, so it was not used.",
    "connect it, or correct its permissions, then run the same command again",
)  # fmt: skip
COPY_DIFFERS = Kind(
    "repair.copy-differs", _WARNING,
    "A copy has other manifests or attestations than the package; it is damaged, or it was changed.",
    "its files are used only where their digests are those that the package vouches for; verify the copy",
)  # fmt: skip
COPY_IS_NEWER = Kind(
    "repair.copy-is-newer", _NOTE, "A copy has attestations that the package does not have.",
    "nothing is damaged by that; with --trust they are restored if you trust their signers",
)  # fmt: skip
HEADS_DISAGREE = Kind(
    "repair.heads-disagree", _WARNING,
    "Two copies were attested apart from each other; neither chain replaces the other.",
    "keep the copy whose attestations are the right ones: archtool verify lists them in each copy",
)  # fmt: skip
HEAD_NOT_FOUND = Kind(
    "repair.head-not-found", _WARNING,
    "The newest registered attestation of the holding is in none of the places that were read.",
    "name a copy that has it with --from, or connect its medium; archtool holdings events shows where it was",
)  # fmt: skip
OTHER_PACKAGE = Kind(
    "repair.other-package", _ERROR,
    "Another package stands in the place of the registered one, which is replaced only as a whole.",
    "replace it by a copy of the registered one: run the same command with --apply; the other one is kept",
)  # fmt: skip
BY_HAND = Kind(
    "repair.by-hand", _ERROR, "The package cannot be repaired in place.",
    "do what the message says, then run archtool verify",
)  # fmt: skip
NOT_WRITTEN = Kind(
    "repair.not-written", _ERROR, "A file could not be put in its place; the old one is as it was.",
    "correct the permissions, or remove what is in the way, then run the same command again",
    exit_code=ExitCode.SURROUNDINGS,
)  # fmt: skip
RESTORED = Kind(
    "repair.restored", _NOTE, "A file was restored from a copy and read back from the disk.",
    "nothing to do; the replaced file is kept beside the package",
)  # fmt: skip
NOT_ATTESTED = Kind(
    "repair.not-attested", _WARNING, "The repair is not attested in the package.",
    "attest it: archtool attest BAG --event repair --sign KEY",
)  # fmt: skip
