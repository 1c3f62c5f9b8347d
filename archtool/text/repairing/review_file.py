r"""Reads and writes the review file: a table in which a person answers what rule sets cannot decide.

Each row is a question. The person writes into the column `answer`: the number of a reading, `keep`, or `=`
and the right words. Readings are shown as they would be read, in the words that they are part of, and in
quotation marks, so that no program takes them for a number or a formula. The last columns are for archtool:
texts in brackets, so that blanks at their ends are kept. A table program may add a byte-order mark or
quotation marks, change the line ends, or write semicolons or commas instead of tabs.
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
from archtool.text.repairing.change_log_file import escape, show_line_ends, unescape
from archtool.text.repairing.limits import MAX_REVIEW_BYTES

KEEP = "keep"
OTHER = "="
_READINGS = 4
_READING_COLUMNS = tuple(f"reading {number}" for number in range(1, _READINGS + 1))
_TEXT, _READ_AS, _BESIDE = "text", "read as", "beside"
COLUMNS = (
    "answer", "place", *_READING_COLUMNS, "evidence", "where", "rule set",
    _TEXT, _READ_AS, _BESIDE, "key",
)  # fmt: skip
_NEEDED = ("answer", _TEXT, _READ_AS, _BESIDE, "key")
_BRACKETED = re.compile(r"\[([^]]*)\]")
_FORMULA_ERROR = re.compile(r"#|Err:|FALSE|TRUE")
_FORMULA_HINT = "a spreadsheet took the answer for a formula: write an apostrophe before it, as in '=words"
_CLOSING = r"\u005d"  # a bracket in a text in brackets
_BRACKETED_ALL = re.compile(r"(?:\[[^]]*\])+")
_DELIMITERS = ("\t", ";", ",")
_SEPARATOR_LINE = re.compile(r"\A\"?sep=.\"?\r?\n", re.IGNORECASE)  # of Excel
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
HOW_TO_ANSWER = "write 1, 2, keep, or = and the right words"


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
    """Line and column, as `line 3:7`: a spreadsheet takes `3:7` for a time."""
    rule: str
    answer: str = ""
    """What the person wrote; empty if nothing."""
    beside: tuple[str, str] = ("", "")
    """The letters of the words that the place divides, before and after it."""

    def words(self, reading: str) -> str:
        """Return a reading in the words that it is part of."""
        before, after = self.beside
        return f"{before}{reading}{after}"


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
        readings = one.readings[:_READINGS]
        shown = [f"“{show_line_ends(one.words(reading))}”" for reading in readings]
        shown += [""] * (_READINGS - len(shown))
        kept = (_bracketed(one.before), _bracketed(*readings), _bracketed(*one.beside), _bracketed(one.key))
        writer.writerow((one.answer, one.place, *shown, one.evidence, one.where, one.rule, *kept))
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

    def values(self, column: str, count: int | None = None) -> tuple[str, ...]:
        """Return the texts in brackets of a column; `count` is how many there must be."""
        field_text = self.text(column).strip()
        values = _BRACKETED.findall(field_text)
        if not _BRACKETED_ALL.fullmatch(field_text) or count not in (None, len(values)):
            self.refuse(
                f"the column {column!r} was changed: {field_text[:80]!r}",
                "write into the first column only; another name for --review gives a new file",
            )
        try:
            return tuple(map(unescape, values))
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
    (text,), (key,) = row.values(_TEXT, 1), row.values("key", 1)
    before, after = row.values(_BESIDE, 2)
    return Question(
        key=key,
        before=text,
        readings=row.values(_READ_AS),
        place=row.text("place"),
        evidence=row.text("evidence"),
        where=row.text("where"),
        rule=row.text("rule set"),
        beside=(before, after),
        answer=row.text("answer").strip().removeprefix("'"),  # an apostrophe marks text in table programs
    )


def _answer(row: _Row, question: Question) -> Answer | None:
    given = question.answer
    if not given:
        return None
    if given.startswith(OTHER):
        after = _other(row, question, given[1:])
    elif given.lower() == KEEP:
        after = question.before
    else:
        number = given.removesuffix(".0").removesuffix(".")
        readings = {str(n): reading for n, reading in enumerate(question.readings, 1)}
        if number not in readings:
            hint = f"{HOW_TO_ANSWER} (this place has {len(readings)} readings)"
            row.refuse(f"{given[:80]!r} is no answer", _FORMULA_HINT if _FORMULA_ERROR.match(given) else hint)
        after = readings[number]
    return Answer(question.key, question.before, after, escape(given))


def _other(row: _Row, question: Question, answer: str) -> str:
    """Return what must stand at a place, from the words that a person wrote: whole ones, or only the place.

    A blank in `réforme` is in question: the answer is the whole word, never `ré` and the whole word again.
    """
    try:
        text = unescape(answer)
    except ValueError as error:
        row.refuse(f"the text of the answer cannot be read: {error}", r"write a backslash as \\")
    if found := _CONTROL.search(text):
        row.refuse(f"the answer has the control character U+{ord(found[0]):04X}", "write it without")
    before, after = question.beside
    if text.startswith(before) and text.endswith(after) and len(text) >= len(before) + len(after):
        return text[len(before) : len(text) - len(after)]
    has_words = any(char.isalnum() for char in text)
    if has_words and not any(char.isalnum() for char in question.before):
        row.refuse(
            f"the answer {f'{OTHER}{answer}'[:80]!r} does not fit its place",
            f"begin it with {before!r} and end it with {after!r}, as the readings do" if before and after
            else f"begin it with {before!r}, as the readings do" if before
            else f"end it with {after!r}, as the readings do",
        )  # fmt: skip
    return text


def _bracketed(*texts: str) -> str:
    return "".join(f"[{escape(text).replace(']', _CLOSING)}]" for text in texts)
