"""Two batches into one folder: a package of one source is never replaced by one of another without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from batches import batch, endings, write_letters
from packages import tree_bytes

HEAD = "package,folder,title,transcription,language,source\n"


def write_table(folder: Path, year: str) -> Path:
    (folder / year).mkdir(parents=True)
    (folder / year / "letter.txt").write_text(f"To the sections, {year}.\n")
    path = folder / f"letters-{year}.csv"
    path.write_text(f"{HEAD}001,{year},Letter of {year},letter.txt,en,Box {year}\n")
    return path


def test_a_second_table_does_not_replace_the_packages_of_the_first(tmp_path: Path) -> None:
    first, second = write_table(tmp_path / "in", "1932"), write_table(tmp_path / "in", "1933")
    out = tmp_path / "out"
    assert endings(batch(first, out)) == {"001": ("done", 0)}
    before = tree_bytes(out / "001")
    for options in ((), ("--check",)):
        run = batch(second, out, *options)
        assert endings(run) == {"001": ("failed", 2)}
        (job,) = run.objects
        assert f"an earlier run made it from another source: {first}" in job["message"]
        assert "--existing" in job["hint"]
    assert tree_bytes(out / "001") == before
    assert endings(batch(second, out, "--existing", "replace")) == {"001": ("done", 0)}
    assert "1933" in (out / "001" / "bag-info.txt").read_text()


def test_two_folders_with_the_same_names_do_not_replace_each_other(tmp_path: Path) -> None:
    first, second = write_letters(tmp_path / "x", "a"), write_letters(tmp_path / "y", "a")
    (second / "a" / "letter.txt").write_text("Another letter.\n")
    out = tmp_path / "out"
    assert endings(batch(first, out)) == {"a": ("done", 0)}
    assert endings(batch(second, out)) == {"a": ("failed", 2)}


@pytest.mark.parametrize("change", ["title", "file"])
def test_a_corrected_source_replaces_its_own_packages(change: str, tmp_path: Path) -> None:
    table = write_table(tmp_path / "in", "1932")
    out = tmp_path / "out"
    assert endings(batch(table, out)) == {"001": ("done", 0)}
    if change == "title":
        table.write_text(table.read_text().replace("Letter of", "Note of"))
    else:
        (tmp_path / "in/1932/letter.txt").write_text("Corrected.\n")
    assert endings(batch(table, out)) == {"001": ("done", 0)}
    assert endings(batch(table, out)) == {"001": ("left", 0)}


def test_a_copy_of_a_table_with_unchanged_files_has_nothing_to_do(tmp_path: Path) -> None:
    table = write_table(tmp_path / "in", "1932")
    out = tmp_path / "out"
    assert endings(batch(table, out)) == {"001": ("done", 0)}
    copy = table.rename(table.with_name("letters.csv"))
    assert endings(batch(copy, out)) == {"001": ("left", 0)}
