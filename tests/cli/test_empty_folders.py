"""`empty-folders: keep`: empty folders are kept by placeholders that nobody takes for content."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from batches import batch, endings
from command_line import archtool
from packages import LETTER, pack, retag, tree_bytes, write_description, write_letter
from tables import write_table

KEEP = "files: [{ file: scans/, role: facsimile }]\nempty-folders: keep\n"
PLACEHOLDER = "data/scans/Box 2 (missing)/.keep"


def write_boxes(folder: Path, more: str = KEEP) -> Path:
    (folder / "scans" / "Box 2 (missing)").mkdir(parents=True)
    (folder / "scans" / "1.tif").write_bytes(b"II*\0")
    return write_letter(folder, more)


@pytest.mark.parametrize("target", ["p", "p.tar", "p.zip"])
def test_an_empty_folder_is_kept_by_an_empty_file(tmp_path: Path, letters: Path, target: str) -> None:
    assert pack(write_boxes(letters), tmp_path / target).code == 0
    assert archtool("verify", tmp_path / target, "--strict").code == 0
    assert not (letters / "scans" / "Box 2 (missing)" / ".keep").exists()


def test_the_placeholder_is_listed_in_the_manifest_and_declared_in_both_histories(
    tmp_path: Path, letters: Path
) -> None:
    pack(write_boxes(letters), tmp_path / "p")
    files = tree_bytes(tmp_path / "p")
    assert files[PLACEHOLDER] == b""
    assert f"  {PLACEHOLDER}\n" in files["manifest-sha512.txt"].decode()
    entities = json.loads(files["metadata/provenance.json"])["entity"].values()
    (entity,) = [one for one in entities if one.get("arch:path") == PLACEHOLDER]
    assert (entity["arch:role"], "not content" in entity["arch:note"]) == ("placeholder", True)
    premis = files["metadata/premis.xml"].decode()
    assert "<significantPropertiesValue>placeholder</significantPropertiesValue>" in premis


def test_check_pack_and_dry_run_say_which_folders_are_kept(tmp_path: Path, letters: Path) -> None:
    description = write_boxes(letters)
    for run in (
        archtool("check", description, "--json"),
        pack(description, tmp_path / "p", "--dry-run", "--json"),
        pack(description, tmp_path / "p", "--json"),
    ):
        assert (run.code, run.codes) == (0, ["payload.empty-folder-kept"])
    (planned,) = pack(description, tmp_path / "q", "--dry-run", "--json").objects
    assert planned["facts"]["placeholders"] == [PLACEHOLDER]
    assert PLACEHOLDER in [file["path"] for file in planned["facts"]["payload"]]


def test_without_the_key_the_folder_is_lost_and_the_hint_works(tmp_path: Path, letters: Path) -> None:
    lost = pack(write_boxes(letters, KEEP.partition("empty")[0]), tmp_path / "p")
    assert "to keep it, add `empty-folders: keep` to the description" in lost.said()
    assert not (tmp_path / "p" / PLACEHOLDER).parent.exists()


def test_a_folder_that_is_not_declared_is_not_kept_and_the_hint_says_how(
    tmp_path: Path, letters: Path
) -> None:
    (letters / "Empty").mkdir()
    description = write_letter(letters, "empty-folders: keep\n")
    assert "declare it under `files` as `Empty/` and add" in pack(description, tmp_path / "p").said()
    write_letter(letters, "files: [{ file: Empty/, role: other }]\nempty-folders: keep\n")
    assert pack(description, tmp_path / "q").code == 0
    assert (tmp_path / "q" / "data" / "Empty" / ".keep").exists()
    assert archtool("verify", tmp_path / "q", "--strict").code == 0


def test_a_file_of_that_name_in_the_sources_is_content_and_stays_it(tmp_path: Path, letters: Path) -> None:
    description = write_boxes(letters)
    (letters / "scans" / "Box 3").mkdir()
    (letters / "scans" / "Box 3" / ".keep").write_text("kept by the giver")
    (letters / "scans" / "Box 4").mkdir()
    (letters / "scans" / "Box 4" / ".keep").touch()
    (packed,) = pack(description, tmp_path / "p", "--json").objects
    assert packed["facts"]["placeholders"] == [PLACEHOLDER]
    assert (tmp_path / "p/data/scans/Box 3/.keep").read_text() == "kept by the giver"
    prov = (tmp_path / "p" / "metadata" / "provenance.json").read_text()
    assert prov.count('"placeholder"') == 1
    assert archtool("verify", tmp_path / "p").code == 0


def test_a_folder_with_only_files_of_systems_counts_as_empty(tmp_path: Path, letters: Path) -> None:
    description = write_boxes(letters)
    (letters / "scans" / "Box 2 (missing)" / ".DS_Store").write_bytes(b"x")
    assert pack(description, tmp_path / "p").code == 0
    assert [*(tmp_path / "p/data/scans/Box 2 (missing)").iterdir()] == [tmp_path / "p" / PLACEHOLDER]


def test_content_under_the_name_of_a_placeholder_is_found(tmp_path: Path, letters: Path) -> None:
    pack(write_boxes(letters), tmp_path / "p")
    (tmp_path / "p" / PLACEHOLDER).write_text("hidden")
    manifest = tmp_path / "p" / "manifest-sha512.txt"
    digest = hashlib.sha512(b"hidden").hexdigest()
    lines = [line for line in manifest.read_text().splitlines() if PLACEHOLDER not in line]
    manifest.write_text("\n".join([*lines, f"{digest}  {PLACEHOLDER}"]) + "\n")
    retag(tmp_path / "p")
    assert archtool("verify", tmp_path / "p").code == 1


def test_a_real_file_cannot_be_passed_off_as_a_placeholder(tmp_path: Path, letters: Path) -> None:
    pack(write_boxes(letters), tmp_path / "p")
    for name in ("provenance.json", "premis.xml"):
        path = tmp_path / "p" / "metadata" / name
        path.write_text(path.read_text().replace(PLACEHOLDER, "data/scans/1.tif"))
    retag(tmp_path / "p")
    assert archtool("verify", tmp_path / "p").code == 1


def test_adoption_keeps_empty_folders_and_does_not_call_the_placeholder_adopted(
    tmp_path: Path, letters: Path
) -> None:
    pack(write_boxes(letters), tmp_path / "bag")
    (tmp_path / "bag/data/scans/Box 5").mkdir()
    description = write_description(tmp_path, LETTER + KEEP)
    (packed,) = pack(description, tmp_path / "p", "--from-bag", tmp_path / "bag", "--json").objects
    assert packed["facts"]["placeholders"] == ["data/scans/Box 5/.keep"]
    assert archtool("verify", tmp_path / "p").code == 0
    history = json.loads((tmp_path / "p" / "metadata" / "provenance.json").read_text())
    derived = [one["prov:generatedEntity"] for one in history["wasDerivedFrom"].values()]
    assert not any("box-5" in name for name in derived)


def test_rows_of_one_folder_keep_their_own_empty_folders(tmp_path: Path, letters: Path) -> None:
    write_boxes(letters).unlink()
    (letters / "more").mkdir()
    row = {
        "title": "Letter", "transcription": "letter.txt", "source": "Cahiers.", "rights.package": "CC0-1.0",
        "files.1.role": "facsimile", "empty-folders": "keep",
    }  # fmt: skip
    rows = [row | {"package": "a", "files.1.file": "scans/"}, row | {"package": "b", "files.1.file": "more/"}]
    table = write_table(letters / "letters.csv", rows)
    assert endings(batch(table, tmp_path / "out")) == {"a": ("done", 0), "b": ("done", 0)}
    assert (tmp_path / "out" / "a" / PLACEHOLDER).exists()
    assert (tmp_path / "out" / "b" / "data/more/.keep").exists()


def test_show_says_which_files_only_keep_a_folder(tmp_path: Path, letters: Path) -> None:
    description = write_boxes(letters)
    (letters / "scans" / "Box 3").mkdir()
    (letters / "scans" / "Box 3" / ".keep").touch()
    pack(description, tmp_path / "p")
    assert (
        "1 empty folder kept, each by an empty file .keep, which is not content"
        in archtool("show", tmp_path / "p").said()
    )
    (shown,) = archtool("show", tmp_path / "p", "--json").objects
    assert shown["facts"]["placeholders"] == [PLACEHOLDER]


def test_the_parts_of_a_group_keep_empty_folders_in_the_last_one(letters: Path, tmp_path: Path) -> None:
    description = write_boxes(letters)
    run = archtool("pack", description, "-o", tmp_path / "group", "--split-size", "1f", "--json")
    assert run.code == 0, run.err
    parts = sorted(tmp_path.glob("group-*"))
    assert archtool("verify", "--strict", *parts).code == 0
    kept = [path for part in parts for path in part.rglob(".keep")]
    assert kept
    assert {path.relative_to(tmp_path).parts[0] for path in kept} == {parts[-1].name}


def test_plain_files_have_empty_folders_and_no_placeholders(letters: Path, tmp_path: Path) -> None:
    description = write_boxes(letters)
    assert archtool("pack", description, "-o", tmp_path / "package").code == 0
    run = archtool("unpack", "--payload-only", tmp_path / "package", "-o", tmp_path / "plain")
    assert run.code == 0, run.err
    assert not list((tmp_path / "plain").rglob(".keep"))
    empty = [path for path in (tmp_path / "plain").rglob("*") if path.is_dir() and not any(path.iterdir())]
    assert empty


def test_a_table_is_told_the_column_that_keeps_empty_folders(tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "letter.txt").write_text("To the sections.\n")
    names = "package,title,transcription,source,files.1.file,files.1.role,rights.original"
    (tmp_path / "letters.csv").write_text(f"{names}\na,Letter,letter.txt,Cahiers.,scans/,facsimile,UND\n")
    checked = archtool("batch", tmp_path / "letters.csv", "-o", tmp_path / "out", "--check")
    (job,) = checked.objects
    (finding,) = job["findings"]
    assert "write `keep` into the column `empty-folders`" in finding["hint"]
