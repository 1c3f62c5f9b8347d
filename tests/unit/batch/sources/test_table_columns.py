"""Names of columns are compared as people compare them, and none is ambiguous."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.batch.sources import table_columns
from archtool.batch.sources.table_columns import OWN_OF_ANNEXES, OWN_OF_PACKAGES, known_name
from archtool.description.table.columns import ANNEXES_KEY, all_columns
from batches import batch, endings
from packages import tree_bytes
from tables import write_table


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DATE ", "date"),
        ("Title", "title"),
        ("\ufeffTitle\u200b", "title"),
        ("Source Title", "source.title"),
        ("source_container title", "source.container-title"),
        ("Container Title", None),
        ("Files.1.File", "files.1.file"),
        ("files 12 file", "files.12.file"),
        ("creators_2_name", "creators.2.name"),
        ("files N file", None),
        ("files.0.file", None),
        ("Package", "package"),
        ("Éditeur", None),
        ("source.isbn", "source.ISBN"),
        ("X-Box", "x-Box"),
    ],
)
def test_a_column_is_known_by_its_name_without_case_accents_and_blanks(name: str, meant: str | None) -> None:
    assert known_name(name, OWN_OF_PACKAGES) == meant


@pytest.mark.parametrize(("own", "of"), [(OWN_OF_PACKAGES, None), (OWN_OF_ANNEXES, ANNEXES_KEY)])
def test_no_two_columns_of_a_table_are_equal_when_compared(own: tuple[str, ...], of: str | None) -> None:
    assert len(table_columns._spellings(own, of)) == len(own) + len(all_columns(of))


def test_two_columns_that_are_compared_as_equal_are_refused(tmp_path: Path) -> None:
    table = write_table(
        tmp_path / "letters.csv", [{"package": "a", "Source title": "b", "source.title": "c"}]
    )
    seen = batch(table, tmp_path / "out")
    assert seen.code == 3
    assert "columns 2 and 3 are both source.title" in seen.said()
    assert tree_bytes(tmp_path).keys() == {"letters.csv"}


def test_headers_in_capitals_make_the_same_packages(tmp_path: Path) -> None:
    row = {"package": "a", "title": "A letter", "date": "1932", "transcription": "a.txt", "source": "Ours."}
    loud = {
        "Package": "a",
        "TITLE ": "A letter",
        "Date": "1932",
        " Transcription": "a.txt",
        "SOURCE": "Ours.",
    }
    made = []
    for name, cells in {"one": row, "other": loud}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text("To the sections.\n")
        table = write_table(tmp_path / name / "letters.csv", [cells])
        seen = batch(table, tmp_path / f"{name}-out")
        assert endings(seen) == {"a": ("done", 0)}, seen.said()
        made.append(tree_bytes(tmp_path / f"{name}-out" / "a"))
    assert made[0] == made[1]
