"""The kinds of findings about files that are imported."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

NOT_PLACED = Kind(
    "import.not-placed",
    Severity.WARNING,
    "A statement of an imported file fits no key of a description, or of a library.",
    "read it in the draft, where it is a comment, and write it where it belongs",
)
NOT_IN_TEXT = Kind(
    "import.not-in-text",
    Severity.NOTE,
    "Lines of a page are not in its text file: navigation, and what describes the text.",
    "compare them with the page; the draft lists each with its line",
)
NO_TEXT = Kind(
    "import.no-text",
    Severity.WARNING,
    "An imported file contains no text of the document.",
    "add the text as a file, and name it under `transcription`",
)
ENCODING = Kind(
    "import.encoding",
    Severity.WARNING,
    "An imported file does not name its encoding, or names another than the one that it was read in.",
    "read the quoted words; if they are wrong, import the file into another folder, with --encoding NAME",
)
DAMAGED_TEXT = Kind(
    "import.damaged-text",
    Severity.WARNING,
    "Some bytes of an imported file are no characters in its encoding; each became U+FFFD.",
    "compare the text with the file, or import it into another folder, with --encoding NAME",
)
HIDDEN = Kind(
    "import.hidden",
    Severity.WARNING,
    "An imported page has something that a reader does not see: hidden text, or invisible characters.",
    "compare the text file with the page as a browser shows it",
)
KEY_CHANGED = Kind(
    "import.key-changed",
    Severity.WARNING,
    "Two items have the same key, or one has none: a library needs a different key for each.",
    "use the new key in `cite`, or change both in the library",
)
NOT_CSL = Kind(
    "import.not-csl",
    Severity.WARNING,
    "An item of the new library is not valid CSL-JSON: a description that cites it will be refused.",
    "correct the item in the library, or in the program that it comes from",
)
SKIPPED = Kind(
    "import.skipped",
    Severity.NOTE,
    "Files of a folder are of no kind that can be imported, or links.",
    "nothing need be done, if they are images or styles of the pages; they were not copied",
)
FAILED = Kind(
    "import.failed",
    Severity.ERROR,
    "A file could not be imported; nothing was written for it.",
    "do what the hint says, and run the same command again: it imports what is missing",
    exit_code=ExitCode.INPUT_UNUSABLE,
)
