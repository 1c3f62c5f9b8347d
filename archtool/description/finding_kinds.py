"""The kinds of findings about a description that can be detected without reading any other file."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity


def _input(code: str, summary: str, advice: str, clause: str | None = None) -> Kind:
    """Return an error kind for a description that cannot be used as it is written."""
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
    "YAML anchors, aliases and tags are refused: they hide where a value comes from.",
    "write the value itself",
)
TOO_DEEP = _input("description.too-deep", "The text is nested too deeply.", "describe it with fewer levels")
UNKNOWN_KEY = _input(
    "description.unknown-key",
    "A key is unknown to archtool, so its value would be lost.",
    "use a known key, or a key of your own that begins with `x-`",
)
MISSING_KEY = _input("description.missing-key", "A required key is missing.", "add it")
NO_VALUE = _input("description.no-value", "A key has no value.", "write a value, or delete the line")
WRONG_TYPE = _input(
    "description.wrong-type", "A value is of the wrong type.", "write a value of the expected type"
)
WRONG_VALUE = _input("description.wrong-value", "A value is not allowed for its key.", "correct the value")
DATE = _input(
    "description.date", "A date is not EDTF, or does not exist in the calendar.",
    "write 1932-04-15, 1932-04, 1932, 1932~ (about), 193X (the 1930s), ../1932-11-03 (not after)",
    "ISO 8601-2 (EDTF)",
)  # fmt: skip
LANGUAGE = _input(
    "description.language", "A language is not a BCP 47 tag.", "write `fr`, `ru`, `ru-Latn` …", "BCP 47"
)
ENCODING = _input(
    "description.encoding", "A character encoding is unknown.",
    "write its usual name, such as `windows-1252` (Western Europe), `windows-1251` (Cyrillic), `mac-roman` …",
)  # fmt: skip
FILE_PATH = _input(
    "description.file-path",
    "A file path is not relative to the folder of the description.",
    "write the path relative to that folder, with `/` and without `..`",
)
ID_TWICE = _input("description.id-twice", "Two parts have the same id.", "give each part a different id")
ID_UNKNOWN = _input(
    "description.id-unknown", "An id is used that no part of the description has.", "use an existing id"
)
FOLDER_NESTED = _input(
    "description.folder-nested", "A folder is declared, and a folder inside it as well.",
    "declare only one of the two folders: a file can belong to only one",
)  # fmt: skip
FILE_TWICE = Kind(
    "description.file-twice",
    Severity.WARNING,
    "A file is declared twice, as different things.",
    "keep the right one; a text that contains another one as well is declared once, and the other one as an "
    "annexe with `within`",
)
REPAIR_FILES = _input(
    "description.repair-files", "A repair does not name three different files.",
    "name the repaired copy as `file`, the text as it arrived as `original`, the change log as `changes`",
)  # fmt: skip
REPAIR_ENCODING = _input(
    "description.repair-encoding", "An encoding is declared for a repaired copy, which is UTF-8.",
    "delete `encoding`: the change log has the encoding of the original",
)  # fmt: skip
BAG_INFO_LABEL = _input(
    "description.bag-info-label",
    "A label under `bag-info` cannot be written into bag-info.txt.",
    "use a label that archtool does not write itself, without a colon, blanks around it or line ends",
    "RFC 8493 §2.2.2",
)
BAG_INFO_VALUE = _input(
    "description.bag-info-value",
    "A value under `bag-info` cannot be written into bag-info.txt.",
    "write one line of text; a label with several values has a list",
    "RFC 8493 §2.2.2",
)
TAG_FILE_PATH = _input(
    "description.tag-file-path",
    "A tag file cannot have this path in the package.",
    "choose another path with `as:`; data/, metadata/, attestations/, evidence/, bagit.txt, bag-info.txt, "
    "fetch.txt, VERIFY.txt and the manifests have a meaning of their own",
    "RFC 8493 §2.2",
)
LIBRARY = _input(
    "source.library-unusable", "The CSL-JSON library cannot be read.", "export it again (Zotero: CSL JSON)"
)
LIBRARY_UNUSED = Kind(
    "source.library-unused",
    Severity.NOTE,
    "A library is named, but the source is not cited by a key of it, so the library was not read.",
    "add `cite:` with the key of the item under `source`, or leave the library out",
)
CITE_UNKNOWN = _input(
    "source.cite-unknown", "The cited key is not in the library.", "use the `id` of an item in the library"
)
CITE_AMBIGUOUS = _input(
    "source.cite-ambiguous",
    "Several items of the library have the cited key, so the citation is ambiguous.",
    "give each item a unique key in the reference manager, and export the library again",
)
CITE_KEY_TWICE = _input(
    "source.cite-key-twice",
    "The cited item of the library has a duplicate key, for instance two titles, so it is ambiguous.",
    "delete the wrong one in the library's file, or export the library again",
)
CITED_DATE = _input(
    "source.impossible-date",
    "A date of the source is impossible: a month 13, a 30 February, an end before its beginning.",
    "correct the date in the reference manager and export the library again; or add `date:` next to `cite:`",
    "CSL-JSON 1.0.2",
)
CITATION_NOT_CSL = _input(
    "source.not-csl", "The source is not valid CSL-JSON.", "correct the field", "CSL-JSON 1.0.2"
)

PLACEHOLDER = _input(
    "description.placeholder",
    "A placeholder of the template was not filled in.",
    "replace it with a value for this document, or delete the line",
)
UNCONFIRMED = _input(
    "description.unconfirmed",
    "A value that others wrote was not confirmed: the mark `CONFIRM:` stands before it.",
    "delete the word `CONFIRM:` if the value is right for this document; else replace it, or delete the line",
)
COMMENT_DROPPED = Kind(
    "description.comment-dropped",
    Severity.WARNING,
    "A comment follows a value on the same line and is not part of the value.",
    "if it belongs to the value, put the whole value in quotes; otherwise move the comment to its own line",
)
COUNT_DIFFERS = Kind(
    "annexe.count-differs",
    Severity.ERROR,
    "The number of enclosures that an annexe states differs from the number listed.",
    "list the missing ones as well (status `listed` or `unknown`), or correct `enclosures-stated`",
)
NUMBER_TWICE = Kind(
    "annexe.number-twice",
    Severity.WARNING,
    "Two enclosures of one annexe have the same number.",
    "check the numbers against the annexe's own list",
)
REPRODUCED_WHERE = _input(
    "annexe.reproduced-where",
    "An annexe has the status `reproduced`, but no file.",
    "add `file:`, or `within:` with the file and the first line",
)
NOT_REPRODUCED_FILE = _input(
    "annexe.not-reproduced-file",
    "An annexe has a file, but its status says that its text is not in the package.",
    "write `status: reproduced`, or remove the file",
)
FILE_AND_WITHIN = _input(
    "annexe.file-and-within", "An annexe has both `file` and `within`.", "keep the correct one"
)
LINES_BACKWARDS = _input(
    "annexe.lines-backwards", "`to-line` comes before `from-line`.", "correct the two line numbers"
)
RIGHTS_MISSING = Kind(
    "rights.missing",
    Severity.WARNING,
    "The description states no rights; archtool does not guess them.",
    "add `rights:` by layer; `UND` means undetermined",
)
RIGHTS_UNKNOWN = Kind(
    "rights.unknown",
    Severity.NOTE,
    "A rights statement is neither a known identifier nor a sentence.",
    "use a RightsStatements.org code (InC, UND, NoC-US …), an SPDX identifier (CC0-1.0 …), a URI or a text",
)
