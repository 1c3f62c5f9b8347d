"""Kinds of findings that need several packages: description against files, metadata against bag."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_UNUSABLE = ExitCode.INPUT_UNUSABLE

PAYLOAD_MISSING = Kind(
    "payload.missing", _ERROR, "The description declares a file that does not exist.",
    "put the file there, or correct the name in the description", exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_UNDECLARED = Kind(
    "payload.undeclared", _ERROR, "The folder contains a file that the description does not declare.",
    "declare it (`transcription`, `annexes`, `files`), or list it under `left-out`",
)  # fmt: skip
PATTERN_MATCHES_NOTHING = Kind(
    "payload.pattern-matches-nothing", _ERROR, "A pattern that declares files matches none.",
    "correct the pattern, or put the files there", exit_code=_UNUSABLE,
)  # fmt: skip
PATTERN_MATCHES_SEVERAL = Kind(
    "payload.pattern-matches-several", _ERROR, "A pattern matches several files where only one can be.",
    "name the file", exit_code=_UNUSABLE,
)  # fmt: skip
BATCH_PACKAGE = Kind(
    "batch.package", _ERROR,
    "A row of a table, or a line of JSON Lines, cannot become a separate package.",
    "give each package a separate path that is not inside the path of another", exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_NOT_A_FILE = Kind(
    "payload.not-a-file", _ERROR, "A folder, link, FIFO, socket or device is where a file should be.",
    "put the file itself there, or remove it from the folder", exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_UNREADABLE = Kind(
    "payload.unreadable", _ERROR, "A file or folder of the sources cannot be read.",
    "check its permissions", exit_code=_UNUSABLE,
)  # fmt: skip
SOURCES_UNUSABLE = Kind(
    "payload.folder-unusable", _ERROR, "The folder of the declared files cannot be opened.",
    "name the folder of the declared files with --files", exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_ENCODING = Kind(
    "payload.encoding", _ERROR, "A transcription is not in its declared encoding (UTF-8 by default).",
    "declare the encoding in which its words are right (`encoding`), or save it as UTF-8",
    exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_EMPTY = Kind(
    "payload.empty", _WARNING, "A payload file is empty.", "check that its content was not lost in a copy"
)  # fmt: skip
PAYLOAD_UNICODE_TWINS = Kind(
    "payload.unicode-twins", _ERROR,
    "Two names differ only in their Unicode form: many systems can store only one of them.",
    "rename one of them, in the folder and in the description", "RFC 8493 §6.1.1.3",
)  # fmt: skip
PAYLOAD_CASE_TWINS = Kind(
    "payload.case-twins", _ERROR,
    "Two names differ only in upper and lower case: many systems can store only one of them.",
    "rename one of them, in the folder and in the description", "RFC 8493 §6.1.2",
)  # fmt: skip
PAYLOAD_NAME_NOT_PORTABLE = Kind(
    "payload.name-not-portable", _WARNING, "Some systems cannot store a file of this name.",
    "rename the file if the package must be usable there", "RFC 8493 §6.1.2",
)  # fmt: skip
PAYLOAD_NAME_NOT_UTF8 = Kind(
    "payload.name-not-utf8", _ERROR, "A name is not UTF-8; all names in a package are.",
    "rename the file", "RFC 8493 §2.1.1",
)  # fmt: skip
PAYLOAD_NAME_ENCODED = Kind(
    "payload.name-encoded", _WARNING, "A name contains %, CR or LF, which a manifest must percent-encode.",
    "sha512sum -c cannot check such a line; rename the file if that matters",
    "RFC 8493 §2.1.3",
)  # fmt: skip
PAYLOAD_SYSTEM_FILE = Kind(
    "payload.system-file", _NOTE, "A file or folder that an operating system created was left out.",
    "declare it by its own name under `files` if it belongs to the package",
)  # fmt: skip
PAYLOAD_LEFT_OUT = Kind(
    "payload.left-out", _NOTE, "A file is listed under `left-out` and is not in the package.",
    "delete the entry if the file belongs to the package",
)  # fmt: skip
PAYLOAD_LEFT_OUT_NOTHING = Kind(
    "payload.left-out-nothing", _ERROR,
    "An entry under `left-out` matches no file, so a file that should be withheld could be published.",
    "write the name as it is in the folder, relative to the folder of the description; or delete the entry",
    exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_LEFT_OUT_DECLARED = Kind(
    "payload.left-out-declared", _ERROR, "A file is both declared and listed under `left-out`.",
    "keep one of the two", exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_EMPTY_FOLDER = Kind(
    "payload.empty-folder", _WARNING, "A folder is not in the package because no file in it is packed.",
    "a bag contains files only: to keep it, declare it under `files` and add `empty-folders: keep`, or "
    "put a text file that says what it means into it",
    "RFC 8493 §2.1.3",
)  # fmt: skip
PAYLOAD_EMPTY_FOLDER_KEPT = Kind(
    "payload.empty-folder-kept", _NOTE, "An empty folder is kept in the package by an empty file in it.",
    "nothing to do: `empty-folders: keep` asks for it, and the provenance declares the file a placeholder",
    "RFC 8493 §2.1.3",
)  # fmt: skip
TAG_FILES_TOO_LARGE = Kind(
    "payload.tag-files-too-large", _ERROR, "The tag files of the description are too large together.",
    "tag files describe the payload: declare large files under `files` instead of `tag-files`",
)  # fmt: skip
PAYLOAD_IS_A_BAG = Kind(
    "payload.is-a-bag", _WARNING, "The sources contain a bag: its manifests would become payload.",
    "make a package of that bag with archtool pack --from-bag; ignore this if a bag in a bag is intended",
)  # fmt: skip
PAYLOAD_NOT_TEXT = Kind(
    "payload.not-text", _ERROR, "A file is declared as a transcription but is not plain text.",
    "save its text as a text file (UTF-8) and declare that; declare the file itself under `files`",
    exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_TOO_MANY = Kind(
    "payload.too-many", _ERROR, "The folder of the sources contains more files than archtool reads.",
    "name the right folder with --files", exit_code=_UNUSABLE,
)  # fmt: skip
PAYLOAD_TIME_UNKNOWN = Kind(
    "payload.time-unknown", _WARNING,
    "A file has a modification time that no calendar has; it was not recorded.",
    "the file itself is packed; correct its time (touch) if the time matters",
)  # fmt: skip
LINES_OUTSIDE = Kind(
    "annexe.lines-outside", _ERROR, "The lines declared for an annexe are not in the file.",
    "correct `from-line` and `to-line`",
)  # fmt: skip
LINES_BLANK = Kind(
    "annexe.lines-blank", _WARNING, "The lines declared for an annexe have no words.",
    "correct `from-line` and `to-line`",
)  # fmt: skip
LINES_WIDE = Kind(
    "annexe.lines-wide", _WARNING,
    "An annexe is a range of lines in a text in UTF-16 or UTF-32; cut out by its bytes, it is damaged.",
    "declare a copy of the text in UTF-8 as the transcription, and this file under `files`",
)  # fmt: skip
LINES_OVERLAP = Kind(
    "annexe.lines-overlap", _WARNING,
    "Two annexes have lines in common, and neither is an enclosure inside the lines of the other.",
    "end the first range before the second begins: give it a `to-line`",
)  # fmt: skip
LINES_CUT = Kind(
    "annexe.lines-cut-paragraph", _NOTE, "The lines declared for an annexe begin or end inside a paragraph.",
    "compare the words that check quotes; paragraphs are separated by empty lines or rows of signs",
)  # fmt: skip
PAYLOAD_CHANGED = Kind(
    "payload.changed-while-read", _ERROR, "A source changed while it was being read.",
    "wait until no program writes to it", exit_code=_UNUSABLE,
)  # fmt: skip

EVIDENCE_DIFFERS = Kind(
    "content.evidence-differs", _ERROR, "A payload file differs from its digest in the adopted manifest.",
    "restore the file from another copy; if the adopted manifest was changed, find out who changed it",
)  # fmt: skip
EVIDENCE_UNUSED = Kind(
    "content.evidence-unused", _NOTE, "The adopted bag had a payload file that the package does not have.",
    "check in the description whether it was left out on purpose",
)  # fmt: skip
TAG_MANIFEST_MISSING = Kind(
    "content.tag-manifest-missing", _ERROR, "A package of archtool lacks one of its tag manifests.",
    "find out who removed it; without it nothing protects the signature files", "RFC 8493 §2.2.1",
)  # fmt: skip
METADATA_MISSING = Kind(
    "content.metadata-missing", _ERROR, "A package of archtool lacks one of its metadata files.",
    "restore the file from another copy",
)  # fmt: skip
METADATA_TOO_LARGE = Kind(
    "content.metadata-too-large", _ERROR, "A metadata file is larger than archtool reads: not checked.",
    "compare the file with another copy; archtool never writes one of this size",
)  # fmt: skip
METADATA_INVALID = Kind(
    "content.metadata-invalid", _ERROR, "A metadata file does not conform to its schema.",
    "restore the file from another copy",
)  # fmt: skip
CITATION_DIFFERS = Kind(
    "content.citation-differs", _ERROR, "The citation differs from the source in the description.",
    "find out which of the two was changed",
)  # fmt: skip
CITATION_UNPRINTABLE = Kind(
    "content.citation-unprintable", _WARNING,
    "The citation contains control or invisible characters; they were removed.",
    "compare the citation with the source; archtool cite --style csl-json prints its exact characters",
)  # fmt: skip
CITED_UNREADABLE = Kind(
    "cite.package-unreadable", _ERROR,
    "One of several packages cannot be cited, because it cannot be read; the others are cited.",
    "run archtool verify on it", exit_code=_UNUSABLE,
)  # fmt: skip
HISTORY_UNPRINTABLE = Kind(
    "provenance.unprintable", _WARNING,
    "The history contains control or invisible characters; they were left out.",
    "archtool provenance --to prov-json has its exact characters",
)  # fmt: skip
INVENTORY_DIFFERS = Kind(
    "content.inventory-differs", _ERROR, "The annexe inventory differs from the annexes in the description.",
    "find out which of the two was changed",
)  # fmt: skip
FILE_TIMES_DIFFER = Kind(
    "content.file-times-differ", _ERROR,
    "The list of the files' times is malformed, or is not of these files.",
    "restore metadata/file-times.txt from another copy",
)  # fmt: skip
GROUP_PART = Kind(
    "content.group-part", _NOTE, "The package is one part of a group; each part is checked apart.",
    "verify all parts together: the last lines say whether the group is complete",
    "RFC 8493 §2.2.2",
)  # fmt: skip
GROUP_DIFFERS = Kind(
    "content.group-differs", _ERROR,
    "What the package states about its group is malformed, or differs from its own payload.",
    "restore metadata/group-manifest.txt and bag-info.txt from another copy of this part",
    "RFC 8493 §2.2.2",
)  # fmt: skip
DESCRIBED_FILE_MISSING = Kind(
    "content.file-missing", _ERROR, "The description declares a file that the package does not have.",
    "restore the file from another copy",
)  # fmt: skip
FILE_NOT_DESCRIBED = Kind(
    "content.file-not-described", _ERROR, "The package has a payload file that is not in its description.",
    "find out who added it",
)  # fmt: skip
DIGEST_CLAIM_DIFFERS = Kind(
    "content.digest-differs", _ERROR, "The inventory states another digest or size than the file has.",
    "find out which of the two was changed",
)  # fmt: skip
LINES_DIFFER = Kind(
    "content.lines-differ", _ERROR, "A range of lines differs from what the inventory states.",
    "find out which of the two was changed",
)  # fmt: skip
LINES_NOT_CHECKED = Kind(
    "content.lines-not-checked", _WARNING, "The inventory states more ranges of lines than archtool checks.",
    "cut them out by their offsets and sizes, and compare their digests",
)  # fmt: skip
CRATE_DIFFERS = Kind(
    "content.crate-differs", _ERROR,
    "The RO-Crate metadata in the payload (ro-crate-metadata.json) says something else than the package.",
    "trust the description and the manifests; ask who gave you the package for one whose parts agree",
)  # fmt: skip
CRATE_NAME_TAKEN = Kind(
    "payload.crate-name-taken", _ERROR,
    "A payload file has the name of the RO-Crate metadata that --crate makes.",
    "to keep this file as it is, leave out --crate; else rename it, or list it only under `left-out`",
    exit_code=_UNUSABLE,
)  # fmt: skip
BAG_INFO_DIFFERS = Kind(
    "content.bag-info-differs", _WARNING, "bag-info.txt differs from the description.",
    "trust the description; bag-info.txt is only a summary of it",
)  # fmt: skip
ATTESTATIONS_DISCARDED = Kind(
    "pack.attestations-discarded", _NOTE,
    "A package was replaced, and attestations that were added after its packaging were discarded.",
    "--discard-attestations requested this; --keep-predecessor keeps the old package unchanged",
)  # fmt: skip

# The kinds of findings of a list of packages, which checks nothing.

LIST_UNREADABLE = Kind(
    "list.package-unreadable", _ERROR, "A package, or a part of its metadata, cannot be read.",
    "list every problem with archtool verify", exit_code=_UNUSABLE,
)  # fmt: skip
LIST_MISSING = Kind(
    "list.package-missing", _ERROR, "The attestations of a package are here, and the package is not.",
    "restore the package from another copy, or move its attestations with it",
)  # fmt: skip
LIST_NONE_FOUND = Kind(
    "list.no-package", _ERROR, "There is no package where packages were looked for.",
    "name a folder that contains packages", exit_code=_UNUSABLE,
)  # fmt: skip
