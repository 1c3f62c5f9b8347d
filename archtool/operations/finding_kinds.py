"""Kinds of findings that only show where the rooms meet: description against files, metadata against bag."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_UNUSABLE = ExitCode.INPUT_UNUSABLE

PAYLOAD_MISSING = Kind(
    "payload.missing", _ERROR, "The description declares a file that is not there.",
    "put the file there, or correct the name in the description", exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_UNDECLARED = Kind(
    "payload.undeclared", _ERROR, "A file lies in the folder and the description does not account for it.",
    "declare it (`transcription`, `annexes`, `files`), or name it under `left-out`",
)  # fmt: skip
BATCH_PACKAGE = Kind(
    "batch.package", _ERROR,
    "A row of a table, or a line of JSON Lines, cannot stand for a package of its own.",
    "give each package a path of its own, which no other leads through", exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_NOT_A_FILE = Kind(
    "payload.not-a-file", _ERROR, "A folder, link, FIFO, socket or device stands where a file should.",
    "put the file itself there, or take it out of the folder", exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_UNREADABLE = Kind(
    "payload.unreadable", _ERROR, "A file or folder of the sources cannot be read.",
    "check its permissions", exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_ENCODING = Kind(
    "payload.encoding", _ERROR, "A transcription is not in the encoding that is declared (UTF-8 if none is).",
    "name its encoding (`encoding: windows-1251`), or save it again as UTF-8", exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_EMPTY = Kind(
    "payload.empty", _WARNING, "A payload file is empty.", "check that nothing was lost on the way here"
)  # fmt: skip
PAYLOAD_UNICODE_TWINS = Kind(
    "payload.unicode-twins", _ERROR, "Two names differ only by their Unicode form: many systems hold one.",
    "rename one of them, in the folder and in the description", "RFC 8493 §6.1.1.3",
)  # fmt: skip
PAYLOAD_CASE_TWINS = Kind(
    "payload.case-twins", _ERROR, "Two names differ only by upper and lower case: many systems hold one.",
    "rename one of them, in the folder and in the description", "RFC 8493 §6.1.2",
)  # fmt: skip
PAYLOAD_NAME_NOT_PORTABLE = Kind(
    "payload.name-not-portable", _WARNING, "A name that some systems cannot hold.",
    "rename the file if the package shall be opened there", "RFC 8493 §6.1.2",
)  # fmt: skip
PAYLOAD_NAME_NOT_UTF8 = Kind(
    "payload.name-not-utf8", _ERROR, "A name that is not UTF-8, in which a package writes all names.",
    "rename the file", "RFC 8493 §2.1.1",
)  # fmt: skip
PAYLOAD_NAME_ENCODED = Kind(
    "payload.name-encoded", _WARNING, "A name holds %, CR or LF, which a manifest must write in code.",
    "sha512sum -c cannot read such a line back; rename the file if stock programs matter",
    "RFC 8493 §2.1.3",
)  # fmt: skip
PAYLOAD_SYSTEM_FILE = Kind(
    "payload.system-file", _NOTE, "A file or folder that a system put there was left out.",
    "declare it by its own name under `files` if it belongs to the package",
)  # fmt: skip
PAYLOAD_LEFT_OUT = Kind(
    "payload.left-out", _NOTE, "A file is named under `left-out`, and is not in the package.",
    "delete the entry if the file belongs to the package",
)  # fmt: skip
PAYLOAD_LEFT_OUT_NOTHING = Kind(
    "payload.left-out-nothing", _ERROR,
    "An entry under `left-out` leaves nothing out, so a file that was to be withheld may be published.",
    "write the name as the folder has it, from the folder of the description on; or delete the entry",
    exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_LEFT_OUT_DECLARED = Kind(
    "payload.left-out-declared", _ERROR, "A file is declared, and named under `left-out` too.",
    "keep one of the two", exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_EMPTY_FOLDER = Kind(
    "payload.empty-folder", _WARNING, "A folder is not in the package, because no file in it is packed.",
    "a bag holds files only: if the empty folder says something, put a text file into it that says it",
    "RFC 8493 §2.1.3",
)  # fmt: skip
PAYLOAD_IS_A_BAG = Kind(
    "payload.is-a-bag", _WARNING, "A bag lies among the sources: its manifests would become payload.",
    "make a package of that bag with archtool pack --from-bag; or go on, if a bag in a bag is meant",
)  # fmt: skip
PAYLOAD_NOT_TEXT = Kind(
    "payload.not-text", _ERROR, "A file is declared as a transcription and is no plain text.",
    "save its text as a text file (UTF-8) and declare that; declare the file itself under `files`",
    exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_TOO_MANY = Kind(
    "payload.too-many", _ERROR, "The folder of the sources holds more files than archtool looks through.",
    "name the right folder with --files", exit_code=_UNUSABLE,
)  # fmt: skip
LINES_OUTSIDE = Kind(
    "annexe.lines-outside", _ERROR, "An annexe is said to stand in lines that the file does not have.",
    "correct `from-line` and `to-line`",
)  # fmt: skip
PAYLOAD_CHANGED = Kind(
    "payload.changed-while-read", _ERROR, "A source changed while it was being read.",
    "wait until nothing writes to it any more", exit_code=_UNUSABLE,
)  # fmt: skip

EVIDENCE_DIFFERS = Kind(
    "content.evidence-differs", _ERROR, "A payload file is not what the bag said that it was taken from.",
    "restore the file from another copy; if the evidence was changed, ask who changed it",
)  # fmt: skip
EVIDENCE_UNUSED = Kind(
    "content.evidence-unused", _NOTE, "The adopted bag held a payload file that the package does not hold.",
    "see in the description whether it was left out on purpose",
)  # fmt: skip
TAG_MANIFEST_MISSING = Kind(
    "content.tag-manifest-missing", _ERROR, "A package of archtool lacks one of its tag manifests.",
    "find out who removed it; without it nothing guards the signatures themselves", "RFC 8493 §2.2.1",
)  # fmt: skip
METADATA_MISSING = Kind(
    "content.metadata-missing", _ERROR, "A package of archtool lacks one of its metadata files.",
    "restore the file from another copy",
)  # fmt: skip
METADATA_TOO_LARGE = Kind(
    "content.metadata-too-large", _ERROR, "A metadata file is larger than archtool reads: not looked at.",
    "compare the file with another copy; archtool itself writes none of this size",
)  # fmt: skip
METADATA_INVALID = Kind(
    "content.metadata-invalid", _ERROR, "A metadata file is not as its schema says.",
    "restore the file from another copy",
)  # fmt: skip
CITATION_DIFFERS = Kind(
    "content.citation-differs", _ERROR, "The citation is not the one that the description gives.",
    "find out which of the two was changed",
)  # fmt: skip
CITATION_UNPRINTABLE = Kind(
    "content.citation-unprintable", _WARNING,
    "The citation holds characters that steer a terminal or cannot be seen; they were left out.",
    "compare the citation with the source; its exact characters are in: archtool cite --style csl-json",
)  # fmt: skip
INVENTORY_DIFFERS = Kind(
    "content.inventory-differs", _ERROR, "The annexe inventory is not the one that the description gives.",
    "find out which of the two was changed",
)  # fmt: skip
DESCRIBED_FILE_MISSING = Kind(
    "content.file-missing", _ERROR, "The description declares a payload file that the package does not hold.",
    "restore the file from another copy",
)  # fmt: skip
FILE_NOT_DESCRIBED = Kind(
    "content.file-not-described", _ERROR, "The package holds a payload file that its description does not.",
    "find out who added it",
)  # fmt: skip
DIGEST_CLAIM_DIFFERS = Kind(
    "content.digest-differs", _ERROR, "The inventory names another digest or size than the file's.",
    "find out which of the two was changed",
)  # fmt: skip
LINES_DIFFER = Kind(
    "content.lines-differ", _ERROR, "A stretch of lines is not what the inventory says of it.",
    "find out which of the two was changed",
)  # fmt: skip
LINES_NOT_CHECKED = Kind(
    "content.lines-not-checked", _WARNING, "The inventory names more stretches of lines than are checked.",
    "cut them out by their offsets and sizes, and compare their digests",
)  # fmt: skip
BAG_INFO_DIFFERS = Kind(
    "content.bag-info-differs", _WARNING, "bag-info.txt says something else than the description.",
    "the description is what counts; bag-info.txt only sums it up",
)  # fmt: skip
ATTESTATIONS_DISCARDED = Kind(
    "pack.attestations-discarded", _NOTE,
    "A package was replaced, and attestations that it carried beyond its packaging were given up.",
    "this was asked for with --discard-attestations; --keep-predecessor keeps the old package whole",
)  # fmt: skip
