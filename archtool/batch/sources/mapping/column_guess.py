"""Proposes what a column of an existing table means, from its name and its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archtool.batch.sources.keys import refusals
from archtool.batch.sources.mapping.column_survey import ColumnSurvey, TableSurvey
from archtool.batch.sources.rows.file_names import FileNames
from archtool.batch.sources.table_columns import FOLDER, PACKAGE, known_name
from archtool.description.dates import why_not_edtf
from archtool.description.languages import language_tag_of, why_not_language
from archtool.description.table.columns import ANNEXES_KEY
from archtool.description.table.date_order import DateOrder, date_in_order, is_date_in_digits
from archtool.operations.mapping.meanings import certain_key, possible_key
from archtool.operations.mapping.targets import Target, find_target

_FILE_NAME = re.compile(r"[^\n]{1,200}\.[A-Za-z][A-Za-z0-9]{1,4}|[^\n]*[*/\\][^\n]*")
_SEPARATORS = (";", "\n", " / ", " | ")
_EXAMPLES = 3
_EXAMPLE_CHARACTERS = 40
_MAX_VALUES = 200  # texts that a draft lists: a column with more is not one of codes
_FILES_OF_PACKAGES = ("files.1.file", "files")


@dataclass(slots=True)
class ColumnGuess:
    """What a column probably means."""

    column: ColumnSurvey
    key: str | None = None
    """The key; `None` if a person has to choose it."""
    date_order: DateOrder | None = None
    values: dict[str, str | None] = field(default_factory=dict)
    """The texts and their meanings; `None` if a person has to write it."""
    separators: tuple[str, ...] = ()
    asks_order: bool = False
    """Whether a person has to state the order of day and month."""
    remarks: list[str] = field(default_factory=list)
    """What a person should know, one line each."""

    @property
    def open_values(self) -> int:
        """The number of texts whose meaning a person has to write."""
        return sum(meaning is None for meaning in self.values.values())


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders beside the table, which names of packages can lead to."""

    base: Path

    def has(self, name: str) -> bool:
        """Whether there is a folder of this name."""
        found = FileNames(frozenset()).folder(self.base, name)
        try:
            return found.fault is None and name != "" and (self.base / found.paths[0]).is_dir()
        except (OSError, ValueError):
            return False


def guess_columns(
    survey: TableSurvey, own: Sequence[str], of: str | None, folders: Folders
) -> list[ColumnGuess]:
    """Return for each column what it probably means; no two have the same key."""
    guesses = [ColumnGuess(column, _key_of(column, own, of)) for column in survey.columns]
    _choose_package(survey, guesses, of, folders)
    taken: dict[str, str] = {}
    for guess in guesses:
        if guess.key is None:
            continue
        reason = _why_not(guess, folders)
        other = taken.setdefault(guess.key, guess.column.name) if reason is None else None
        if reason is None and other != guess.column.name:
            reason = f"`{guess.key}` is already given by {other!r}"
        if reason is not None:
            guess.remarks.append(f"not `{guess.key}`: {reason}")
            guess.key = None
    for guess in guesses:
        target = find_target(guess.key, own, of) if guess.key is not None else None
        if target is None:
            guess.key = None
            _describe_open(guess, own, of)
        else:
            _add_rules(guess, target)
    return guesses


def _key_of(column: ColumnSurvey, own: Sequence[str], of: str | None) -> str | None:
    known = known_name(column.name, own, of)
    if known is not None:
        return known
    key = certain_key(column.name)
    if of == ANNEXES_KEY:
        key = "file" if key in _FILES_OF_PACKAGES else key
    return key if key is not None and find_target(key, own, of) is not None else None


def _choose_package(
    survey: TableSurvey, guesses: list[ColumnGuess], of: str | None, folders: Folders
) -> None:
    """Keep `package` for one column: its texts must be different names, as those of the folders are."""
    if of == ANNEXES_KEY:
        return
    named = [guess for guess in guesses if guess.key == PACKAGE]
    candidates = [*named, *(guess for guess in guesses if guess.key in (None, FOLDER, "id"))]
    fitting = [guess for guess in named if _why_no_package(survey, guess.column) is None]
    chosen = next((guess for guess in candidates if _names_folders(survey, guess.column, folders)), None)
    chosen = chosen or (fitting[0] if fitting else None)
    for guess in named:
        if guess is not chosen:
            reason = _why_no_package(survey, guess.column) or "another column names the folders"
            guess.remarks.append(f"not `package`: {reason}")
            guess.key = None
    if chosen is not None:
        chosen.key = PACKAGE


