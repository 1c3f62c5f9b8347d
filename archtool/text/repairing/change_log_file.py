r"""Writes and reads change logs: `COPY.changes.tsv`.

The file is UTF-8 with LF. Facts come first, each as `# key: value`, then the names of the columns, then one
row for each change, with tabs between the columns. In values, a backslash begins an escape: `\\`, `\t`, `\n`,
`\r`, and a code (`\u00a0`, `\U000e0001`) for each character that could not be seen.

Source: `schemas/text-changes.md`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NoReturn

from archtool.encodings import find_encoding
from archtool.text.repairing.change_log import (
    ChangeLog,
    ChangeLogError,
    LoggedChange,
    RepairedFile,
    RulePass,
    UsedWordList,
)
from archtool.text.repairing.limits import (
    MAX_CHANGE_LOG_BYTES,
    MAX_CHANGES,
    MAX_HEADER_LINES,
    MAX_NUMBER_DIGITS,
    MAX_PASSES,
)

FORMAT = "archtool-text-changes/1"
SUFFIX = ".changes.tsv"
COLUMNS = ("rule", "offset", "line", "before", "after", "evidence")
RULE_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}/[1-9][0-9]{0,3}")
_SHA512 = re.compile(r"[0-9a-f]{128}")
_HEADER = re.compile(r"# ([a-z][a-z0-9-]*): (.*)")
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(.)|$)", re.DOTALL)
_SHORT_ESCAPES = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
_WRITTEN = {char: f"\\{letter}" for letter, char in _SHORT_ESCAPES.items()}


def escape(text: str) -> str:
    """Return a value as one field of a row; nothing in it is invisible."""
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return "".join(_escaped(char) for char in text)


def show_line_ends(text: str) -> str:
    """Return a text for a person, on one line: line ends as `⏎`, other invisible characters escaped."""
    return "⏎".join(map(escape, text.split("\n")))


def unescape(field: str) -> str:
    """Return the value of a field.

    Raises:
        ValueError: an escape is unknown, or names no character.
    """
    return _ESCAPE.sub(_unescaped, field) if "\\" in field else field


def _escaped(char: str) -> str:
    if char in _WRITTEN:
        return _WRITTEN[char]
    if char.isprintable() and not unicodedata.combining(char):
        return char
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _unescaped(found: re.Match[str]) -> str:
    short = found[3]
    if short in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[short]
    code = int(found[1] or found[2] or "d800", 16)
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        raise ValueError(f"{found[0]!r} is not an escape")
    return chr(code)


def format_change_log(log: ChangeLog) -> bytes:
    """Return the file of a change log; the same log gives the same bytes."""
    header = "".join(f"# {key}: {escape(value)}\n" for key, value in _facts(log))
    rows = (
        "\t".join(
            (
                one.name,
                str(change.offset_bytes),
                str(change.line),
                escape(change.before),
                escape(change.after),
                escape(change.evidence),
            )
        )
        + "\n"
        for one in log.passes
        for change in one.changes
    )
    return "".join([header, "\t".join(COLUMNS), "\n", *rows]).encode()


def _facts(log: ChangeLog) -> Iterator[tuple[str, str]]:
    yield "format", FORMAT
    for role, file in (("original", log.original), ("copy", log.copy)):
        yield role, file.name
        yield f"{role}-bytes", str(file.size_bytes)
        yield f"{role}-sha512", file.sha512
    yield "encoding", log.encoding
    if log.language is not None:
        yield "language", log.language
    for words in log.word_lists:
        yield "word-list", f"{words.sha512} {words.name}"
    for one in log.passes:
        yield "rule-set", f"{one.name} {len(one.changes)}"
    yield "software", log.software
    if log.reviewer is not None:
        yield "reviewer", log.reviewer
    yield "date", log.date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    yield "open-places", str(log.open_places)
    yield from log.others


def parse_change_log(data: bytes) -> ChangeLog:
    """Read a change log; the file can come from anywhere.

    Raises:
        ChangeLogError: it is too large, or a line of it is not as the format states; the message names the
            line.
    """
    if len(data) > MAX_CHANGE_LOG_BYTES:
        raise ChangeLogError(f"the change log has {len(data)} bytes; at most {MAX_CHANGE_LOG_BYTES} are read")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ChangeLogError(f"line {line} of the change log is not UTF-8") from None
    if not text.endswith("\n"):
        raise ChangeLogError("the change log is cut off: its last line does not end in LF")
    if text.count("\n") > MAX_CHANGES + MAX_HEADER_LINES:
        raise ChangeLogError(f"the change log has more than {MAX_CHANGES} changes")
    return _Reader(text[:-1].split("\n")).read()


class _Reader:
    """Reads the lines of a change log."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._number = 0  # of the line being read, counted from 1
        self._facts: dict[str, str] = {}
        self._fact_lines: dict[str, int] = {}
        self._word_lists: list[UsedWordList] = []
        self._counts: list[tuple[str, int]] = []

    def read(self) -> ChangeLog:
        self._read_header()
        first_row = self._number + 1
        log = ChangeLog(
            original=self._file("original"),
            copy=self._file("copy"),
            encoding=self._encoding(),
            software=self._fact("software"),
            date=self._date(),
            language=self._facts.pop("language", None),
            reviewer=self._facts.pop("reviewer", None),
            open_places=self._fact_number("open-places"),
            word_lists=tuple(self._word_lists),
            passes=self._read_passes(first_row),
            others=tuple(self._facts.items()),
        )
        if self._number < len(self._lines):
            self._number += 1
            self._refuse("there are more changes than the header states, or they are not in its order")
        return log

    def _read_header(self) -> None:
        for line in self._lines[: MAX_HEADER_LINES + 1]:
            self._number += 1
            if line == "\t".join(COLUMNS):
                return
            found = _HEADER.fullmatch(line)
            if self._number == 1 and line == f"# format: {FORMAT}\r":
                self._refuse("its line ends were changed to CR LF; restore the file as it was written")
            if self._number == 1 and (found is None or found[1] != "format" or found[2] != FORMAT):
                self._refuse(f"the file does not begin with `# format: {FORMAT}`")
            if found is None:
                self._refuse(f"neither `# key: value` nor the names of the columns ({', '.join(COLUMNS)})")
            self._add_fact(found[1], self._value(found[2]))
        self._refuse(f"the names of the columns are missing ({', '.join(COLUMNS)})")

    def _add_fact(self, key: str, value: str) -> None:
        if key == "word-list":
            digest, _, name = value.partition(" ")
            if not _SHA512.fullmatch(digest) or not name:
                self._refuse("a word list is written as its sha512, a blank and its name")
            self._word_lists.append(UsedWordList(name, digest))
        elif key == "rule-set":
            name, _, count = value.partition(" ")
            self._check_rule(name)
            self._counts.append((name, self._as_number(count)))
        elif key in self._facts:
            self._refuse(f"{key!r} is stated twice")
        elif key != "format":
            self._facts[key] = value
            self._fact_lines[key] = self._number

    def _check_rule(self, name: str) -> None:
        if not RULE_NAME.fullmatch(name):
            self._refuse(f"not the name of a rule set with its version: {name[:80]!r}")
        if any(name == other for other, _ in self._counts):
            self._refuse(f"the rule set {name} is listed twice")
        if len(self._counts) >= MAX_PASSES:
            self._refuse(f"more than {MAX_PASSES} rule sets")

    def _file(self, role: str) -> RepairedFile:
        name = self._fact(role)
        size_bytes = self._fact_number(f"{role}-bytes")
        digest = self._fact(f"{role}-sha512")
        if not _SHA512.fullmatch(digest):
            self._refuse_fact(f"{role}-sha512", "is not a sha512 digest in small hexadecimal digits")
        return RepairedFile(name, size_bytes, digest)

    def _encoding(self) -> str:
        name = self._fact("encoding")
        if find_encoding(name) != name:
            self._refuse_fact("encoding", f"is not an encoding: {name[:80]!r}")
        return name

    def _date(self) -> datetime:
        text = self._fact("date")
        try:
            return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            self._refuse_fact("date", f"is not a time such as 2026-11-22T18:30:00Z: {text[:80]!r}")

    def _fact(self, key: str) -> str:
        if key not in self._facts:
            raise ChangeLogError(f"the header of the change log does not state {key!r}")
        return self._facts.pop(key)

    def _fact_number(self, key: str) -> int:
        text = self._fact(key)
        if not _is_number(text):
            self._refuse_fact(key, f"is not a number: {text[:80]!r}")
        return int(text)

    def _read_passes(self, first_row: int) -> tuple[RulePass, ...]:
        self._number = first_row - 1
        passes = []
        for name, count in self._counts:
            if count > len(self._lines) - self._number:
                raise ChangeLogError(
                    f"the header of the change log states {count} changes of {name}; the file has fewer"
                )
            passes.append(RulePass(name, tuple(self._read_changes(name, count))))
        return tuple(passes)

    def _read_changes(self, name: str, count: int) -> Iterator[LoggedChange]:
        position = 0
        for line in self._lines[self._number : self._number + count]:
            self._number += 1
            fields = line.split("\t")
            if len(fields) != len(COLUMNS):
                self._refuse(f"{len(fields)} fields instead of {len(COLUMNS)}")
            if fields[0] != name:
                self._refuse(f"a change of {fields[0][:80]!r} where one of {name} is due")
            offset_bytes, number = self._as_number(fields[1]), self._as_number(fields[2])
            before, after, evidence = (self._value(field) for field in fields[3:])
            if offset_bytes < position:
                self._refuse("the change overlaps the one before it, or is not in the order of the text")
            if before == after:
                self._refuse("the change replaces a text by itself")
            position = offset_bytes + len(before.encode())
            yield LoggedChange(offset_bytes, number, before, after, evidence)

    def _value(self, field: str) -> str:
        try:
            return unescape(field)
        except ValueError as error:
            self._refuse(str(error))

    def _as_number(self, text: str) -> int:
        if not _is_number(text):
            self._refuse(f"not a number: {text[:80]!r}")
        return int(text)

    def _refuse(self, reason: str) -> NoReturn:
        raise ChangeLogError(f"line {self._number} of the change log: {reason}")

    def _refuse_fact(self, key: str, reason: str) -> NoReturn:
        raise ChangeLogError(f"line {self._fact_lines[key]} of the change log: {key!r} {reason}")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MAX_NUMBER_DIGITS
