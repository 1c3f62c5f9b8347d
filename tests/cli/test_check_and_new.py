"""`archtool check` and `archtool new`: from a folder of files to a description that can be packed."""

from __future__ import annotations

from pathlib import Path

from command_line import archtool
from packages import LETTER, pack, tree_bytes, write_description, write_letter


def test_a_good_description_can_be_packed(letters: Path) -> None:
    seen = archtool("check", write_letter(letters))
    assert (seen.code, seen.err) == (0, "")
    assert seen.out.endswith("can be packed: 0 errors · 0 warnings · 1 file read · 17 bytes\n")


def test_all_complaints_come_at_once_with_line_and_column(letters: Path) -> None:
    text = LETTER.replace("date: 1932-05", "date: 1932-13").replace("title:", "titel:")
    seen = archtool("check", write_description(letters, text.replace("language: en", "language: english")))
    assert seen.code == 3
    said = seen.said()
    assert (
        "description.yaml:2:1: unknown key `titel` [description.unknown-key] hint: did you mean `title`?"
        in said
    )
    assert "description.yaml:3:7: '1932-13' does not exist in the calendar" in said
    assert "did you mean `en`?" in said
    assert "cannot be packed yet: 4 errors" in said


def test_check_writes_nothing(letters: Path) -> None:
    description = write_letter(letters)
    before = tree_bytes(letters)
    archtool("check", description)
    assert tree_bytes(letters) == before


def test_json_has_every_complaint_with_its_place(letters: Path) -> None:
    seen = archtool("check", write_description(letters, LETTER.replace("1932-05", "May")), "--json")
    (result,) = seen.objects
    (finding,) = result["findings"]
    assert (finding["code"], finding["line"], finding["column"]) == ("description.date", 3, 7)
    assert result["exit_code"] == seen.code == 3


def test_strict_counts_warnings(letters: Path) -> None:
    (letters / "letter.txt").write_text("x")
    description = write_description(letters, LETTER.replace("rights:", "x-rights:"))
    assert archtool("check", description).code == 0
    assert archtool("check", description, "--strict").code == 1


def test_files_may_lie_elsewhere(tmp_path: Path, letters: Path) -> None:
    (letters / "letter.txt").write_text("To the sections.\n")
    description = write_description(tmp_path)
    assert archtool("check", description).code != 0
    assert archtool("check", description, "--files", letters).code == 0
    assert pack(description, tmp_path / "package", "--files", letters).code == 0


def test_a_draft_names_the_files_and_guesses_nothing(letters: Path) -> None:
    for name in ("letter.txt", "reply.txt", "scan-001.tif"):
        (letters / name).write_text("x")
    made = archtool("new", letters)
    text = (letters / "description.yaml").read_text()
    assert made.code == 0
    assert made.out == f"wrote {letters / 'description.yaml'}\n"
    for line in (
        "  - file: letter.txt",
        "    file: reply.txt",
        "  - { file: scan-001.tif, role: facsimile }",
    ):
        assert line in text
    assert "title: TITLE OF THE DOCUMENT" in text


def test_a_draft_can_be_checked_at_once(letters: Path) -> None:
    (letters / "letter.txt").write_text("x")
    (letters / "reply.txt").write_text("x")
    assert archtool("new", letters).code == 0
    seen = archtool("check", letters / "description.yaml")
    assert (seen.code, "rights.missing" in seen.out) == (0, True)


def test_a_description_that_is_there_is_not_written_over(letters: Path) -> None:
    description = write_letter(letters)
    made = archtool("new", letters)
    assert made.code == 2
    assert description.read_text() == LETTER
    assert archtool("new", letters, "--force").code == 0
    assert description.read_text() != LETTER


def test_a_folder_without_files_cannot_be_described(letters: Path) -> None:
    made = archtool("new", letters)
    assert made.code == 3
    assert "no file to describe" in made.err


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    made = archtool("new", tmp_path / "nowhere")
    assert made.code == 3
    assert str(tmp_path / "nowhere") in made.err
