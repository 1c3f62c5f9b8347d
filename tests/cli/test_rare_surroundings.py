"""Commands in unusual surroundings: closed input, threads, other forms of names, broken metadata."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from archtool.cli.batch.summaries import refuse_other_file
from archtool.cli.options.common import local_zone
from archtool.errors import UsageError
from batches import batch, endings, write_letters
from command_line import archtool
from packages import retag, tree_bytes, write_letter
from unit.bagit.bag_builders import bag_files, write_bag


@pytest.mark.parametrize(("option", "sign"), [("tab", "\t"), ("|", "|"), ("Tab", "\t")])
def test_a_stated_delimiter_divides_the_cells(tmp_path: Path, option: str, sign: str) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("To the sections.\n")
    rows = [("package", "title", "transcription", "source"), ("a", "A; b, c", "a.txt", "Ours.")]
    table = tmp_path / "letters" / "letters.csv"
    table.write_text("".join(sign.join(row) + "\n" for row in rows))
    made = batch(table, tmp_path / "out", "--delimiter", option)
    assert endings(made) == {"a": ("done", 0)}, made.said()


def test_a_closed_standard_input_is_answered_with_what_to_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    seen = archtool("batch", "-", "-o", tmp_path / "out")
    assert seen.code == 3, seen.said()
    assert "standard input is closed" in seen.said()
    assert tree_bytes(tmp_path) == {}


def test_a_process_with_threads_makes_the_packages_itself(tmp_path: Path) -> None:
    write_letters(tmp_path / "letters", "a", "b")
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        made = batch(tmp_path / "letters", tmp_path / "out", "--jobs", "2")
    finally:
        done.set()
        other.join()
    assert endings(made) == {"a": ("done", 0), "b": ("done", 0)}, made.said()


def test_a_summary_never_replaces_a_folder(tmp_path: Path) -> None:
    (tmp_path / "summary.csv").mkdir()
    with pytest.raises(UsageError, match="exists, and is not a summary"):
        refuse_other_file(tmp_path / "summary.csv", "mark", "a summary")


@pytest.mark.parametrize(("name", "zone"), [(":Europe/Paris", "Europe/Paris"), ("No/Where", "UTC")])
def test_times_without_a_zone_are_read_in_the_zone_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, zone: str
) -> None:
    monkeypatch.setenv("TZ", name)
    assert str(local_zone()) == zone


def test_a_file_that_a_system_made_is_named_as_such(tmp_path: Path) -> None:
    write_bag(tmp_path / "bag", bag_files(extra={"data/.DS_Store": b"x"}))
    seen = archtool("verify", tmp_path / "bag")
    assert seen.code == 1
    assert "and not part of the bag: remove it" in seen.said()


def broken(tmp_path: Path, more: str = "") -> Path:
    """Make a package whose provenance cannot be read, with a tag manifest that agrees."""
    (tmp_path / "sources").mkdir()
    description = write_letter(tmp_path / "sources", more)
    package = tmp_path / "package"
    assert archtool("pack", description, "-o", package).code == 0
    (package / "metadata" / "provenance.json").write_text("{")
    retag(package)
    return package


def test_the_payload_of_a_package_without_readable_provenance_is_written_whole(tmp_path: Path) -> None:
    package = broken(tmp_path)
    archtool("unpack", "--payload-only", package, "-o", tmp_path / "out")
    assert tree_bytes(tmp_path / "out") == {"letter.txt": b"To the sections.\n"}


def test_a_package_without_readable_provenance_is_shown_without_formats(tmp_path: Path) -> None:
    package = broken(tmp_path, "empty-folders: keep\n")
    (shown,) = archtool("show", package, "--json").objects
    assert shown["facts"]["title"] == "Letter of the bureau to the sections", shown
    assert not shown["facts"]["formats"], shown


def test_leftovers_of_a_run_are_no_bag_and_named_as_what_they_are(tmp_path: Path) -> None:
    left = tmp_path / ".archtool-0123456789abcdef-0123456789ab.partial"
    left.mkdir()
    seen = archtool("show", left)
    assert (seen.code, "left over from an interrupted run of archtool, not a bag" in seen.said()) == (3, True)


def test_a_bag_is_searched_for_two_folders_down_and_no_further(tmp_path: Path) -> None:
    write_bag(tmp_path / "a" / "b" / "c" / "bag", bag_files())
    assert "it has no bagit.txt" in archtool("verify", tmp_path / "a").said()
    assert "it has no bagit.txt" not in archtool("verify", tmp_path / "a" / "b").said()
