"""Drafts a mapping for an existing table: what is certain is filled in, everything else is asked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archtool.batch.sources.mapping.column_guess import ColumnGuess, Folders, guess_columns
from archtool.batch.sources.mapping.column_survey import MAX_ROWS, TableSurvey, survey_table
from archtool.batch.sources.mapping.constant_guess import (
    ConstantGuess,
    guess_constants,
    guess_constants_of_annexes,
)
from archtool.batch.sources.mapping.yaml_words import yaml_key, yaml_word
from archtool.batch.sources.table_columns import OWN_OF_ANNEXES, OWN_OF_PACKAGES
from archtool.batch.sources.table_files import open_tables
from archtool.batch.sources.table_reading import TableReading
from archtool.description.table.columns import ANNEXES_KEY
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.files.writing.storage_errors import storage_errors
from archtool.operations.open_package.enclosing_bag import refuse_inside_package
from archtool.report.numbers import counted

MAPPING_NAME = "mapping.yaml"
_SHORT_RULE = 3  # values that are on one line with the rule


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """The table that a mapping is drafted for, and the file that it is written to."""

    table: Path
    output: Path
    annexes: Path | None = None
    files_root: Path | None = None
    """The folder that folders are relative to, if not the table's own."""
    force: bool = False
    """Whether an existing file is overwritten."""
    reading: TableReading | None = None
    """What was stated about the tables themselves."""


@dataclass(frozen=True, slots=True)
class MappingDraft:
    """A mapping that was drafted."""

    text: str
    columns: int
    """The number of columns that have a key."""
    unused: tuple[str, ...]
    """The columns without a key."""
    questions: tuple[str, ...]
    """What a person has to write before the mapping can be used."""
    notes: tuple[str, ...]
    """Facts about the tables that their names do not show."""


def write_draft(request: DraftRequest) -> MappingDraft:
    """Draft a mapping and write it.

    Raises:
        InputError: a table is missing or unreadable.
        MaterialRefusedError: a table has errors.
        StorageError: the file cannot be written.
        UsageError: the file exists and is not to be overwritten, or it is a table.
    """
    output = request.output
    refuse_inside_package(output.parent, shown(str(output)))
    if any(one is not None and _is_same(output, one) for one in (request.table, request.annexes)):
        raise UsageError(f"{shown(str(output))} is the table itself", hint="name another file with -o")
    if output.is_dir():
        raise UsageError(f"{shown(str(output))} is a folder", hint=f"name a file: -o {output / MAPPING_NAME}")
    if os.path.lexists(output) and not request.force:
        raise UsageError(
            f"{shown(str(output))} exists already; nothing was written",
            hint="name another file with -o, or overwrite it with --force",
        )
    drafted = draft_mapping(request)
    with storage_errors(output):
        if request.force:
            output.write_text(drafted.text, encoding="utf-8", newline="\n")
        else:
            with output.open("x", encoding="utf-8", newline="\n") as file:
                file.write(drafted.text)
    return drafted


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def draft_mapping(request: DraftRequest) -> MappingDraft:
    """Return the draft of a mapping for the tables of a request."""
    folders = Folders(request.files_root if request.files_root is not None else request.table.parent)
    with open_tables(request.table, request.annexes, request.reading) as tables:
        survey = survey_table(tables.packages)
        annexes = survey_table(tables.annexes) if tables.annexes is not None else None
        notes = (*tables.packages.notes, *(tables.annexes.notes if tables.annexes is not None else ()))
    parts = [_Part(survey, OWN_OF_PACKAGES, None, folders)]
    if annexes is not None:
        parts.append(_Part(annexes, OWN_OF_ANNEXES, ANNEXES_KEY, folders))
    text = "\n".join([*_heading(request), *(line for part in parts for line in part.lines())]) + "\n"
    return MappingDraft(
        text,
        sum(guess.key is not None for part in parts for guess in part.guesses),
        tuple(guess.column.name for part in parts for guess in part.guesses if guess.key is None),
        tuple(question for part in parts for question in part.questions()),
        notes,
    )


def _heading(request: DraftRequest) -> Iterator[str]:
    yield f"# What the columns of {shown(request.table.name)} mean. Check every line: this is a proposal."
    yield "# A column without a key after its colon is not used. All keys: docs/tables.md"
    yield "archtool: 1"


class _Part:
    """The draft for one table."""

    def __init__(self, survey: TableSurvey, own: Sequence[str], of: str | None, folders: Folders) -> None:
        self._survey = survey
        self._of = of
        self.guesses = guess_columns(survey, own, of, folders)
        if of == ANNEXES_KEY:
            self._constants = guess_constants_of_annexes(self.guesses)
        else:
            self._constants = guess_constants(self.guesses, folders)

    def questions(self) -> Iterator[str]:
        """Yield what a person has to write."""
        if not any(guess.key == "package" for guess in self.guesses):
            yield "which column names the packages"
        for guess in self.guesses:
            if guess.asks_order:
                yield f"the order of day and month in {guess.column.name!r}"
            if guess.open_values:
                yield f"the meaning of {counted(guess.open_values, 'text')} in {guess.column.name!r}"
        for constant in self._constants:
            if constant.text is None:
                yield f"the constant `{constant.key}`"

    def lines(self) -> Iterator[str]:
        """Yield the lines of this part."""
        indent = "" if self._of is None else "  "
        if self._of is not None:
            yield f"{self._of}:"
        yield f"{indent}columns:"
        if not any(guess.key == "package" for guess in self.guesses):
            yield f"{indent}  # No column names the packages: give `package` to one that differs in each row."
        if self._survey.rows >= MAX_ROWS:
            yield f"{indent}  # Only the first {MAX_ROWS:,} rows were looked through."
        for guess in self.guesses:
            yield from (f"{indent}  {line}" for line in _column_lines(guess))
        if self._constants:
            yield f"{indent}constants:"
        for constant in self._constants:
            yield from (f"{indent}  {line}" for line in _constant_lines(constant))


def _column_lines(guess: ColumnGuess) -> Iterator[str]:
    yield from (f"# {_one_line(remark)}" for remark in guess.remarks)
    key = yaml_key(guess.column.name)
    if guess.key is None:
        yield key
        return
    rules = []
    if guess.date_order is not None:
        rules.append(f"date-order: {guess.date_order.value}")
    if guess.separators:
        words = [yaml_word(separator) for separator in guess.separators]
        rules.append(f"split: {words[0] if len(words) == 1 else '[' + ', '.join(words) + ']'}")
    values = [f"{yaml_key(text)}{_meaning(meaning)}" for text, meaning in guess.values.items()]
    if not rules and not values:
        yield f"{key} {guess.key}"
    elif len(values) <= _SHORT_RULE and not guess.open_values and not any("\n" in value for value in values):
        rules += [f"values: {{ {', '.join(values)} }}"] if values else []
        yield f"{key} {{ to: {guess.key}, {', '.join(rules)} }}"
    else:
        yield key
        yield f"  to: {guess.key}"
        yield from (f"  {rule}" for rule in rules)
        yield "  values:"
        yield from (f"    {line}" for value in values for line in value.split("\n"))


def _meaning(meaning: str | None) -> str:
    return "" if meaning is None else f" {yaml_word(meaning)}"


def _constant_lines(constant: ConstantGuess) -> Iterator[str]:
    yield f"# {_one_line(constant.remark)}"
    yield f"{constant.key}:{_meaning(constant.text)}"


def _one_line(text: str) -> str:
    return shown(" ".join(text.split(" "))).replace("\\u000a", " ")
