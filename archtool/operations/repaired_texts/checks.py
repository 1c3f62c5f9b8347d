"""Checks what a change log says: its digests, its changes replayed and undone, and the rule sets it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from archtool.description.model import Description, Within
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations.repaired_texts import finding_kinds
from archtool.operations.repaired_texts.repaired_text import RepairedText, RepairedTexts
from archtool.report.numbers import counted
from archtool.text.repairing.change_log import ChangeLogError, RepairedFile, RulePass, replay, undo

_MAX_BROKEN = 20  # changes of one rule set that are listed; a hostile log can have a million
_MAX_LINES = 5  # removed lines that a message quotes
_PAGES = "pages/"
_WORDS = re.compile(r"[^\W\d_]{2,}")  # page numbers have none
_SHOWN_CHARS = 40  # of a word in a message
_SHOWN_DIGITS = 8
_TITLE_CHARS = 60


@dataclass(frozen=True, slots=True)
class RepairNames:
    """What the three files are called in findings: by their paths in the sources or in the package."""

    copy: str
    original: str
    log: str

    @classmethod
    def in_package(cls, text: RepairedText) -> RepairNames:
        """Return the paths in the package."""
        return cls(f"data/{text.copy}", f"data/{text.original}", text.log_path)


def check_files(
    text: RepairedText, names: RepairNames, original: RepairedFile | None, copy: RepairedFile | None
) -> Iterator[Finding]:
    """Compare the two files with what the change log says of them; `None` for a file that is not known."""
    log = text.log
    if original is not None and (how := _difference(original, log.original)) is not None:
        message = f"{shown(names.original)} is not the original of {shown(names.log)}: {how}"
        yield finding_kinds.OTHER_ORIGINAL.at(message, names.original)
    if copy is not None and (how := _difference(copy, log.copy)) is not None:
        message = f"{shown(names.copy)} is not the copy that {shown(names.log)} describes: {how}"
        yield finding_kinds.COPY_EDITED.at(message, names.copy)


def _difference(found: RepairedFile, stated: RepairedFile) -> str | None:
    if found.size_bytes != stated.size_bytes:
        return f"it has {found.size_bytes:,} bytes, and the log says {stated.size_bytes:,}"
    if found.sha512 != stated.sha512:
        ours, theirs = (one.sha512[:_SHOWN_DIGITS] for one in (found, stated))
        return f"its sha512 is {ours}…, and the log says {theirs}…"
    return None


def check_replay(text: RepairedText, names: RepairNames, original: bytes, copy: bytes) -> Iterator[Finding]:
    """Apply the log to the original and backwards to the copy; compare the results byte for byte."""
    for role, name, repeat, start, expected in (
        ("replayed", names.copy, replay, original, copy),
        ("undone", names.original, undo, copy, original),
    ):
        try:
            is_same = repeat(text.log, start) == expected
            reason = f"the result is not {shown(name)}"
        except ChangeLogError as error:
            is_same, reason = False, error.message
        if not is_same:
            message = f"{shown(names.log)} cannot be {role}: {reason}"
            yield finding_kinds.REPLAY_DIFFERS.at(message, names.log)


def check_rules(text: RepairedText, names: RepairNames) -> Iterator[Finding]:
    """Judge each change by the rule set that the log names; those that a person decided can be anything."""
    from archtool.text.repairing.rule_sets import RULE_SETS  # lazy: only repaired texts need them

    for one in text.log.passes:
        rule_set = RULE_SETS.get(one.name)
        if rule_set is None:
            if one.changes:
                message = f"{shown(names.log)}: {one.name} is not known to this version"
                changes = counted(len(one.changes), "change")
                yield finding_kinds.RULE_UNKNOWN.at(f"{message}; {changes} not judged", names.log)
            continue
        yield from _broken(one, rule_set.may_make, names)
        if one.name.startswith(_PAGES):
            yield from _lone_lines(one, names)


def _broken(one: RulePass, may_make: Callable[[str, str], bool], names: RepairNames) -> Iterator[Finding]:
    broken = (c for c in one.changes if not c.is_decided and not may_make(c.before, c.after))
    for change in islice(broken, _MAX_BROKEN):
        message = (
            f"{shown(names.log)}: {one.name} does not change {_quoted(change.before)} to "
            f"{_quoted(change.after)} (line {change.line:,} of the text)"
        )
        yield finding_kinds.RULE_BROKEN.at(message, names.log)
    others = sum(1 for _ in broken)
    if others:
        message = f"{shown(names.log)}: {counted(others, 'more such change')} of {one.name}"
        yield finding_kinds.RULE_BROKEN.at(message, names.log)


def _lone_lines(one: RulePass, names: RepairNames) -> Iterator[Finding]:
    """Report lines with words that were removed once: a running head is removed from several pages."""
    removed = Counter(
        words
        for change in one.changes
        if not change.is_decided and not change.after.strip()
        for line in change.before.splitlines()
        if (words := " ".join(_WORDS.findall(line)))
    )
    lone = [words for words, count in removed.items() if count == 1]
    if lone:
        shown_lines = ", ".join(map(_quoted, lone[:_MAX_LINES]))
        more = f" and {len(lone) - _MAX_LINES:,} more" if len(lone) > _MAX_LINES else ""
        lines = counted(len(lone), "line")
        message = f"{shown(names.log)}: {one.name} removed {lines} with words once only: {shown_lines}{more}"
        yield finding_kinds.LINES_REMOVED.at(message, names.log)


def _quoted(text: str) -> str:
    return f"“{text[:_SHOWN_CHARS]}{'…' if len(text) > _SHOWN_CHARS else ''}”"


def note_open_places(text: RepairedText, names: RepairNames) -> Iterator[Finding]:
    """Report how many places of a repaired text are undecided, if there are any."""
    if text.log.open_places:
        places = counted(text.log.open_places, "place")
        message = f"{shown(names.copy)} has {places} left undecided; the copy has there what the original has"
        yield finding_kinds.PLACES_OPEN.at(message, names.log)


def note_lines_in_originals(description: Description, texts: RepairedTexts) -> Iterator[Finding]:
    """Report each annexe whose lines are given in the original, with its lines in the copy."""
    ranges = texts.ranges_of(description)
    for place, annexe in description.all_annexes():
        found = ranges.get(place)
        if found is None or annexe.within is None or annexe.within.file in texts.by_copy:
            continue
        title = annexe.title[:_TITLE_CHARS]
        stated = f"annexe “{title}” has {_lines(annexe.within)} of the original {shown(annexe.within.file)}"
        where = (
            f"in the copy {shown(found.copy.file)} these are {_lines(found.copy)}"
            if found.copy
            else ("nothing of them is in the copy")
        )
        yield finding_kinds.LINES_IN_ORIGINAL.at(f"{stated}; {where}", annexe.within.file)


def _lines(within: Within) -> str:
    last = "the end" if within.to_line is None else f"{within.to_line:,}"
    return f"lines {within.from_line:,} to {last}"
