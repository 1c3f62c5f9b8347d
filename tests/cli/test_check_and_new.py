"""`archtool check` and `archtool new`: from a folder of files to a description that can be packed."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import archtool
from packages import LETTER, pack, tree_bytes, write_description, write_letter


def test_a_good_description_has_no_findings(letters: Path) -> None:
    seen = archtool("check", write_letter(letters))
    assert (seen.code, seen.err) == (0, "")
    assert seen.out.endswith("can be packed: 0 errors · 0 warnings · 1 file read · 17 bytes\n")


def test_all_findings_are_reported_at_once_with_line_and_column(letters: Path) -> None:
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
    assert "letter.txt is declared but does not exist" in said
    assert "cannot be packed yet: 4 errors" in said


def test_check_writes_nothing(letters: Path) -> None:
    description = write_letter(letters)
    before = tree_bytes(letters)
    archtool("check", description)
    assert tree_bytes(letters) == before


def test_json_has_every_finding_with_its_location(letters: Path) -> None:
    seen = archtool("check", write_description(letters, LETTER.replace("1932-05", "May")), "--json")
    (result,) = seen.objects
    finding, missing = result["findings"]
    assert missing["code"] == "payload.missing"
    assert (finding["code"], finding["line"], finding["column"]) == ("description.date", 3, 7)
    assert result["exit_code"] == seen.code == 3


def test_strict_counts_warnings(letters: Path) -> None:
    (letters / "letter.txt").write_text("x")
    description = write_description(letters, LETTER.replace("rights:", "x-rights:"))
    assert archtool("check", description).code == 0
    assert archtool("check", description, "--strict").code == 1


def test_declared_files_can_lie_in_another_folder(tmp_path: Path, letters: Path) -> None:
    (letters / "letter.txt").write_text("To the sections.\n")
    description = write_description(tmp_path)
    assert archtool("check", description).code != 0
    assert archtool("check", description, "--files", letters).code == 0
    assert pack(description, tmp_path / "package", "--files", letters).code == 0


def test_a_draft_lists_the_files_and_guesses_nothing(letters: Path) -> None:
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


def test_an_unchanged_draft_can_be_checked(letters: Path) -> None:
    (letters / "letter.txt").write_text("x")
    (letters / "reply.txt").write_text("x")
    assert archtool("new", letters).code == 0
    seen = archtool("check", letters / "description.yaml", "--json")
    assert (seen.code, "rights.missing" in seen.codes) == (3, True)
    places = [f for f in seen.objects[0]["findings"] if f["code"] == "description.placeholder"]
    lines = (letters / "description.yaml").read_text().splitlines()
    left = [lines[place["line"] - 1][place["column"] - 1 :] for place in places]
    assert left == [
        "TITLE OF THE DOCUMENT", '"AUTHOR, TITLE, PLACE, PUBLISHER, YEAR, PAGES."', "TITLE OF THIS ANNEXE"
    ]  # fmt: skip


def test_a_template_that_is_not_filled_in_is_not_packed(letters: Path, tmp_path: Path) -> None:
    (letters / "letter.txt").write_text("x")
    archtool("new", letters)
    refused = archtool("pack", letters / "description.yaml", "-o", tmp_path / "package")
    assert (refused.code, (tmp_path / "package").exists()) == (3, False)
    assert "`TITLE OF THE DOCUMENT` is a placeholder" in refused.said()


def test_a_comment_after_a_value_is_quoted_in_a_warning(letters: Path) -> None:
    description = write_letter(letters, 'note: F. 17 #3\ncollection: "C1" # the first\n')
    seen = archtool("check", description, "--json")
    warned = [(f["line"], f["message"]) for f in seen.objects[0]["findings"]]
    assert (seen.code, warned) == (0, [
        (8, "`#3` is read as a comment, the value is `F. 17`"),
        (9, "`# the first` is read as a comment, the value is `C1`"),
    ])  # fmt: skip


ZIP = b"PK\x03\x04" + b"\0" * 26


@pytest.mark.parametrize(
    ("head", "what", "role"),
    [
        (b"%PDF-1.7\n", "a PDF", "facsimile"),
        (b"\xff\xd8\xff\xe0", "a JPEG image", "facsimile"),
        (ZIP + b"[Content_Types].xml", "a Microsoft Office document", "other"),
        (ZIP + b"mimetypeapplication/vnd.oasis.opendocument.text", "an OpenDocument file", "other"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office document", "other"),
        (b"II*\0", "a TIFF image", "facsimile"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_text_is_not_a_transcription_in_any_encoding(
    letters: Path, head: bytes, what: str, role: str
) -> None:
    description = write_letter(letters)
    text = description.read_text().replace(
        "transcription: letter.txt", "transcription: { file: letter.txt, encoding: iso-8859-1 }"
    )
    description.write_text(text)
    (letters / "letter.txt").write_bytes(head + b" and more")
    seen = archtool("check", description, "--json")
    (found,) = seen.objects[0]["findings"]
    assert (seen.code, found["code"]) == (3, "payload.not-text")
    assert what in found["message"]
    assert f"declare it under `files` (role: {role})" in found["hint"]


def test_an_existing_description_is_not_overwritten(letters: Path) -> None:
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


def test_the_description_of_a_bag_is_written_beside_it_and_can_be_packed(tmp_path: Path) -> None:
    bag = make_foreign_bag(tmp_path / "foreign", "letter.txt", "scans/1.tif")
    before = tree_bytes(bag)
    done = archtool("new", bag)
    description = tmp_path / "foreign.description.yaml"
    assert (done.code, done.out) == (0, f"wrote {description}\n")
    assert f"archtool pack {description} --from-bag {bag} -o PACKAGE" in done.said()
    assert tree_bytes(bag) == before
    text = description.read_text().replace("TITLE OF THE DOCUMENT", "A letter")
    description.write_text(text.replace("AUTHOR, TITLE, PLACE, PUBLISHER, YEAR, PAGES.", "Cahiers, 1979."))
    assert archtool("pack", description, "--from-bag", bag, "-o", tmp_path / "package").code == 0
    assert (tmp_path / "package" / "data" / "scans" / "1.tif").is_file()


def test_nothing_is_written_into_a_payload_folder_of_a_bag(tmp_path: Path) -> None:
    bag = make_foreign_bag(tmp_path / "foreign", "letters/letter.txt")
    before = tree_bytes(bag)
    assert archtool("new", bag / "data" / "letters").code == 0
    assert tree_bytes(bag) == before
    assert "- file: letters/letter.txt" in (tmp_path / "foreign.description.yaml").read_text()


def make_foreign_bag(root: Path, *names: str) -> Path:
    """Make a bag with the Library of Congress's program."""
    import bagit

    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    bagit.make_bag(str(root), checksums=["sha256"])
    return root


def test_check_takes_several_descriptions_and_ends_with_the_worst_exit_code(tmp_path: Path) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "bad").mkdir()
    good, bad = write_letter(tmp_path / "good"), write_letter(tmp_path / "bad", "titel: again\n")
    (tmp_path / "bad" / "letter.txt").unlink()
    done = archtool("check", good, bad, tmp_path / "nowhere.yaml", good)
    assert done.code == 3
    assert done.out.count("can be packed: 0 errors") == 2
    assert "unknown key `titel`" in done.said()
    assert "nowhere.yaml" in done.err
    objects = archtool("check", "--json", good, tmp_path / "nowhere.yaml").objects
    assert [one["schema"] for one in objects] == ["archtool/check/1", "archtool/error/1"]


def test_check_with_a_bag_takes_one_description(tmp_path: Path) -> None:
    description = write_letter(tmp_path)
    done = archtool("check", description, description, "--from-bag", tmp_path / "bag")
    assert done.code == 2
    assert "--from-bag requires a single description: 2 were given" in done.err
