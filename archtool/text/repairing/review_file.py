r"""Reads and writes the review file: a table in which a person answers what rule sets cannot decide.

Each row is a question. The person writes into the column `answer`: the number of a reading, `keep`, or `=`
and the right text. Readings stand in brackets, so that blanks at their ends can be seen and no program takes
them for a number or a formula. A table program may add a byte-order mark or quotation marks, change the line
ends, or write semicolons or commas instead of tabs.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from archtool.encodings import as_utf8
from archtool.errors import InputError
from archtool.text.repairing.answers import Answer
from archtool.text.repairing.change_log_file import escape, unescape
from archtool.text.repairing.limits import MAX_REVIEW_BYTES

KEEP = "keep"
OTHER = "="
_READINGS = 4
_READING_COLUMNS = tuple(f"reading {number}" for number in range(1, _READINGS + 1))
COLUMNS = ("answer", "place", *_READING_COLUMNS, "evidence", "where", "rule", "text", "key")
_NEEDED = ("answer", "text", "key")
_DELIMITERS = ("\t", ";", ",")
_SEPARATOR_LINE = re.compile(r"\A\"?sep=.\"?\r?\n", re.IGNORECASE)  # of Excel
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
HOW_TO_ANSWER = "write 1, 2, keep, or = and the right text"


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the file."""

    key: str
    before: str
    """What stands in the text."""
    readings: tuple[str, ...]
    place: str
    """The line with the place in brackets, for a person."""
    evidence: str
    where: str
    """Line and column."""
    rule: str
    answer: str = ""
    """What the person wrote; empty if nothing."""


@dataclass(frozen=True, slots=True)
class Review:
    """The review file as it was read."""

    questions: tuple[Question, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """The answers by the keys of their places."""


def format_review(questions: Iterable[Question]) -> bytes:
    """Return the file with these rows, as UTF-8 with tabs and LF."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in questions:
        readings = [_bracketed(reading) for reading in one.readings[:_READINGS]]
        readings += [""] * (_READINGS - len(readings))
        text = _bracketed(one.before)
        writer.writerow((one.answer, one.place, *readings, one.evidence, one.where, one.rule, text, one.key))
    return file.getvalue().encode()


def merge_questions(earlier: Sequence[Question], current: Sequence[Question]) -> list[Question]:
    """Return the open questions, each key once, then all that were answered before; no answer is dropped."""
    answered = {one.key: one for one in earlier if one.answer}
    opened = {one.key: one for one in reversed(current) if one.key not in answered}
    return [*reversed(opened.values()), *answered.values()]


def parse_review(data: bytes, name: str) -> Review:
    """Read a review file; `name` is its name for messages.

    Raises:
        InputError: it is no review file, or an answer cannot be understood; the message names the line.
    """
    if len(data) > MAX_REVIEW_BYTES:
        raise InputError(f"{name} has {len(data)} bytes; at most {MAX_REVIEW_BYTES} are read")
    try:
        text = as_utf8(data, name, reads_utf16=True).decode()
    except UnicodeDecodeError:
        raise InputError(f"{name} is not UTF-8", hint="save it as Unicode text (UTF-8)") from None
    if not text.strip():
        return Review()
    text = _SEPARATOR_LINE.sub("\n", text, count=1)  # an empty row, so that line numbers stay
    first_line = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first_line.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return _read_rows(rows, name)
    except csv.Error as error:
        raise InputError(f"{name} line {rows.line_num}: not a row of a table ({error})") from None


class _Row:
    """One row, with its place for messages."""

    def __init__(self, columns: Mapping[str, int], fields: Sequence[str], where: str) -> None:
        self._columns = columns
        self._fields = fields
        self._where = where

    def text(self, column: str) -> str:
        at = self._columns.get(column, len(self._fields))
        return self._fields[at] if at < len(self._fields) else ""

    def value(self, column: str) -> str:
        """Return the value in brackets of a column."""
        field_text = self.text(column).strip()
        if not (field_text.startswith("[") and field_text.endswith("]") and len(field_text) > 1):
            self.refuse(
                f"the column {column!r} is not in brackets: {field_text[:80]!r}",
                "write into the first column only; another name for --review gives a new file",
            )
        try:
            return unescape(field_text[1:-1])
        except ValueError as error:
            self.refuse(f"the column {column!r} cannot be read: {error}", None)

    def refuse(self, reason: str, hint: str | None) -> NoReturn:
        raise InputError(f"{self._where}: {reason}", hint=hint)


def _read_rows(rows: Iterable[list[str]], name: str) -> Review:
    columns: dict[str, int] | None = None
    questions: list[Question] = []
    answers: dict[str, Answer] = {}
    for number, fields in enumerate(rows, 1):
        if not any(one.strip() for one in fields):
            continue
        if columns is None:
            columns = {title.strip().lower(): at for at, title in enumerate(fields)}
            missing = [column for column in _NEEDED if column not in columns]
            if missing:
                raise InputError(
                    f"{name} is not a review file: its first line has no column {missing[0]!r}",
                    hint="name another file with --review, or a new one",
                )
            continue
        row = _Row(columns, fields, f"{name} line {number}")
        question = _question(row)
        answer = _answer(row, question)
        if answer is not None and answers.setdefault(answer.key, answer) != answer:
            row.refuse("another answer to the same question stands above", "delete one of the two rows")
        questions.append(question)
    return Review(tuple(questions), answers)


def _question(row: _Row) -> Question:
    return Question(
        key=row.text("key").strip(),
        before=row.value("text"),
        readings=tuple(row.value(column) for column in _READING_COLUMNS if row.text(column).strip()),
        place=row.text("place"),
        evidence=row.text("evidence"),
        where=row.text("where"),
        rule=row.text("rule"),
        answer=row.text("answer").strip().removeprefix("'"),  # an apostrophe marks text in table programs
    )


def _answer(row: _Row, question: Question) -> Answer | None:
    given = question.answer
    if not given:
        return None
    if given.startswith(OTHER):
        after = _other(row, given[1:])
    elif given.lower() == KEEP:
        after = question.before
    else:
        number = given.removesuffix(".0").removesuffix(".")
        readings = {str(n): reading for n, reading in enumerate(question.readings, 1)}
        if number not in readings:
            row.refuse(
                f"{given[:80]!r} is no answer", f"{HOW_TO_ANSWER} (this place has {len(readings)} readings)"
            )
        after = readings[number]
    return Answer(question.key, question.before, after, escape(given))


def _other(row: _Row, text: str) -> str:
    try:
        after = unescape(text)
    except ValueError as error:
        row.refuse(f"the text of the answer cannot be read: {error}", r"write a backslash as \\")
    if found := _CONTROL.search(after):
        row.refuse(f"the answer has the control character U+{ord(found[0]):04X}", "write it without")
    return after


def _bracketed(text: str) -> str:
    return f"[{escape(text)}]"
