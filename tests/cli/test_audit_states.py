"""`archtool audit` judges each copy: in order, changed, missing, moved, unreadable, attestations cut off."""

from __future__ import annotations

import os
import shlex
import shutil
import tarfile
from pathlib import Path

import pytest

from archtool.holdings.event import EventOutcome
from archtool.holdings.event_types import EventType
from archtool.holdings.queries import read_shelves
from audits import SOURCE, Archive, set_clock, write_small_bag
from command_line import archtool, archtool_process
from packages import make_package, retag, write_key
from unit.files.folders import as_nobody, give_to_nobody, public_folder
from unit.holdings.registers import DAY_0, day


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


def test_a_move_that_waits_to_be_recorded_is_no_new_package_of_the_next_night(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    new = archive.shelf / "else where"
    archive.bag(1).rename(new)
    assert archive.audit().code == 1
    run = archive.audit()
    assert run.code == 1
    assert "not in the register" not in run.out
    assert f"archtool holdings move letters-1 '{new}'\n" in run.out
    assert archive.events("audit-ended")[-1].detail["extra_count"] == 0
    (move,) = archive.report()["known_moves"]
    assert move == {"holding": "letters-1", "place": str(archive.bag(1)), "found_at": str(new)}


def test_another_package_at_the_new_place_of_a_moved_copy_is_new(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    new = archive.shelf / "elsewhere"
    archive.bag(1).rename(new)
    assert archive.audit().code == 1
    shutil.rmtree(new)
    write_small_bag(new, "Another letter.\n")
    run = archive.audit()
    assert "1 package is on the shelves, but not in the register" in run.said()
    assert f"archtool holdings add {new}\n" in run.out
    assert "holdings move" not in run.out


def test_a_missing_copy_that_appears_elsewhere_later_comes_with_the_move_command(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    hidden = tmp_path / "hidden"
    archive.bag(1).rename(hidden)
    assert archive.audit().code == 1
    assert archive.copy("letters-1").state == "missing"
    new = archive.shelf / "elsewhere"
    hidden.rename(new)
    run = archive.audit()
    assert f"archtool holdings move letters-1 {new}\n" in run.out
    assert "not in the register" not in run.out


def test_the_move_command_of_one_of_two_copies_works_as_it_is_printed(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    other = archive.shelf / "second"
    shutil.copytree(archive.bag(1), other)
    archive.add_copy("letters-1", other)
    new = archive.shelf / "else where"
    other.rename(new)
    run = archive.audit()
    (line,) = {line for line in run.out.splitlines() if "archtool holdings move" in line and "to do" in line}
    words = shlex.split(line.partition("archtool ")[2])
    assert words == ["holdings", "move", "--from", str(other), "letters-1", str(new)]
    assert archtool(*words, "--register", archive.path, "--agent", "Jane Doe").code == 0
    assert archive.audit().code == 0


def test_replaced_files_staging_folders_and_sidecars_are_no_new_packages(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for name in ("letters-0.replaced-2026-11-30", ".archtool-0123456789abcdef-x"):
        write_small_bag(archive.shelf / name / "files" / "inner", "A letter.\n")
    (archive.shelf / "letters-0.replaced-2026-11-30" / "REPAIR.txt").write_text("what was replaced\n")
    run = archive.audit()
    assert (run.code, "not in the register" in run.out) == (0, False)


def test_a_package_on_two_nested_shelves_is_named_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    inner = archive.shelf / "inner"
    found = write_small_bag(inner / "found", "Found in a drawer.\n")
    for shelf in (inner, tmp_path):
        archive.append(SOURCE.event(EventType.SHELF, DAY_0, detail={"place": str(shelf)}))
    report = archive.report("--all")
    assert (report["extra"], report["extra_count"]) == ([str(found)], 1)
    run = archive.audit()
    assert "1 package is on the shelves" in run.said()
    assert f"archtool holdings add {found}\n" in run.out


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


@pytest.mark.parametrize("depth", [(), ("--quick",)])
def test_a_check_without_a_verdict_does_not_make_the_register_forget_a_proved_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, depth: tuple[str, ...]
) -> None:
    archive = Archive(tmp_path, bags=1)
    archive.letter(0).write_text("damaged\n")
    set_clock(monkeypatch, day(1))
    archive.audit()
    away = archive.shelf.rename(tmp_path / "away")
    set_clock(monkeypatch, day(2))
    assert archive.audit("--all", *depth).code == 1
    copy = archive.copy("letters-0")
    assert (copy.state, copy.tried_at, copy.checked_at) == (
        "changed", "2026-01-03T02:00:00Z", "2026-01-02T02:00:00Z",
    )  # fmt: skip
    (report,) = archtool("holdings", "report", "--register", archive.path, "--json").objects
    (fault,) = report["faults"]["list"]
    assert fault["problems"][0]["file"] == "data/letter.txt"
    away.rename(archive.shelf)
    archive.letter(0).write_text("Letter 0.\n")
    set_clock(monkeypatch, day(3))
    archive.audit("--all")
    assert archive.copy("letters-0").state == "ok"


def test_a_fifo_at_the_place_of_a_copy_is_changed_and_keeps_no_audit_waiting(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=2)
    for number, is_link in ((0, False), (1, True)):
        shutil.rmtree(archive.bag(number))
        place = tmp_path / "fifo" if is_link else archive.bag(number)
        os.mkfifo(place)
        if is_link:
            archive.bag(number).symlink_to(place)
    run = archtool_process("audit", "--register", archive.path, "--agent", "Jane", "--jobs", "1")
    assert run.code == 1
    assert [archive.copy(f"letters-{number}").state for number in (0, 1)] == ["changed", "changed"]


def test_a_damaged_package_with_long_names_stops_no_audit_and_is_a_changed_copy(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=2)
    folder = archive.bag(0) / "data" / Path(*["\x01" * 250] * 12)
    folder.mkdir(parents=True)
    for number in range(120):
        (folder / str(number)).write_bytes(b"unlisted")
    assert archive.audit().code == 1
    assert [archive.copy(f"letters-{number}").state for number in (0, 1)] == ["changed", "ok"]
    assert archive.last_check("letters-0").detail["problem_count"] == 120


def test_many_unregistered_packages_with_long_names_stop_no_audit(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=1)
    folder = archive.shelf / Path(*["\x01" * 250] * 12)
    for number in range(101):
        write_small_bag(folder / str(number))
    report = archive.report()
    assert (report["exit_code"], report["extra_count"]) == (0, 101)
    (ended,) = archive.events("audit-ended")
    assert 0 < len(ended.detail["extra"]) < 100


@pytest.mark.parametrize("way", ["adopted", "shelf", "parent"])
def test_a_link_to_a_shelf_makes_no_package_unregistered(tmp_path: Path, way: str) -> None:
    archive = Archive(tmp_path, bags=2)
    link = tmp_path / "link"
    link.symlink_to(archive.shelf if way != "parent" else tmp_path)
    place = link if way != "parent" else link / "shelf"
    if way == "shelf":
        archive.append(SOURCE.event(EventType.SHELF, day(1), detail={"place": str(place)}))
    else:
        adopted = archtool("holdings", "adopt", place, "--register", archive.path, "--agent", "Jane")
        assert "is the same as" in adopted.err + adopted.out
    assert archive.report()["extra_count"] == 0
    with archive.open() as register:
        assert len(read_shelves(register.connection)) == (2 if way == "shelf" else 1)


def test_a_package_that_was_registered_by_a_link_is_registered(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=1)
    link = tmp_path / "link"
    link.symlink_to(archive.shelf)
    write_small_bag(archive.shelf / "new")
    archive.append(archive.ingestion(link / "new"))
    report = archive.report()
    assert (report["extra_count"], report["counts"]) == (0, {"ok": 2})


def test_an_unregistered_package_is_named_once_although_its_shelf_has_two_paths(tmp_path: Path) -> None:
    archive = Archive(tmp_path, bags=1)
    link = tmp_path / "link"
    link.symlink_to(archive.shelf)
    archive.append(SOURCE.event(EventType.SHELF, day(1), detail={"place": str(link)}))
    write_small_bag(archive.shelf / "new")
    assert archive.report()["extra_count"] == 1
