"""`archtool repair`: which files it restores, from where, and what it keeps."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from archives import serialise
from command_line import DATE, archtool, assert_loc_agrees
from packages import (
    ARCHIVIST,
    EXAMPLES,
    left_behind,
    make_package,
    pack,
    tree_bytes,
    write_allowed_signers,
    write_key,
)
from repairs import LETTER, flip, make_copies, repair, replaced_folders
from unit.bagit.bag_builders import bag_files, write_bag

SIGNATURE = "attestations/0001-packaging/sha512sums.txt.archivist.sig"
EVERY_FILE = (
    LETTER, "bagit.txt", "bag-info.txt", "manifest-sha512.txt", "tagmanifest-sha512.txt", "VERIFY.txt",
    "metadata/description.yaml", "metadata/premis.xml", "attestations/0001-packaging/statement.json",
    "attestations/0001-packaging/sha512sums.txt", SIGNATURE,
)  # fmt: skip


def test_without_apply_nothing_is_written_and_the_table_names_the_good_copy(tmp_path: Path) -> None:
    package, one, two = make_copies(tmp_path, 2)
    flip(package)
    flip(one)
    before = tree_bytes(tmp_path)
    shown = repair(package, one, two)
    assert shown.code == 1
    assert [line.split() for line in shown.out.splitlines() if LETTER in line] == [
        [LETTER, "damaged", "damaged", "good"]
    ]
    assert f"archtool repair {package} --from {one} --from {two} --apply" in shown.out
    assert tree_bytes(tmp_path) == before
    assert left_behind(tmp_path) == []


def test_a_package_that_is_still_damaged_after_a_repair_is_not_to_be_attested(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    for place in (package, copy):
        flip(place)
    flip(package, "bag-info.txt")
    done = repair(package, copy, options=("--apply",))
    assert done.code == 1, done.said()
    assert "attested  no: the package is not valid yet" in done.out
    assert "archtool attest" not in done.out


@pytest.mark.parametrize("path", EVERY_FILE)
def test_a_damaged_file_of_any_kind_is_restored_and_the_old_one_is_kept(tmp_path: Path, path: str) -> None:
    package, copy = make_copies(tmp_path)
    good = tree_bytes(copy)
    flip(package, path, at=60 if path == SIGNATURE else 3)
    damaged = (package / path).read_bytes()
    done = repair(package, copy, options=("--apply",))
    assert done.code == 0, done.said()
    assert tree_bytes(package) == good
    (kept,) = replaced_folders(package)
    assert (kept / "files" / path).read_bytes() == damaged
    assert path in (kept / "REPAIR.txt").read_text()
    assert str(kept) in done.out
    assert left_behind(tmp_path) == []
    assert tree_bytes(copy) == good


@pytest.mark.parametrize("path", EVERY_FILE)
def test_a_lost_file_of_any_kind_is_restored(tmp_path: Path, path: str) -> None:
    package, copy = make_copies(tmp_path)
    (package / path).unlink()
    assert repair(package, copy, options=("--apply",)).code == 0
    assert tree_bytes(package) == tree_bytes(copy)
    assert replaced_folders(package) == []
    assert_loc_agrees(package)


def test_an_undamaged_package_needs_no_repair(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    for options in ((), ("--apply",)):
        seen = repair(package, copy, options=options)
        assert (seen.code, seen.err) == (0, "")
        assert "nothing to repair" in seen.said()


def test_good_parts_of_two_damaged_copies_complete_each_other(tmp_path: Path) -> None:
    package, one, two = make_copies(tmp_path, 2)
    good = tree_bytes(package)
    for lost in (LETTER, "bag-info.txt"):
        (package / lost).unlink()
    flip(one, "bag-info.txt")
    flip(two)
    (object_,) = repair(package, one, two, options=("--apply", "--json")).objects
    assert object_["verdict"]["repair"] == "repaired"
    assert {file["path"]: file["source"] for file in object_["facts"]["files"]} == {
        LETTER: 1, "bag-info.txt": 2
    }  # fmt: skip
    assert tree_bytes(package) == good


def test_the_list_of_one_copy_and_the_signature_of_another_vouch_together(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    good = tree_bytes(package)
    flip(package, "attestations/0001-packaging/sha512sums.txt")
    flip(copy, SIGNATURE, at=60)
    done = repair(package, copy, options=("--apply", "--trust", write_allowed_signers(tmp_path, ARCHIVIST)))
    assert done.code == 0, done.said()
    assert tree_bytes(package) == good


def test_a_file_that_no_copy_has_undamaged_is_reported_and_the_others_are_restored(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    flip(package)
    flip(copy)
    flip(package, "bag-info.txt")
    damaged = (package / LETTER).read_bytes()
    done = repair(package, copy, options=("--apply", "--json"))
    assert done.code == 1
    assert done.objects[0]["verdict"]["repair"] == "repaired-in-part"
    assert "repair.no-good-copy" in done.codes
    assert (package / "bag-info.txt").read_bytes() == (copy / "bag-info.txt").read_bytes()
    assert (package / LETTER).read_bytes() == damaged


def test_a_second_repair_on_one_day_keeps_what_the_first_one_kept(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    kept = []
    for at in (3, 4):
        flip(package, at=at)
        kept.append((package / LETTER).read_bytes())
        assert repair(package, copy, options=("--apply",)).code == 0
    assert [(folder / "files" / LETTER).read_bytes() for folder in replaced_folders(package)] == kept


def test_a_file_that_no_manifest_lists_is_left_alone_and_reported(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    (package / "data" / "added.txt").write_text("from here")
    (copy / "data" / "added.txt").write_text("from there")
    flip(package)
    done = repair(package, copy, options=("--apply", "--json"))
    assert "repair.left-unlisted" in done.codes
    assert (package / "data" / "added.txt").read_text() == "from here"
    assert (package / LETTER).read_bytes() == (copy / LETTER).read_bytes()


def test_what_was_replaced_is_not_taken_for_a_package(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    flip(package)
    flip(package, "bagit.txt")
    assert repair(package, copy, options=("--apply",)).code == 0
    (kept,) = replaced_folders(package)
    assert kept.name not in archtool("list", tmp_path).out
    seen = archtool("verify", package, kept)
    assert f"skipped {kept}: what a repair replaced" in seen.err
    assert seen.code == 0


def test_the_repair_is_attested_with_the_files_and_the_source(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    flip(package)
    key = write_key(tmp_path)
    done = repair(package, copy, options=("--apply", "--sign", key, "--json"))
    assert done.code == 0, done.said()
    facts = done.objects[0]["facts"]
    assert (facts["attested"], facts["attestation"]) == (True, "0002-repair")
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    (seen,) = archtool("verify", package, "--trust", trust, "--json").objects
    assert (seen["exit_code"], seen["verdict"]["trust"]) == (0, "trusted")
    details = seen["facts"]["attestations"][1]["details"]
    assert details["files"] == LETTER
    assert details["source"] == str(copy)
    assert details["restored"].startswith("1 file")


def test_without_a_key_the_text_says_how_to_attest_the_repair(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    flip(package)
    done = repair(package, copy, options=("--apply",))
    command = f"archtool attest {package} --event repair --sign"
    assert command in done.out
    assert archtool(*command.split()[1:], write_key(tmp_path)).code == 0


def test_a_copy_in_an_archive_restores_files_of_a_folder(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    archive = serialise(tree_bytes(copy), tmp_path / "copy.tar.gz")
    shutil.rmtree(copy)
    good = tree_bytes(package)
    flip(package)
    (package / "bag-info.txt").unlink()
    assert repair(package, archive, options=("--apply",)).code == 0
    assert tree_bytes(package) == good


def test_a_package_of_real_documents_is_restored_from_two_damaged_copies(tmp_path: Path) -> None:
    package = tmp_path / "rakovsky"
    assert pack(EXAMPLES / "rakovsky-1932" / "description.yaml", package).code == 0
    copies = [tmp_path / "one", tmp_path / "two"]
    for copy in copies:
        shutil.copytree(package, copy)
    good = tree_bytes(package)
    payload = sorted(path for path in good if path.startswith("data/"))
    for number, path in enumerate(payload):
        (package / path).unlink()
        flip(copies[number % 2], path, at=0)
    done = repair(package, *copies, options=("--apply",))
    assert done.code == 0, done.said()
    assert tree_bytes(package) == good


def test_the_text_fits_80_columns_with_long_names_and_many_copies(tmp_path: Path) -> None:
    package, *copies = make_copies(tmp_path, 6)
    flip(package)
    shown = repair(package, *copies)
    assert "good in copy 1, 2, 3, 4, 5, 6" in shown.out
    for line in shown.out.splitlines():
        assert len(line) <= 80 or str(tmp_path) in line


def test_attestations_beside_the_package_vouch_for_it_and_stay_beside_it(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    key = write_key(tmp_path)
    beside = tmp_path / "package.attestations"
    attesting = ("--sign", key, "--event", "validation", "--sidecar", beside, "--date", DATE)
    assert archtool("attest", package, *attesting).code == 0
    flip(package)
    done = repair(package, copy, options=("--apply", "--trust", write_allowed_signers(tmp_path, ARCHIVIST)))
    assert done.code == 0, done.said()
    assert "0002-validation" in done.said()
    assert tree_bytes(package) == tree_bytes(copy)


def test_a_package_with_manifests_of_two_algorithms_is_restored(tmp_path: Path) -> None:
    package = make_package(tmp_path, "--algorithm", "sha512", "--algorithm", "sha256")
    copy = tmp_path / "copy"
    shutil.copytree(package, copy)
    flip(package)
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        (package / name).unlink()
    assert repair(package, copy, options=("--apply",)).code == 0
    assert tree_bytes(package) == tree_bytes(copy)


def test_names_that_are_not_text_are_restored_and_shown(tmp_path: Path) -> None:
    name = os.fsdecode(b"data/lettre-\xe9.txt")
    package, copy = (write_bag(tmp_path / place, bag_files({name: b"x" * 20})) for place in ("bag", "copy"))
    (package / name).unlink()
    assert "lettre-\\xe9.txt" in repair(package, copy).out
    (object_,) = repair(package, copy, options=("--apply", "--json")).objects
    assert object_["facts"]["counts"]["restored"] == 1
    assert tree_bytes(package) == tree_bytes(copy)
