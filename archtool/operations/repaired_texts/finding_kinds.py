"""Kinds of findings about repaired texts: their change logs, and what these say of original and copy."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_CLAUSE = "schemas/text-changes.md"

LOG_UNREADABLE = Kind(
    "text-repair.log-unreadable", _ERROR, "The change log of a repaired text cannot be read.",
    "name the file that archtool text repair wrote beside the copy (COPY.changes.tsv); if it was edited, "
    "repair the text again",
    _CLAUSE, ExitCode.INPUT_UNUSABLE,
)  # fmt: skip
LOG_MISSING = Kind(
    "text-repair.log-missing", _ERROR, "A package lacks the change log of a repaired text.",
    "restore the file from another copy", _CLAUSE,
)  # fmt: skip
OTHER_ORIGINAL = Kind(
    "text-repair.other-original", _ERROR,
    "The change log was made from another original than the file that is declared.",
    "declare the file that the text was repaired from as `original`; if it has changed since, repair the "
    "text again",
    _CLAUSE,
)  # fmt: skip
COPY_EDITED = Kind(
    "text-repair.copy-edited", _ERROR, "A repaired text is not the copy that its change log describes.",
    "put the copy back as archtool text repair wrote it, or run the repair again; a correction by hand is "
    "not on record: declare a text that has one without `repair`, and its original under `files`",
    _CLAUSE,
)  # fmt: skip
REPLAY_DIFFERS = Kind(
    "text-repair.replay-differs", _ERROR,
    "The change log does not lead from the original to the copy, or not back to the original.",
    "the log is not the record of this repair: find out who changed it; if the sources are at hand, repair "
    "the text again",
    _CLAUSE,
)  # fmt: skip
RULE_BROKEN = Kind(
    "text-repair.rule-broken", _ERROR, "A recorded change is not of the kind that its rule set makes.",
    "the change log names a rule set that did not make this change: compare the place with the original",
    _CLAUSE,
)  # fmt: skip
LINES_REMOVED = Kind(
    "text-repair.lines-removed", _NOTE,
    "A rule set for pages removed lines with words that are not repeated, as running heads are.",
    "read these lines in the original: the change log alone cannot show that they are no text", _CLAUSE,
)  # fmt: skip
RULE_UNKNOWN = Kind(
    "text-repair.rule-unknown", _NOTE,
    "A change log names a rule set that this version of archtool does not know.",
    "its changes were replayed, but not judged: use the version that made the repair, or a later one",
    _CLAUSE,
)  # fmt: skip
NOT_REPLAYED = Kind(
    "text-repair.not-replayed", _WARNING, "A repair could not be replayed.",
    "restore what is missing or damaged, or join the parts, and verify again with --replay", _CLAUSE,
)  # fmt: skip
PLACES_OPEN = Kind(
    "text-repair.places-open", _NOTE,
    "A repaired text has undecided places; there it is the same as the original.",
    "answer them in the review file (archtool text repair --review FILE), and repair the text again", _CLAUSE,
)  # fmt: skip
LINES_IN_ORIGINAL = Kind(
    "text-repair.lines-in-original", _NOTE,
    "The lines of an annexe are given in the original of a repaired text.",
    "nothing to do: the lines of the repaired copy follow from the change log, and both are recorded",
    _CLAUSE,
)  # fmt: skip
