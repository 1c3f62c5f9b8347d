"""The kinds of findings of a repair of a text."""

from __future__ import annotations

from archtool.findings import Kind, Severity

PLACE_UNDECIDED = Kind(
    "text-repair.place-undecided", Severity.WARNING,
    "The evidence is not enough to repair a place; it stays as it is.",
    "answer it in a review file (--review FILE), then run the same command again",
)  # fmt: skip
ANSWER_UNUSED = Kind(
    "text-repair.answer-unused", Severity.WARNING,
    "An answer of the review file fits no place of the text.",
    "the text, the rule sets or the language have changed: answer the place again if it is still open, "
    "otherwise delete the row",
)  # fmt: skip
ALREADY_REPAIRED = Kind(
    "text-repair.already-repaired", Severity.NOTE,
    "The file is a repaired copy itself.",
    "repair the original again instead, so that one change log has all changes",
)  # fmt: skip
