"""An attestation that no copy has: nothing pretends that it can be repaired, and a command ends the alarm."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from audits import Archive, set_clock, write_small_bag
from command_line import Run, archtool
from packages import make_package, retag, write_key
from unit.holdings.registers import day


def attest(package: Path, tmp_path: Path) -> None:
    key = write_key(tmp_path)
    done = archtool("attest", package, "--event", "validation", "--sign", key, "--date", "2026-11-23")
    assert done.code == 0, done.err


def cut_off(package: Path) -> None:
    shutil.rmtree(sorted((package / "attestations").iterdir())[-1])
    retag(package)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """An archive with two copies of a package; one was attested, and this attestation was cut off."""
    made = Archive(tmp_path, bags=0)
    package, second = make_package(tmp_path), tmp_path / "second"
    shutil.copytree(package, second)
    attest(package, tmp_path)
    made.append(made.ingestion(package, "letters"))
    made.add_copy("letters", second)
    set_clock(monkeypatch, day(1))
    assert made.audit().code == 0
    cut_off(package)
    set_clock(monkeypatch, day(2))
    return made


def package_of(archive: Archive) -> Path:
    return Path(archive.copy("letters").place)


def repair(archive: Archive, *options: str) -> Run:
    return archtool("repair", "letters", "--register", archive.path, "--agent", "Jane Doe", *options)


def update(archive: Archive) -> Run:
    given = ("--copy", package_of(archive), "--reason", "lost", "--register", archive.path)
    return archtool("holdings", "update", "letters", *given, "--agent", "Jane Doe")


def test_the_audit_does_not_name_a_copy_that_lacks_the_attestation_as_a_source(archive: Archive) -> None:
    run = archive.audit("--all")
    assert (run.code, "attestations cut off: letters," in run.out) == (1, True)
    assert "a copy in order" not in run.out
    assert "archtool repair" not in run.out
    assert "no other copy has it: look for 0002-validation in backups" in run.said()
    assert f"archtool holdings update letters --copy {package_of(archive)} --reason TEXT\n" in run.out


def test_a_repair_says_that_no_copy_has_the_attestation(archive: Archive) -> None:
    archive.audit("--all")
    for options in ((), ("--apply",)):
        run = repair(archive, *options)
        assert run.code == 1
        assert "nothing to repair" not in run.said()
        assert "0002-validation, which the register remembers, is missing in" in run.said()
        assert "and no other copy has it" in run.said()
        assert f"archtool holdings update letters --copy {package_of(archive)} --reason TEXT" in run.said()


def test_the_mail_says_that_no_copy_has_the_attestation_and_how_to_give_it_up(
    archive: Archive, tmp_path: Path
) -> None:
    archive.audit("--all", "--mail-file", tmp_path / "mail")
    mail = " ".join((tmp_path / "mail").read_text().split())
    assert "no other copy has 0002-validation: look for it in backups" in mail
    assert "archtool repair" not in mail


def test_an_update_says_that_the_attestation_is_given_up_and_ends_the_alarm(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.audit("--all")
    run = update(archive)
    assert (run.code, "attestation 0002-validation is given up" in run.said()) == (0, True), run.err
    (event,) = archive.events("migration")
    assert event.detail["before"]["given_up"].startswith("0002-validation sha512:")
    set_clock(monkeypatch, day(3))
    assert archive.audit().code == 0
    assert repair(archive).code == 0


def test_an_update_without_anything_new_gives_nothing_up(archive: Archive) -> None:
    archive.audit("--all")
    assert update(archive).code == 0
    again = update(archive)
    assert (again.code, "nothing was changed" in again.said()) == (0, True)


def test_a_copy_with_the_attestation_is_named_as_the_source_and_repairs_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path, bags=0)
    package, second = make_package(tmp_path), tmp_path / "second"
    attest(package, tmp_path)
    shutil.copytree(package, second)
    archive.append(archive.ingestion(package, "letters"))
    archive.add_copy("letters", second)
    set_clock(monkeypatch, day(1))
    assert archive.audit().code == 0
    cut_off(package)
    set_clock(monkeypatch, day(2))
    run = archive.audit("--all")
    assert (run.code, f"a copy in order: {second}" in run.said()) == (1, True)
    assert "archtool repair letters\n" in run.out
    assert repair(archive, "--apply").code == 0
    assert len(list((package / "attestations").iterdir())) == 2


def test_a_changed_manifest_is_asked_about_before_a_repair_is_named(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    shutil.copytree(archive.bag(0), tmp_path / "second")
    archive.add_copy("letters-0", tmp_path / "second")
    assert archive.audit().code == 0
    archive.letter(0).write_text("A better reading.\n")
    remake(archive.bag(0))
    run = archive.audit("--all", "--mail-file", tmp_path / "mail")
    update_command = f"archtool holdings update letters-0 --copy {archive.bag(0)} --reason TEXT"
    assert "was the new content meant? If so, run the first command, if not, the second:" in run.said()
    assert f"{update_command}\n" in run.out
    assert run.out.index(update_command) < run.out.index("archtool repair letters-0")
    mail = " ".join((tmp_path / "mail").read_text().split())
    assert "was the new content meant? If not, see what another copy can restore" in mail
    assert f"if so, record it: {update_command}" in mail


def test_a_damaged_file_is_not_asked_about(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.letter(0).write_text("damage\n")
    assert "meant" not in archive.audit().out


def remake(bag: Path) -> None:
    """Make the manifests of a small bag again, as somebody does who replaced its letter on purpose."""
    text = (bag / "data" / "letter.txt").read_text()
    shutil.rmtree(bag)
    write_small_bag(bag, text)
