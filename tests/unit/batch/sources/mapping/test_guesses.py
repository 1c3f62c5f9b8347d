"""What the columns of a table and the folders beside it mean, where a draft must not guess too much."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from archtool.batch.sources.mapping.column_guess import ColumnGuess, Folders, guess_columns
from archtool.batch.sources.mapping.column_survey import (
    MAX_ROWS,
    MAX_TEXT_CHARACTERS,
    MAX_TEXTS,
    survey_table,
)
from archtool.batch.sources.mapping.constant_guess import guess_constants, guess_constants_of_annexes
from archtool.batch.sources.table_columns import OWN_OF_ANNEXES, OWN_OF_PACKAGES
from archtool.description.table.columns import ANNEXES_KEY
from archtool.tables.model import Row, Table


def table_of(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    cells = (Row(number, tuple(row), ()) for number, row in enumerate(rows, 2))
    return Table("letters.csv", None, tuple(names), cells)


def guesses(
    base: Path, names: Sequence[str], *rows: Sequence[str], of: str | None = None
) -> list[ColumnGuess]:
    own = OWN_OF_ANNEXES if of else OWN_OF_PACKAGES
    return guess_columns(survey_table(table_of(names, rows)), own, of, Folders(base))


def constants(base: Path, names: Sequence[str], *rows: Sequence[str]) -> dict[str, str | None]:
    found = guess_constants(guesses(base, names, *rows), Folders(base))
    return {constant.key: constant.text for constant in found}


def test_only_the_first_of_two_columns_with_one_meaning_gives_the_key(tmp_path: Path) -> None:
    first, second = guesses(tmp_path, ["Titel", "Titre"], ["Brief", "Lettre"])
    assert (first.key, second.key) == ("title", None)
    assert "not `title`: `title` is already given by 'Titel'" in second.remarks


def test_a_column_without_a_text_in_each_row_cannot_name_the_packages(tmp_path: Path) -> None:
    (column,) = guesses(tmp_path, ["Nr."], ["1"], [""])
    assert column.key is None
    assert "not `package`: some rows have no text here, or a long one" in column.remarks


def test_a_column_of_long_texts_names_neither_packages_nor_files(tmp_path: Path) -> None:
    long = "x" * (MAX_TEXT_CHARACTERS + 1)
    number, text = guesses(tmp_path, ["Nr.", "Texte"], [long, long])
    assert (number.key, text.key) == (None, None)
    assert "not `transcription`: its cells have long texts" in text.remarks


def test_an_empty_column_with_a_known_name_keeps_its_meaning(tmp_path: Path) -> None:
    (column,) = guesses(tmp_path, ["Titel"], [""])
    assert (column.key, column.remarks) == ("title", [])


def test_a_name_too_long_for_any_folder_leads_to_no_folder(tmp_path: Path) -> None:
    assert not Folders(tmp_path).has("x" * 300)


def test_a_survey_keeps_a_limited_number_of_texts_and_says_so() -> None:
    rows = [["a"], ["a"], *([f"text {number}"] for number in range(MAX_TEXTS))]
    (column,) = survey_table(table_of(["Ort"], rows)).columns
    assert (len(column.texts), column.is_complete) == (MAX_TEXTS, False)
    assert column.filled == len(rows)


def test_a_long_table_is_read_to_its_end_though_only_its_first_rows_are_looked_at() -> None:
    table = table_of(["Ort"], [["a"]] * (MAX_ROWS + 1))
    assert survey_table(table).rows == MAX_ROWS
    assert next(table.rows, None) is None


def test_annexes_without_a_title_and_a_status_are_asked_for_both(tmp_path: Path) -> None:
    found = guess_constants_of_annexes(guesses(tmp_path, ["Cote"], ["1"], of=ANNEXES_KEY))
    assert [(constant.key, constant.text) for constant in found] == [("status", None), ("title", None)]
    assert "lost" in found[0].remark


def test_a_text_that_every_folder_has_is_the_transcription(tmp_path: Path) -> None:
    for name in ("b1", "b2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "text.txt").write_text("A text.\n")
        (tmp_path / name / ".DS_Store").write_bytes(b"")
    found = constants(tmp_path, ["Sigle"], ["b1"], ["b2"])
    assert found["transcription"] == "text.txt"
    assert found["folder"] == "{package}"


def test_no_constant_for_the_folder_is_proposed_where_a_column_gives_it(tmp_path: Path) -> None:
    (tmp_path / "b1").mkdir()
    found = constants(tmp_path, ["Nr.", "Ordner"], ["1", "b1"], ["2", "b1"])
    assert "folder" not in found
    assert found["title"] is None


@pytest.mark.parametrize("name", ["", "none", "a\0b", "../up"])
def test_a_cell_that_leads_to_no_folder_is_never_taken_for_one(tmp_path: Path, name: str) -> None:
    assert not Folders(tmp_path / "letters").has(name)
