"""`archtool audit` judges each copy: in order, changed, missing, moved, unreadable, attestations cut off."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

from archtool.holdings.event import EventOutcome
from audits import Archive, write_small_bag
from command_line import archtool
from packages import make_package, retag, write_key
from unit.files.folders import as_nobody, give_to_nobody, public_folder


def test_a_quiet_night_prints_one_line(tmp_path: Path) -> None:
    run = Archive(tmp_path).audit()
    assert (run.code, run.err) == (0, "")
    (line,) = run.out.splitlines()
    assert line.startswith("3 copies in order, ")


def test_each_check_is_recorded_with_its_depth_and_its_verdicts(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=1)
    archive.audit()
    event = archive.last_check("letters-0")
    assert (event.event, event.outcome, event.agent) == ("fixity-check", EventOutcome.SUCCESS, "Jane Doe")
    assert (event.detail["state"], event.detail["depth"], event.detail["files"]) == ("ok", "full", 3)
    assert event.detail["verdict"] == {"bag": "valid", "content": "not-described", "trust": "not-asked"}
    assert event.run == archive.events("audit-begun")[0].run


def test_a_flipped_byte_is_named_with_both_digests(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    letter = archive.letter(1)
    letter.write_bytes(letter.read_bytes()[:-2] + b"!\n")
    run = archive.audit()
    assert run.code == 1
    assert "1 of 3 copies is not in order" in run.out
    assert "changed: letters-1," in run.out
    event = archive.last_check("letters-1")
    (problem,) = event.detail["problems"]
    assert (problem["file"], problem["code"]) == ("data/letter.txt", "fixity.digest-mismatch")
    assert (len(problem["expected"]), len(problem["observed"])) == (135, 135)
    assert problem["expected"] != problem["observed"]
    assert (event.outcome, archive.copy("letters-1").state) == (EventOutcome.FAILURE, "changed")


def test_a_truncated_file_is_a_changed_copy(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.letter(0).write_bytes(b"")
    assert archive.audit().code == 1
    assert archive.copy("letters-0").state == "changed"


def test_a_deleted_file_makes_its_copy_missing_and_is_named(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.letter(0).unlink()
    run = archive.audit()
    assert run.code == 1
    assert "missing: letters-0," in run.out
    assert "data/letter.txt" in run.out
    assert archive.copy("letters-0").state == "missing"


def test_a_deleted_package_is_missing_from_a_shelf_that_is_there(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    shutil.rmtree(archive.bag(2))
    run = archive.audit()
    assert run.code == 1
    assert f"there is nothing at {archive.bag(2)}" in run.said()
    assert archive.last_check("letters-2").outcome is EventOutcome.FAILURE


def test_an_emptied_folder_is_a_missing_package(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    shutil.rmtree(archive.bag(2))
    archive.bag(2).mkdir()
    assert archive.audit().code == 1
    assert archive.copy("letters-2").state == "missing"


def test_another_valid_package_at_the_place_of_a_copy_is_changed(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    shutil.rmtree(archive.bag(0))
    write_small_bag(archive.bag(0), "A letter that nobody registered.\n")
    assert archtool("verify", archive.bag(0)).code == 0
    run = archive.audit()
    assert run.code == 1
    assert "manifest-sha512.txt is not the registered one" in run.out
    detail = archive.last_check("letters-0").detail
    assert (detail["state"], detail["verdict"]["bag"]) == ("changed", "valid")
    assert detail["manifests"]["manifest-sha512.txt"] == detail["problems"][0]["observed"]


def test_a_moved_package_is_found_by_its_manifests(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    new = archive.shelf / "elsewhere" / "letters"
    new.parent.mkdir()
    archive.bag(1).rename(new)
    run = archive.audit()
    assert run.code == 1
    assert f"archtool holdings move letters-1 {new}\n" in run.out
    assert "not in the register" not in run.out
    event = archive.last_check("letters-1")
    assert (event.detail["state"], event.detail["found_at"]) == ("moved", str(new))


def test_without_a_search_a_moved_package_is_missing(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.bag(1).rename(archive.shelf / "elsewhere")
    assert archive.report("--no-shelves")["counts"] == {"missing": 1, "ok": 2}


def test_a_package_that_nobody_registered_is_named_and_is_no_fault(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    write_small_bag(archive.shelf / "found", "Found in a drawer.\n")
    run = archive.audit()
    assert run.code == 0
    assert str(archive.shelf / "found") in run.said()
    assert archive.events("audit-ended")[-1].detail["extra"] == [str(archive.shelf / "found")]
    assert archive.audit("--strict").code == 1


def test_a_lost_shelf_is_said_once_and_proves_nothing_about_its_copies(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.shelf.rename(tmp_path / "in another room")
    run = archive.audit()
    assert run.code == 1
    assert run.out.count("nothing is known about 3 copies") == 1
    assert "letters-1" not in run.out
    event = archive.last_check("letters-1")
    assert (event.outcome, event.detail["state"]) == (EventOutcome.INDETERMINATE, "unreadable")
    assert archive.copy("letters-1").checked_at is None


def test_an_empty_shelf_looks_like_a_disk_that_is_not_mounted(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.shelf.rename(tmp_path / "in another room")
    archive.shelf.mkdir()
    run = archive.audit()
    assert run.code == 1
    assert "is empty, as if its disk were not mounted: nothing is known about 3 copies" in run.said()


def test_a_file_that_may_not_be_read_is_not_a_changed_file() -> None:
    with public_folder() as folder:
        archive = Archive(folder)
        archive.letter(0).chmod(0)
        give_to_nobody(folder, *folder.rglob("*"))
        with as_nobody():
            run = archive.audit()
        assert run.code == 1
        event = archive.last_check("letters-0")
        assert (event.outcome, event.detail["state"]) == (EventOutcome.INDETERMINATE, "unreadable")
        assert "unreadable: letters-0," in run.out


def test_a_package_that_may_not_be_opened_is_unreadable() -> None:
    with public_folder() as folder:
        archive = Archive(folder)
        archive.bag(0).chmod(0)
        give_to_nobody(folder, *folder.rglob("*"))
        with as_nobody():
            assert archive.audit().code == 1
        archive.bag(0).chmod(0o755)
        assert archive.copy("letters-0").state == "unreadable"


def test_an_archive_that_was_cut_off_is_changed(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=0)
    bag, packed = write_small_bag(tmp_path / "letters"), archive.shelf / "letters.tar"
    with tarfile.open(packed, "w") as tar:
        tar.add(bag, "letters")
    archive.append(archive.ingestion(packed))
    assert archive.audit().code == 0
    packed.write_bytes(packed.read_bytes()[:2048])
    assert archive.audit("--all").code == 1
    assert archive.copy("letters.tar").state == "changed"


def test_attestations_that_were_cut_off_are_noticed(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=0)
    package = make_package(tmp_path)
    _attest(package, tmp_path)
    archive.append(archive.ingestion(package))
    assert archive.audit().code == 0
    newest = sorted((package / "attestations").iterdir())[-1]
    shutil.rmtree(newest)
    retag(package)
    assert archtool("verify", package).code == 0
    run = archive.audit("--all")
    assert run.code == 1
    assert "attestations cut off: package," in run.out
    assert archive.copy("package").state == "attestations-cut-off"


def test_attestations_that_were_deleted_without_a_trace_in_the_tag_manifest_are_cut_off(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path, bags=0)
    package = make_package(tmp_path)
    _attest(package, tmp_path)
    archive.append(archive.ingestion(package))
    shutil.rmtree(sorted((package / "attestations").iterdir())[-1])
    assert archive.audit().code == 1
    assert archive.copy("package").state == "attestations-cut-off"


def test_a_new_attestation_is_remembered_as_the_head(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=0)
    package = make_package(tmp_path)
    archive.append(archive.ingestion(package))
    _attest(package, tmp_path)
    assert archive.audit().code == 0
    assert archive.last_check("package").detail["head"].startswith("0002-fixity-check sha512:")
    archive.audit("--all")
    assert "head" not in archive.last_check("package").detail


def test_an_untrusted_signer_is_a_fault_although_the_copy_is_unchanged(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=0)
    archive.append(archive.ingestion(make_package(tmp_path)))
    nobody = tmp_path / "allowed_signers"
    stranger = write_key(tmp_path, "stranger@example.org").with_suffix(".pub")
    nobody.write_text(archtool("keys", "trust", stranger).out)
    run = archive.audit("--trust", nobody)
    assert run.code == 1
    assert "not accepted: package," in run.out
    event = archive.last_check("package")
    assert (event.detail["state"], event.outcome) == ("ok", EventOutcome.FAILURE)


def test_a_good_copy_elsewhere_is_named_with_the_command_that_repairs(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    second = tmp_path / "second" / "letters-0"
    shutil.copytree(archive.bag(0), second)
    archive.add_copy("letters-0", second)
    archive.letter(0).write_text("Something else.\n")
    run = archive.audit()
    assert run.code == 1
    assert "first: archtool repair letters-0\n" in run.out
    assert f"a copy in order: {second}" in run.said()


def test_a_bad_copy_is_named_every_night_until_it_is_repaired(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.letter(0).write_text("Something else.\n")
    archive.audit()
    run = archive.audit()
    assert run.code == 1
    assert "known to be bad from an earlier check: 1 copy (letters-0)" in run.said()
    assert "nothing is due" in run.out


def test_a_quick_check_is_a_validation_and_proves_no_bytes(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=2)
    letter = archive.letter(0)
    letter.write_bytes(letter.read_bytes()[::-1])
    archive.letter(1).unlink()
    run = archive.audit("--quick")
    assert run.code == 1
    events = archive.events("validation")
    assert [(one.holding, one.detail["state"], one.detail["depth"]) for one in events] == [
        ("letters-0", "ok", "complete"),
        ("letters-1", "missing", "complete"),
    ]
    assert archive.copy("letters-0").state == "never-checked"
    assert archive.audit().code == 1
    assert archive.copy("letters-0").state == "changed"


def test_a_medium_is_left_out_until_it_is_connected(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=1)
    tape = tmp_path / "tape"
    shutil.copytree(archive.bag(0), tape / "box" / "letters-0")
    archive.add_copy("letters-0", "TAPE-7:box/letters-0", "medium")
    run = archive.audit()
    assert (run.code, "1 on media left out" in run.out) == (0, True)
    report = archive.report("--mount", f"TAPE-7={tape}")
    assert (report["exit_code"], report["checked"], report["left_out"]) == (0, 1, 0)


def _attest(package: Path, folder: Path) -> None:
    run = archtool("attest", package, "--event", "fixity-check", "--sign", write_key(folder))
    assert run.code == 0, run.err


def test_a_shelf_that_is_back_is_checked_by_the_command_that_was_advised(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    away = archive.shelf.rename(tmp_path / "away")
    assert f"archtool audit --all --shelf {archive.shelf}\n" in archive.audit().out
    away.rename(archive.shelf)
    run = archive.audit("--all", "--shelf", archive.shelf)
    assert (run.code, run.out.startswith("3 copies in order")) == (0, True)


def test_a_package_that_was_found_elsewhere_is_not_named_as_unregistered_later(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.bag(1).rename(archive.shelf / "elsewhere")
    archive.audit()
    report = archive.report()
    assert (report["extra_count"], report["known_bad"]) == (0, {"copies": 1, "holdings": ["letters-1"]})


def test_a_copy_that_nobody_checked_is_named_where_none_is_known_to_be_good(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    second = tmp_path / "second" / "letters-0"
    shutil.copytree(archive.bag(0), second)
    archive.add_copy("letters-0", second)
    archive.letter(0).write_text("Something else.\n")
    run = archive.audit("--shelf", archive.shelf)
    assert run.code == 1
    assert f"check the other copy, {second}: nothing is known about it" in run.said()
