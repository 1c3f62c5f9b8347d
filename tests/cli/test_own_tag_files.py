"""Own tag files: files of the folder that stand beside the payload, listed in the tag manifests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archtool.operations import limits
from archtool.operations.sources import survey
from batches import batch, endings
from command_line import archtool
from packages import (
    LETTER,
    pack,
    retag,
    tree_bytes,
    write_allowed_signers,
    write_description,
    write_key,
    write_letter,
)
from tables import write_table

if TYPE_CHECKING:
    import pytest

TAGS = "tag-files:\n  - { file: dpn-tags/dpn-info.txt }\n  - { file: local/a.txt, as: aptrust-info.txt }\n"
APTRUST = "Title: Letter\nAccess: Consortia\n"


def write_tagged(folder: Path, more: str = "") -> Path:
    for name, text in (("dpn-tags/dpn-info.txt", "DPN-Object-ID: 1\n"), ("local/a.txt", APTRUST)):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return write_letter(folder, TAGS + more)


def test_a_tag_file_stands_beside_the_payload_in_every_tag_manifest(tmp_path: Path, letters: Path) -> None:
    description = write_tagged(letters)
    assert archtool("check", description, "--strict").code == 0
    options = ("--algorithm", "sha256", "--algorithm", "sha512")
    assert pack(description, tmp_path / "p", *options).code == 0
    files = tree_bytes(tmp_path / "p")
    assert files["aptrust-info.txt"].decode() == APTRUST
    assert [name for name in files if name.startswith("data/")] == ["data/letter.txt"]
    for manifest in ("tagmanifest-sha256.txt", "tagmanifest-sha512.txt"):
        listed = [line.split("  ")[1] for line in files[manifest].decode().splitlines()]
        assert {"aptrust-info.txt", "dpn-tags/dpn-info.txt"} <= {*listed}
    assert archtool("verify", tmp_path / "p", "--strict").code == 0


def test_a_signature_covers_the_tag_files(tmp_path: Path, letters: Path) -> None:
    key, trust = write_key(tmp_path), write_allowed_signers(tmp_path, "archivist@example.org")
    assert pack(write_tagged(letters), tmp_path / "p.tar", "--sign", key).code == 0
    assert archtool("verify", tmp_path / "p.tar", "--trust", trust, "--strict").code == 0
    assert pack(write_tagged(letters), tmp_path / "p", "--sign", key).code == 0
    (tmp_path / "p" / "aptrust-info.txt").write_text("Access: Institution\n")
    retag(tmp_path / "p")
    assert archtool("verify", tmp_path / "p", "--trust", trust).code == 1


def test_verify_misses_a_tag_file_even_if_the_tag_manifest_was_written_again(
    tmp_path: Path, letters: Path
) -> None:
    assert pack(write_tagged(letters), tmp_path / "p").code == 0
    (tmp_path / "p" / "aptrust-info.txt").unlink()
    retag(tmp_path / "p")
    assert archtool("verify", tmp_path / "p", "--json").codes == ["content.file-missing"]


def test_a_missing_tag_file_is_reported_at_its_line(tmp_path: Path, letters: Path) -> None:
    description = write_tagged(letters)
    (letters / "local" / "a.txt").rename(letters / "local" / "b.txt")
    refused = pack(description, tmp_path / "p")
    assert refused.code == 3
    assert "local/a.txt is declared but does not exist" in refused.said()
    assert "did you mean `local/b.txt`?" in refused.said()
    assert not (tmp_path / "p").exists()


def test_a_tag_file_in_a_declared_folder_is_no_payload(tmp_path: Path, letters: Path) -> None:
    description = write_tagged(letters, "files: [{ file: local/, role: other }]\n")
    (letters / "local" / "c.txt").write_text("c")
    assert pack(description, tmp_path / "p").code == 0
    assert not (tmp_path / "p" / "data" / "local" / "a.txt").exists()
    assert (tmp_path / "p" / "data" / "local" / "c.txt").exists()
    assert archtool("verify", tmp_path / "p", "--strict").code == 0


def test_a_file_can_be_payload_and_tag_file(tmp_path: Path, letters: Path) -> None:
    description = write_letter(letters, "tag-files: [{ file: letter.txt, as: readme.txt }]\n")
    assert pack(description, tmp_path / "p").code == 0
    files = tree_bytes(tmp_path / "p")
    assert files["readme.txt"] == files["data/letter.txt"]


def test_a_tag_file_that_is_left_out_too_is_a_contradiction(tmp_path: Path, letters: Path) -> None:
    refused = pack(write_tagged(letters, "left-out: [local/a.txt]\n"), tmp_path / "p")
    assert "local/a.txt is declared and left out" in refused.said()


def test_tag_files_of_an_adopted_bag_come_from_the_folder_of_the_description(
    tmp_path: Path, letters: Path
) -> None:
    pack(write_letter(letters), tmp_path / "bag")
    (letters / "letter.txt").unlink()
    (letters / "a.txt").write_text(APTRUST)
    own = "tag-files: [{ file: a.txt, as: aptrust-info.txt }]\n"
    description = write_description(letters, LETTER + own)
    assert pack(description, tmp_path / "p", "--from-bag", tmp_path / "bag").code == 0
    assert (tmp_path / "p" / "aptrust-info.txt").read_text() == APTRUST
    assert archtool("verify", tmp_path / "p").code == 0


def test_tag_files_that_would_fill_memory_are_refused(letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert survey.MAX_OWN_TAG_BYTES == limits.MAX_OWN_TAG_BYTES
    monkeypatch.setattr(survey, "MAX_OWN_TAG_BYTES", 20)
    checked = archtool("check", write_tagged(letters), "--json")
    assert (checked.code, checked.codes) == (1, ["payload.tag-files-too-large"])


def test_show_lists_tag_files_with_their_origin(tmp_path: Path, letters: Path) -> None:
    pack(write_tagged(letters), tmp_path / "p")
    assert "aptrust-info.txt (was local/a.txt)" in archtool("show", tmp_path / "p").said()


def test_a_row_names_its_tag_files_and_a_changed_one_is_packed_again(tmp_path: Path, letters: Path) -> None:
    write_tagged(letters).unlink()
    (letters / "dpn-tags" / "dpn-info.txt").unlink()
    row = {
        "package": "p", "title": "Letter", "transcription": "letter.txt", "source": "Cahiers.",
        "rights.package": "CC0-1.0", "tag-files.1.file": "local/a.txt", "tag-files.1.as": "aptrust-info.txt",
    }  # fmt: skip
    table = write_table(letters / "letters.csv", [row])
    assert endings(batch(table, tmp_path / "out")) == {"p": ("done", 0)}
    assert endings(batch(table, tmp_path / "out")) == {"p": ("left", 0)}
    (letters / "local" / "a.txt").write_text("Access: Institution, and more\n")
    assert endings(batch(table, tmp_path / "out")) == {"p": ("done", 0)}
    assert "more" in (tmp_path / "out" / "p" / "aptrust-info.txt").read_text()
