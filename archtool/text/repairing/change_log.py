"""The record of a repair: what each rule set changed, so that anyone can replay it, or undo it.

The log counts in the UTF-8 form of the text: offsets in bytes, lines from 1 (a line ends at LF). Rule sets
were applied one after another; each counts in the text that the one before it made. `change_log_file` writes
and reads the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archtool.encodings import DEFAULT_ENCODING
from archtool.errors import InputError
from archtool.text.repairing.changes import Change

DECIDED = "decided by a person"
"""How the evidence of a change begins that a person decided; any text can be its result."""


class ChangeLogError(InputError):
    """A change log cannot be read, or does not fit the text that it is applied to."""


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """One change, as the log records it."""

    offset_bytes: int
    """Where the change begins in the UTF-8 text that its rule set was given."""
    line: int
    """The line of this place, counted from 1."""
    before: str
    after: str
    evidence: str

    @property
    def is_decided(self) -> bool:
        """Whether a person decided it, so that the rule set need not be able to make it."""
        return self.evidence.startswith(DECIDED)


@dataclass(frozen=True, slots=True)
class RulePass:
    """One rule set, and its changes in the order of the text."""

    name: str
    """The rule set with its version: `accents/1`."""
    changes: tuple[LoggedChange, ...] = ()


@dataclass(frozen=True, slots=True)
class RepairedFile:
    """The original file or the copy, as it was when the log was written."""

    name: str
    size_bytes: int
    sha512: str
    """The digest in hexadecimal."""

    @classmethod
    def of(cls, name: str, data: bytes) -> RepairedFile:
        """Describe a file by its bytes."""
        return cls(name, len(data), hashlib.sha512(data).hexdigest())

    def is_file(self, data: bytes) -> bool:
        """Return whether these bytes are the file."""
        return len(data) == self.size_bytes and hashlib.sha512(data).hexdigest() == self.sha512


@dataclass(frozen=True, slots=True)
class UsedWordList:
    """A word list that was used as evidence."""

    name: str
    sha512: str


@dataclass(frozen=True, slots=True)
class ChangeLog:
    """A repair from beginning to end."""

    original: RepairedFile
    copy: RepairedFile
    """The repaired copy; always UTF-8."""
    encoding: str
    """The encoding of the original, as `archtool.encodings.find_encoding` names it."""
    software: str
    """Name and version of the program that made the repair."""
    date: datetime
    """When it was made (aware, UTC)."""
    language: str | None = None
    """The language of the text (BCP 47), if it was given."""
    reviewer: str | None = None
    """The person who decided the open places, if any."""
    open_places: int = 0
    """How many places are undecided; they are as in the original."""
    word_lists: tuple[UsedWordList, ...] = ()
    passes: tuple[RulePass, ...] = ()
    """The rule sets that were applied, in order; one without changes is listed too."""
    others: tuple[tuple[str, str], ...] = ()
    """Facts that this version does not know, kept as they were read."""

    @property
    def change_count(self) -> int:
        """The number of changes of all rule sets."""
        return sum(len(one.changes) for one in self.passes)

    @property
    def counts(self) -> dict[str, int]:
        """The number of changes of each rule set, in order."""
        return {one.name: len(one.changes) for one in self.passes}


def log_pass(name: str, text: str, changes: Sequence[Change]) -> RulePass:
    """Return the record of the sorted changes that a rule set made of a text."""
    logged = []
    position = offset = 0
    line = 1
    for change in changes:
        passed = text[position : change.start]
        offset += len(passed.encode())
        line += passed.count("\n")
        position = change.start
        logged.append(LoggedChange(offset, line, change.before, change.after, change.evidence))
    return RulePass(name, tuple(logged))


def replay(log: ChangeLog, original: bytes) -> bytes:
    """Apply a log to the original file; return the copy.

    Raises:
        ChangeLogError: the bytes are not the original, a change does not fit, or the result is not the copy
            that the log describes.
    """
    if not log.original.is_file(original):
        raise ChangeLogError(_not_the_file("original", log.original, original))
    data = to_utf8(original, log.encoding)
    for one in log.passes:
        data = _apply(data, one)
    if not log.copy.is_file(data):
        raise ChangeLogError(_another_result("replayed", "copy", log.copy))
    return data


def undo(log: ChangeLog, copy: bytes) -> bytes:
    """Apply a log backwards to the repaired copy; return the original file, byte for byte.

    Raises:
        ChangeLogError: the bytes are not the copy, a change does not fit, or the result is not the original
            that the log describes.
    """
    if not log.copy.is_file(copy):
        raise ChangeLogError(_not_the_file("copy", log.copy, copy))
    data = copy
    for one in reversed(log.passes):
        data = _apply(data, inverse_pass(one))
    original = from_utf8(data, log.encoding)
    if not log.original.is_file(original):
        raise ChangeLogError(_another_result("undone", "original", log.original))
    return original


def inverse_pass(one: RulePass) -> RulePass:
    """Return the changes that lead from the text that a rule set made back to the one that it was given."""
    inverse = []
    shift = lines = 0
    for change in one.changes:
        inverse.append(
            LoggedChange(
                change.offset_bytes + shift, change.line + lines, change.after, change.before, change.evidence
            )
        )
        shift += len(change.after.encode()) - len(change.before.encode())
        lines += change.after.count("\n") - change.before.count("\n")
    return RulePass(one.name, tuple(inverse))


def to_utf8(original: bytes, encoding: str) -> bytes:
    """Return a file in UTF-8; a byte-order mark stays, as a character.

    Raises:
        ChangeLogError: the file is not in this encoding, or could not be made again from its characters.
    """
    try:
        text = original.decode(encoding)
        is_reversible = encoding == DEFAULT_ENCODING or text.encode(encoding) == original
    except UnicodeError as error:
        raise ChangeLogError(f"the text is not {encoding}: {error}") from None
    if not is_reversible:
        raise ChangeLogError(f"the text cannot be written again as the same {encoding}")
    return text.encode()


def from_utf8(data: bytes, encoding: str) -> bytes:
    """Return a UTF-8 text in the encoding of the original file.

    Raises:
        ChangeLogError: a character of the text does not exist in this encoding.
    """
    if encoding == DEFAULT_ENCODING:
        return data
    try:
        return data.decode().encode(encoding)
    except UnicodeError as error:
        raise ChangeLogError(f"the text cannot be written as {encoding}: {error}") from None


def _apply(data: bytes, one: RulePass) -> bytes:
    parts: list[bytes] = []
    position, line = 0, 1
    for change in one.changes:
        before = change.before.encode()
        start = change.offset_bytes
        if start < position or not data.startswith(before, start) or start > len(data):
            raise ChangeLogError(_does_not_fit(one.name, change, f"the text there is not {change.before!r}"))
        line += data.count(b"\n", position, start)
        if line != change.line:
            raise ChangeLogError(_does_not_fit(one.name, change, f"this place is in line {line}"))
        parts += (data[position:start], change.after.encode())
        line += before.count(b"\n")
        position = start + len(before)
    return b"".join([*parts, data[position:]])


def _does_not_fit(rule: str, change: LoggedChange, reason: str) -> str:
    return f"the change of {rule} at offset {change.offset_bytes} (line {change.line}) does not fit: {reason}"


def _not_the_file(role: str, file: RepairedFile, data: bytes) -> str:
    found = RepairedFile.of(file.name, data)
    if found.size_bytes != file.size_bytes:
        return (
            f"not the {role} of the change log: it has {found.size_bytes:,} bytes, "
            f"and the log says {file.size_bytes:,} ({file.name})"
        )
    return (
        f"not the {role} of the change log: its sha512 is {_short(found.sha512)}, "
        f"and the log says {_short(file.sha512)} ({file.name})"
    )


def _another_result(action: str, role: str, file: RepairedFile) -> str:
    return f"the {action} repair is not the {role} {file.name!r} of the change log: its digest differs"


def _short(digest: str) -> str:
    return f"{digest[:8]}…{digest[-4:]}"