def _why_no_package(survey: TableSurvey, column: ColumnSurvey) -> str | None:
    if column.repeated is not None:
        text, first, second = column.repeated
        return f"{_short(text)} is in rows {first} and {second}, and each package needs another name"
    if not survey.has_key_column(column):
        return "some rows have no text here, or a long one"
    reasons = refusals(list(column.texts), "rows", ())
    return next((refusal.reason for refusal in reasons if refusal is not None), None)


def _names_folders(survey: TableSurvey, column: ColumnSurvey, folders: Folders) -> bool:
    if not column.texts or _why_no_package(survey, column) is not None:
        return False
    return all(folders.has(text) for text in list(column.texts)[:_MAX_VALUES])


def _why_not(guess: ColumnGuess, folders: Folders) -> str | None:
    """Return why the cells of a column do not fit the key that its name means, or `None` if they fit."""
    key, texts = guess.key, list(guess.column.texts)[:_MAX_VALUES]
    if not texts:
        return None if guess.column.filled == 0 else "its cells have long texts"
    if key == FOLDER and not all(folders.has(text) for text in texts):
        return "some of its cells name no folder beside the table"
    if key in (*_FILES_OF_PACKAGES, "transcription", "file"):
        named = sum(_FILE_NAME.fullmatch(text.strip()) is not None for text in texts)
        if not guess.column.is_complete or 2 * named < len(texts):
            return "its cells do not look like names of files"
    if key == "date":
        dates = sum(any(char.isdecimal() for char in text) for text in texts)
        return "its cells do not look like dates" if 2 * dates < len(texts) else None
    return None


def _add_rules(guess: ColumnGuess, target: Target) -> None:
    texts = list(guess.column.texts)
    if target.is_date:
        _add_date_rules(guess, texts)
    elif target.is_language:
        _add_languages(guess, texts)
    elif target.items is not None:
        guess.separators = () if target.key == "transcription" else _separators_in(texts)
    elif target.key == _FILES_OF_PACKAGES[0]:
        guess.separators = _separators_in(texts)
        guess.key = _FILES_OF_PACKAGES[1] if guess.separators else guess.key


def _separators_in(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in _SEPARATORS if any(one in text for text in texts))


def _add_date_rules(guess: ColumnGuess, texts: Sequence[str]) -> None:
    digits = [text for text in texts if is_date_in_digits(text)]
    fitting = [order for order in DateOrder if digits and all(date_in_order(text, order) for text in digits)]
    if len(fitting) == 1:
        guess.date_order = fitting[0]
    elif fitting:
        unclear = next(text for text in digits if len({date_in_order(text, one) for one in fitting}) > 1)
        guess.asks_order = True
        guess.remarks.append(f"which part of {_short(unclear)} is the day? State it, as one of these:")
        guess.remarks += [f"  {{ to: {guess.key}, date-order: {order.value} }}" for order in fitting]
    elif digits:
        guess.remarks.append(f"no single order of day, month and year fits all dates: {_short(digits[0])} …")
    others = [text for text in texts if text not in digits and why_not_edtf(text) is not None]
    if others and len(others) <= _MAX_VALUES:
        guess.values = dict.fromkeys(others)
        guess.remarks.append('write each of these as a date (1932-05, 1932~, 193X …), or "" for no date')


def _add_languages(guess: ColumnGuess, texts: Sequence[str]) -> None:
    names = [text for text in texts if why_not_language(text) is not None]
    if not names or len(texts) > _MAX_VALUES:
        return
    guess.values = {text: language_tag_of(text) for text in names}
    meanings = set(guess.values.values())
    guess.values |= {text: text for text in texts if text not in names and text not in meanings}


def _describe_open(guess: ColumnGuess, own: Sequence[str], of: str | None) -> None:
    examples = [_short(text) for text in list(guess.column.texts)[:_EXAMPLES]]
    more = " …" if len(guess.column.texts) > _EXAMPLES else ""
    what = f"for instance: {', '.join(examples)}{more}" if examples else "its cells have long texts"
    guess.remarks.insert(0, what if guess.column.filled else "all its cells are empty")
    possible = possible_key(guess.column.name)
    if possible is not None and find_target(possible, own, of) is not None and not guess.remarks[1:]:
        guess.remarks.append(f"perhaps: {possible}")


def _short(text: str) -> str:
    clipped = text if len(text) <= _EXAMPLE_CHARACTERS else f"{text[: _EXAMPLE_CHARACTERS - 1]}…"
    return f"“{clipped}”"
