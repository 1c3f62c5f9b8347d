"""`archtool pack`: a complete package or none, and always the same bytes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from archtool.bagit.limits import MAX_TAG_FILE_BYTES
from command_line import DATE, archtool
from packages import (
    LETTER,
    left_behind,
    make_package,
    pack,
    tree_bytes,
    write_description,
    write_key,
    write_letter,
)

LAYOUT = [
    "VERIFY.txt",
    "attestations/0001-packaging/sha512sums.txt",
    "attestations/0001-packaging/sha512sums.txt.archivist.sig",
    "attestations/0001-packaging/statement.json",
    "bag-info.txt",
    "bagit.txt",
    "data/letter.txt",
    "manifest-sha512.txt",
    "metadata/annexes.json",
    "metadata/citation.json",
    "metadata/description.yaml",
    "metadata/premis.xml",
    "metadata/provenance.json",
    "tagmanifest-sha512.txt",
]


def test_a_signed_package_has_the_complete_layout_and_nothing_else(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    assert list(tree_bytes(package)) == LAYOUT
    assert left_behind(tmp_path) == []


def test_the_description_is_kept_byte_for_byte(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    original = (tmp_path / "sources" / "description.yaml").read_bytes()
    assert (package / "metadata" / "description.yaml").read_bytes() == original


def test_the_same_input_key_and_date_make_the_same_bytes(tmp_path: Path, letters: Path) -> None:
    description, key = write_letter(letters), write_key(tmp_path)
    for folder in ("one", "two"):  # the folder's own name is no part of the package
        assert pack(description, tmp_path / folder, "--sign", key).code == 0
    assert tree_bytes(tmp_path / "one") == tree_bytes(tmp_path / "two")


def test_a_package_with_metadata_larger_than_other_tag_files_verifies(tmp_path: Path, letters: Path) -> None:
    folder = Path("files", *["f" * 200] * 9)  # long names make the metadata large with few files
    (letters / folder).mkdir(parents=True)
    files = [str(folder / f"{number:04}") for number in range(2_300)]
    for file in files:
        (letters / file).write_text("1\n")
    (letters / "letter.txt").write_text("To the sections.\n")
    described = {"archtool": 1, "title": "A", "transcription": "letter.txt", "source": "Cahiers."}
    described |= {"rights": {"package": "CC0-1.0"}, "files": [{"file": f, "role": "other"} for f in files]}
    description = letters / "description.json"
    description.write_text(json.dumps(described))
    assert pack(description, tmp_path / "package").code == 0
    assert (tmp_path / "package" / "metadata" / "premis.xml").stat().st_size > MAX_TAG_FILE_BYTES
    verified = archtool("verify", tmp_path / "package", "--json")
    assert (verified.code, verified.objects[0]["verdict"]["content"]) == (0, "consistent")


def test_source_date_epoch_dates_the_package(
    tmp_path: Path, letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    made = archtool("pack", write_letter(letters), "-o", tmp_path / "package")
    assert made.code == 0
    assert "Bagging-Date: 2001-09-09\n" in (tmp_path / "package" / "bag-info.txt").read_text()


def test_a_source_date_epoch_that_is_not_a_number_is_refused(
    tmp_path: Path, letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    made = archtool("pack", write_letter(letters), "-o", tmp_path / "package")
    assert (made.code, "SOURCE_DATE_EPOCH" in made.err) == (2, True)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-22", "2026-11-22T00:00:00+00:00"),
        ("2026-11-22T12:00:00+02:00", "2026-11-22T10:00:00+00:00"),
        ("2026-11-22T12:00:00.7Z", "2026-11-22T12:00:00+00:00"),
    ],
)
def test_a_date_is_read_with_its_zone(tmp_path: Path, letters: Path, written: str, meant: str) -> None:
    made = archtool("pack", write_letter(letters), "-o", tmp_path / "p", "--date", written, "--json")
    assert made.objects[0]["facts"]["packaged_at"] == meant


def test_an_invalid_date_is_refused(tmp_path: Path, letters: Path) -> None:
    made = archtool("pack", write_letter(letters), "-o", tmp_path / "p", "--date", "22.11.2026")
    assert made.code == 2
    assert "not a date" in made.err
    assert not (tmp_path / "p").exists()


def test_an_existing_target_is_refused_and_left_as_it_is(tmp_path: Path, letters: Path) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(package)
    again = pack(write_letter(letters, text="Another text.\n"), package)
    assert again.code == 2
    assert "--force" in again.err
    assert tree_bytes(package) == before


def test_force_replaces_an_old_package(tmp_path: Path, letters: Path) -> None:
    package = make_package(tmp_path)
    again = pack(write_letter(letters, text="Another text.\n"), package, "--force")
    assert again.code == 0
    assert (package / "data" / "letter.txt").read_text() == "Another text.\n"
    assert left_behind(tmp_path) == []


def test_force_does_not_replace_a_folder_that_is_not_a_package(tmp_path: Path, letters: Path) -> None:
    precious = tmp_path / "home"
    precious.mkdir()
    (precious / "diary.txt").write_text("mine")
    made = pack(write_letter(letters), precious, "--force")
    assert made.code == 2
    assert tree_bytes(precious) == {"diary.txt": b"mine"}


def test_force_keeps_the_old_package_when_the_new_one_cannot_be_made(tmp_path: Path, letters: Path) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(package)
    description = write_description(letters)  # its letter.txt is missing
    assert pack(description, package, "--force").code == 3
    assert tree_bytes(package) == before


def test_a_target_inside_the_sources_is_refused(letters: Path) -> None:
    description = write_letter(letters)
    made = pack(description, letters / "package")
    assert made.code == 2
    assert "inside the folder of its own sources" in made.err
    assert sorted(p.name for p in letters.iterdir()) == ["description.yaml", "letter.txt"]


def test_a_target_whose_folder_is_missing_is_refused(tmp_path: Path, letters: Path) -> None:
    made = pack(write_letter(letters), tmp_path / "nowhere" / "package")
    assert made.code == 5
    assert "mkdir -p" in made.err


def test_a_dry_run_lists_what_would_be_made_and_writes_nothing(tmp_path: Path, letters: Path) -> None:
    made = pack(write_letter(letters), tmp_path / "package", "--dry-run")
    assert made.code == 0
    assert "would pack" in made.out
    assert "data/letter.txt" in made.out
    assert not (tmp_path / "package").exists()


def test_json_names_every_file_with_its_digest(tmp_path: Path, letters: Path) -> None:
    made = pack(write_letter(letters), tmp_path / "package", "--json")
    (result,) = made.objects
    assert result["schema"] == "archtool/pack/1"
    (file,) = result["facts"]["payload"]
    assert file["path"] == "data/letter.txt"
    manifest = (tmp_path / "package" / "manifest-sha512.txt").read_text()
    assert manifest == f"{file['digests']['sha512']}  data/letter.txt\n"


def test_other_algorithms_are_used_on_request(tmp_path: Path, letters: Path) -> None:
    made = pack(write_letter(letters), tmp_path / "p", "--algorithm", "SHA-256", "--algorithm", "sha512")
    assert made.code == 0
    names = [n for n in tree_bytes(tmp_path / "p") if "manifest" in n]
    assert names == [
        "manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"
    ]  # fmt: skip
    assert archtool("verify", tmp_path / "p").code == 0


def test_an_unknown_algorithm_is_refused_with_the_known_ones(tmp_path: Path, letters: Path) -> None:
    made = pack(write_letter(letters), tmp_path / "p", "--algorithm", "crc32")
    assert made.code == 3
    assert "sha512" in made.err


def test_strict_refuses_a_package_with_warnings(tmp_path: Path, letters: Path) -> None:
    (letters / "letter.txt").write_text("x")
    description = write_description(letters, LETTER.replace("rights:", "x-rights:"))
    assert pack(description, tmp_path / "strict", "--strict").code == 1
    assert not (tmp_path / "strict").exists()
    assert pack(description, tmp_path / "plain").code == 0


def test_a_json_description_makes_the_same_claims(tmp_path: Path, letters: Path) -> None:
    (letters / "letter.txt").write_text("To the sections.\n")
    described = {
        "archtool": 1,
        "title": "Letter",
        "transcription": "letter.txt",
        "source": "Cahiers, no 3.",
        "rights": {"original": "UND"},
    }
    description = write_description(letters, json.dumps(described), "letter.json")
    assert pack(description, tmp_path / "package").code == 0
    assert (tmp_path / "package" / "metadata" / "description.json").read_bytes() == description.read_bytes()
    assert archtool("verify", tmp_path / "package").code == 0


def test_the_sources_keep_their_bytes_and_times(tmp_path: Path, letters: Path) -> None:
    description = write_letter(letters)
    os.utime(letters / "letter.txt", (1_000_000_000, 1_000_000_000))
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in letters.iterdir()}
    assert pack(description, tmp_path / "package").code == 0
    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in letters.iterdir()} == before
    assert (tmp_path / "package" / "data" / "letter.txt").stat().st_mtime == 1_000_000_000


def test_no_sync_makes_the_same_package(tmp_path: Path, letters: Path) -> None:
    description = write_letter(letters)
    for name, option in (("synced", []), ("unsynced", ["--no-sync"])):
        (tmp_path / name).mkdir()
        assert pack(description, tmp_path / name / "package", *option).code == 0
    assert tree_bytes(tmp_path / "synced") == tree_bytes(tmp_path / "unsynced")


def test_a_percent_sign_in_a_name_is_encoded_and_explained(tmp_path: Path, letters: Path) -> None:
    (letters / "50% off.txt").write_text("x")
    text = LETTER.replace("transcription: letter.txt", 'transcription: "50% off.txt"')
    assert pack(write_description(letters, text), tmp_path / "package").code == 0
    assert "data/50%25 off.txt" in (tmp_path / "package" / "manifest-sha512.txt").read_text()
    assert "%25" in (tmp_path / "package" / "VERIFY.txt").read_text()
    assert archtool("verify", tmp_path / "package").code == 0


def test_the_second_opinion_is_reported(tmp_path: Path, letters: Path) -> None:
    made = pack(write_letter(letters), tmp_path / "package", "--second-opinion", "--json")
    assert made.codes == ["second-opinion.agrees"]


def test_no_time_but_the_date_is_in_a_package(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    statement = json.loads((package / "attestations/0001-packaging/statement.json").read_text())
    assert statement["predicate"]["claimedAt"] == DATE


@pytest.mark.parametrize("place", ["inner", "data/inner", "metadata/inner.tar"])
def test_a_package_is_never_written_into_another_package(place: str, tmp_path: Path) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(package)
    made = pack(tmp_path / "sources" / "description.yaml", package / place)
    assert (made.code, "would be written into a package" in made.err) == (2, True)
    archive = tmp_path / "letter.tar"
    assert pack(tmp_path / "sources" / "description.yaml", archive).code == 0
    unpacked = archtool("unpack", archive, "-o", package / "unpacked")
    assert (unpacked.code, "would be written into a package" in unpacked.err) == (2, True)
    assert tree_bytes(package) == before


def test_keys_tables_and_sidecars_are_never_written_into_a_package(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(package)
    key = ("--sign", write_key(tmp_path))
    for command in (
        ("keys", "new", package / "data" / "key", "--name", "a@example.org", "--no-passphrase"),
        ("batch", "template", "-o", package / "tables"),
        ("attest", package, "--event", "x-seen", *key, "--sidecar", package / "data" / "sidecar"),
    ):
        result = archtool(*command)
        assert (result.code, "would be written into a package" in result.err) == (2, True), command
    assert tree_bytes(package) == before
