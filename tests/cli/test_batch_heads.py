"""A batch with a register: the client writes heads, workers do not; packages must have their heads."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from archtool.holdings.queries import find_holding
from archtool.holdings.register import open_register
from batches import write_letters
from cli.test_heads_in_register import cut_off_newest, head_on_shelf
from command_line import DATE, Run, archtool
from packages import make_package, write_key
from unit.holdings.registers import ingestion, make_register


def shelf_of(tmp_path: Path, count: int) -> tuple[Path, Path]:
    """Make a shelf of packages, all registered; return the shelf and the register."""
    package = make_package(tmp_path)
    head = str(head_on_shelf(package))
    shelf = tmp_path / "shelf"
    with make_register(tmp_path) as register:
        for number in range(count):
            place = shutil.copytree(package, shelf / f"letters-{number}")
            register.append(ingestion(number, place=str(place), head=head))
        return shelf, register.path


def attest_all(shelf: Path, register: Path, *options: str | Path) -> Run:
    key = write_key(shelf.parent)
    return archtool(
        "batch", shelf, "-o", shelf.parent / "out", "--verb", "attest", "--sign", key, "--event",
        "countersignature", "--date", DATE, "--register", register, "--json", *options,
    )  # fmt: skip


def recorded(register: Path) -> list[str | None]:
    with open_register(register, read_only=True) as opened:
        names = [name for (name,) in opened.connection.execute("SELECT name FROM holding ORDER BY key")]
        return [find_holding(opened.connection, name).head for name in names]


def event_count(register: Path) -> int:
    with open_register(register, read_only=True) as opened:
        return int(opened.connection.execute("SELECT count(*) FROM event").fetchone()[0])


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_a_batch_records_the_head_of_every_package(tmp_path: Path, jobs: str) -> None:
    shelf, register = shelf_of(tmp_path, 5)
    run = attest_all(shelf, register, "--jobs", jobs)
    assert run.code == 0, run.err
    assert recorded(register) == [str(head_on_shelf(p)) for p in sorted(shelf.iterdir())]
    assert all(line["facts"]["register"]["head"] is not None for line in run.objects)


def test_a_batch_that_is_run_again_records_no_head_twice(tmp_path: Path) -> None:
    shelf, register = shelf_of(tmp_path, 2)
    assert attest_all(shelf, register).code == 0
    before = event_count(register)
    assert attest_all(shelf, register).code == 0
    assert event_count(register) == before


def test_a_batch_does_not_attest_a_package_that_was_cut_off(tmp_path: Path) -> None:
    shelf, register = shelf_of(tmp_path, 2)
    assert attest_all(shelf, register).code == 0
    before = recorded(register)
    gone = cut_off_newest(shelf / "letters-0")
    shutil.rmtree(tmp_path / "out")
    run = attest_all(shelf, register, "--note", "again")
    assert run.code == 6
    (failed,) = [line for line in run.objects if line["exit_code"]]
    assert failed["job"] == "letters-0"
    assert [finding["code"] for finding in failed["findings"]] == ["attestation.head-missing"]
    assert f"the register remembers it for {failed['job']}" in failed["findings"][0]["message"]
    assert gone not in {folder.name for folder in (shelf / "letters-0" / "attestations").iterdir()}
    after = recorded(register)
    assert after[0] == before[0]
    assert after[1] != before[1]


def test_a_head_that_could_not_be_recorded_is_recorded_by_the_same_command_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf, register = shelf_of(tmp_path, 2)
    locker = sqlite3.connect(register, isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    # the register is locked after the run has begun
    monkeypatch.setattr("archtool.operations.holdings.record_heads.HeadRecorder.check", lambda _: None)
    monkeypatch.setattr("archtool.cli.holdings.recording.WAIT_SECONDS", 0.0)
    run = attest_all(shelf, register, "--jobs", "1")
    locker.close()
    assert run.code == 6
    assert {line["exit_code"] for line in run.objects} == {5}
    finding = run.objects[0]["findings"][-1]
    assert finding["code"] == "register.head-not-recorded"
    assert "run the same command again" in finding["hint"]
    assert len(list((shelf / "letters-0" / "attestations").iterdir())) == 2
    again = attest_all(shelf, register, "--jobs", "1")
    assert again.code == 0, again.out
    assert len(list((shelf / "letters-0" / "attestations").iterdir())) == 2
    assert recorded(register) == [str(head_on_shelf(p)) for p in sorted(shelf.iterdir())]


def test_a_batch_verification_takes_the_expected_heads_from_the_register(tmp_path: Path) -> None:
    shelf, register = shelf_of(tmp_path, 3)
    assert attest_all(shelf, register).code == 0
    cut_off_newest(shelf / "letters-1")
    checks = tmp_path / "checks"
    verify = ["batch", shelf, "-o", checks, "--verb", "verify", "--json"]
    run = archtool(*verify, "--register", register)
    assert run.code == 6
    assert {line["job"]: line["exit_code"] for line in run.objects} == {
        "letters-0": 0, "letters-1": 1, "letters-2": 0,
    }  # fmt: skip
    assert archtool(*verify, "--register", register, "--no-register").code == 0


def test_a_batch_verification_warns_if_the_register_cannot_be_read(tmp_path: Path) -> None:
    shelf, register = shelf_of(tmp_path, 2)
    register.unlink()
    verify = ["batch", shelf, "--verb", "verify", "--json", "--register", register]
    run = archtool(*verify, "-o", tmp_path / "checks")
    assert run.code == 0
    codes = [[finding["code"] for finding in line["findings"]] for line in run.objects]
    assert codes == [["register.not-read"], ["register.not-read"]]
    assert archtool(*verify, "-o", tmp_path / "strict", "--strict").code == 6


def test_a_batch_warns_that_it_made_a_registered_package_again(tmp_path: Path) -> None:
    letters = write_letters(tmp_path / "letters", "a", "b")
    out = tmp_path / "out"
    with make_register(tmp_path) as register:
        register.append(ingestion(0, place=str(out / "a")))
    run = archtool("batch", letters, "-o", out, "--register", register.path, "--json")
    assert run.code == 0
    found = {line["job"]: [finding["code"] for finding in line["findings"]] for line in run.objects}
    assert found == {"a": ["register.package-remade"], "b": []}
