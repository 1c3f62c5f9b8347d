"""Every kind of finding that a description can give before any file is looked at."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity


def _input(code: str, summary: str, advice: str, clause: str | None = None) -> Kind:
    """A description that cannot be used as it is written."""
    return Kind(code, Severity.ERROR, summary, advice, clause, ExitCode.INPUT_UNUSABLE)


NOT_TEXT = _input("description.not-utf8", "A description must be UTF-8 text.", "save the file again as UTF-8")
TOO_LARGE = _input(
    "description.too-large",
    "A description is larger than archtool reads.",
    "put long texts into payload files",
)
SYNTAX = _input(
    "description.syntax",
    "The text is not YAML (or JSON).",
    "compare the line with the examples in the manual",
)
DUPLICATE_KEY = _input(
    "description.duplicate-key", "A key is given twice: one of the two would be lost.", "keep one of the two"
)
ANCHOR = _input(
    "description.anchor",
    "Anchors, aliases and tags of YAML are refused: they hide what is said where.",
    "write the value out where it belongs",
)
TOO_DEEP = _input("description.too-deep", "The text is nested too deeply.", "describe it with fewer levels")
UNKNOWN_KEY = _input(
    "description.unknown-key",
    "A key is not one that archtool knows, so what it says would be lost.",
    "use a known key, or one that begins with `x-` for something of your own",
)
MISSING_KEY = _input("description.missing-key", "A key that must be there is missing.", "add it")
NO_VALUE = _input("description.no-value", "A key has no value.", "write a value, or delete the line")
WRONG_TYPE = _input(
    "description.wrong-type", "A value is of the wrong shape.", "write it in the shape that is asked for"
)
WRONG_VALUE = _input(
    "description.wrong-value", "A value is not one that may stand there.", "correct the value"
)
DATE = _input(
    "description.date", "A date is not EDTF, or does not exist in the calendar.",
    "write 1932-04-15, 1932-04, 1932, 1932~ (about), 193X (the 1930s), ../1932-11-03 (not after)",
    "ISO 8601-2 (EDTF)",
)  # fmt: skip
LANGUAGE = _input(
    "description.language", "A language is not a BCP 47 tag.", "write `fr`, `ru`, `ru-Latn` …", "BCP 47"
)
ENCODING = _input(
    "description.encoding", "A character encoding of that name does not exist.", "write `windows-1251` …"
)
FILE_PATH = _input(
    "description.file-path",
    "A file is not named from the folder of the description.",
    "write the path below that folder, with `/` and without `..`",
)
ID_TWICE = _input("description.id-twice", "Two parts have the same id.", "give each part an id of its own")
ID_UNKNOWN = _input(
    "description.id-unknown", "An id is used that no part of the description has.", "use an id that is there"
)
FOLDER_NESTED = _input(
    "description.folder-nested", "A folder is declared, and another one that lies in it.",
    "declare the inner one only, or the outer one only: a file belongs to one of them",
)  # fmt: skip
LIBRARY = _input(
    "source.library-unusable", "The CSL-JSON library cannot be read.", "export it again (Zotero: CSL JSON)"
)
CITE_UNKNOWN = _input(
    "source.cite-unknown", "The key is not in the library.", "use the `id` of an item of the library"
)
CITE_AMBIGUOUS = _input(
    "source.cite-ambiguous",
    "Several items of the library have the key that is cited: either may be meant.",
    "give each item a key of its own in the reference manager, and export the library again",
)
CITE_KEY_TWICE = _input(
    "source.cite-key-twice",
    "The cited item of the library has a key twice, for instance two titles: either may be meant.",
    "delete the wrong one in the library's file, or export the library again",
)
CITED_DATE = _input(
    "source.impossible-date",
    "A date of the source is in no calendar: a month 13, a 30 February, an end before its beginning.",
    "correct the date in the reference manager and export the library again; or say `date:` beside `cite:`",
    "CSL-JSON 1.0.2",
)
CITATION_NOT_CSL = _input(
    "source.not-csl", "What is said of the source is not CSL-JSON.", "correct the field", "CSL-JSON 1.0.2"
)

PLACEHOLDER = _input(
    "description.placeholder",
    "A word of the template stands where the archivist's own should.",
    "write what is true of the document, or delete the line",
)
COMMENT_DROPPED = Kind(
    "description.comment-dropped",
    Severity.WARNING,
    "A comment stands behind a value on the same line: it is no part of the value.",
    "if it belongs to the value, put the whole value in quotes; if not, give the comment a line of its own",
)
COUNT_DIFFERS = Kind(
    "annexe.count-differs",
    Severity.ERROR,
    "An annexe states another number of enclosures than are listed.",
    "list the missing ones too (status `listed` or `unknown`), or correct `enclosures-stated`",
)
NUMBER_TWICE = Kind(
    "annexe.number-twice",
    Severity.WARNING,
    "Two enclosures of one annexe have the same number.",
    "check the numbers against the annexe's own list",
)
REPRODUCED_WHERE = _input(
    "annexe.reproduced-where",
    "An annexe is said to be reproduced, but not in which file.",
    "add `file:`, or `within:` with the file and its first line",
)
NOT_REPRODUCED_FILE = _input(
    "annexe.not-reproduced-file",
    "An annexe has a file, but its status says that its text is not in the package.",
    "write `status: reproduced`, or take the file away",
)
FILE_AND_WITHIN = _input(
    "annexe.file-and-within", "An annexe has both `file` and `within`.", "keep the one that is true"
)
LINES_BACKWARDS = _input(
    "annexe.lines-backwards", "`to-line` comes before `from-line`.", "correct the two line numbers"
)
RIGHTS_MISSING = Kind(
    "rights.missing",
    Severity.WARNING,
    "Nothing is said of the rights: archtool does not guess.",
    "add `rights:` by layer; `UND` says that they are undetermined",
)
RIGHTS_UNKNOWN = Kind(
    "rights.unknown",
    Severity.NOTE,
    "A rights statement is neither an identifier that archtool knows nor a sentence.",
    "RightsStatements.org codes (InC, UND, NoC-US …), SPDX identifiers (CC0-1.0 …), URIs or words may stand",
)
