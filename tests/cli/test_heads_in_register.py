"""Heads in the register: written when packages are attested, expected when they are verified."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from archtool.attestations.chain_head import ChainHead
from archtool.holdings.event_types import EventType
from archtool.holdings.queries import find_holding, records_of
from archtool.holdings.register import open_register
from archtool.operations.holdings.record_heads import HeadRecorder, NewHead
from command_line import DATE, Run, archtool
from packages import make_package, needs_ssh_keygen, write_key
from unit.holdings.registers import DAY_0, ingestion, make_register

NAME = "letters-0"


def registered(tmp_path: Path, *, head: bool = True, signed: bool = True) -> tuple[Path, Path]:
    """Make a package, and a register that has it with its head; return both paths."""
    package = make_package(tmp_path, signed=signed)
    known = {"head": str(head_on_shelf(package))} if head and signed else {}
    with make_register(tmp_path) as register:
        register.append(ingestion(0, place=str(package), **known))
        return package, register.path


def head_on_shelf(package: Path) -> ChainHead:
    newest = sorted((package / "attestations").iterdir())[-1]
    return ChainHead.of(newest.name, (newest / "sha512sums.txt").read_bytes())


def recorded_head(register: Path) -> str | None:
    with open_register(register, read_only=True) as opened:
        return find_holding(opened.connection, NAME).head


def attestation_events(register: Path) -> list[str]:
    with open_register(register, read_only=True) as opened:
        records = [record for _, record in records_of(opened.connection, NAME)]
    return [record for record in records if f'"event":"{EventType.ATTESTATION}"' in record]


def attest(package: Path, register: Path, *options: str | Path) -> Run:
    key = write_key(package.parent)
    return archtool(
        "attest", package, "--sign", key, "--event", "countersignature", "--register", register, *options
    )


def cut_off_newest(package: Path) -> str:
    """Remove the newest attestation without a trace, as somebody does who rewrites the tag manifest."""
    newest = sorted((package / "attestations").iterdir())[-1]
    shutil.rmtree(newest)
    manifest = package / "tagmanifest-sha512.txt"
    kept = [line for line in manifest.read_text().splitlines(True) if newest.name not in line]
    manifest.write_text("".join(kept))
    return newest.name


def test_attest_records_the_new_head_and_who_signed_it(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    run = attest(package, register, "--json")
    assert run.code == 0
    assert recorded_head(register) == str(head_on_shelf(package))
    assert run.objects[0]["facts"]["register"] == {
        "file": str(register), "holding": NAME, "head": str(head_on_shelf(package)),
    }  # fmt: skip
    (event,) = attestation_events(register)
    assert f'"place":"{package}"' in event
    assert '"claim":"countersignature"' in event
    assert '"signers":["archivist@example.org SHA256:' in event


def test_attest_prints_that_the_head_is_recorded(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    assert f"register the head of {NAME} is recorded" in attest(package, register).said()


def test_a_package_that_is_not_registered_leaves_the_register_as_it_is(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    other = shutil.copytree(package, tmp_path / "other")
    before = register.read_bytes()
    run = attest(other, register, "--json")
    assert run.code == 0
    assert run.objects[0]["facts"]["register"]["holding"] is None
    assert attestation_events(register) == []
    assert register.read_bytes() == before
    verified = archtool("verify", other, "--register", register, "--json")
    assert (verified.code, verified.codes) == (0, [])


def test_verify_takes_the_expected_head_from_the_register(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    assert attest(package, register).code == 0
    gone = cut_off_newest(package)
    assert archtool("verify", package).code == 0  # the package alone does not show it
    run = archtool("verify", package, "--register", register, "--json")
    assert run.code == 1
    (finding,) = run.objects[0]["findings"]
    assert finding["code"] == "attestation.head-missing"
    assert f"the expected attestation {gone} is missing" in finding["message"]
    assert f"the register remembers it for {NAME}" in finding["message"]
    assert f"archtool holdings show {NAME}" in finding["hint"]
    assert run.objects[0]["verdict"]["trust"] == "broken"


def test_the_register_is_found_in_the_environment_and_in_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, register = registered(tmp_path)
    assert attest(package, register).code == 0
    cut_off_newest(package)
    monkeypatch.setenv("ARCHTOOL_REGISTER", str(register))
    assert archtool("verify", package).code == 1
    monkeypatch.delenv("ARCHTOOL_REGISTER")
    config = tmp_path / "config.toml"
    config.write_text(f'register = "{register}"\n')
    monkeypatch.setenv("ARCHTOOL_CONFIG", str(config))
    assert archtool("verify", package).code == 1
    assert archtool("verify", package, "--no-register").code == 0
    assert archtool("verify", package, "--register", "").code == 0


def test_a_folder_is_no_register_and_is_not_left_out_in_silence(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    for register in (".", str(tmp_path)):
        run = archtool("verify", package, "--register", register, "--json")
        assert run.codes == ["register.not-read"]
        assert "is a folder, not a register" in run.objects[0]["findings"][0]["message"]


def test_a_package_is_found_through_a_link_and_as_a_relative_path(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    link = tmp_path / "link"
    link.symlink_to(package)
    for path, folder in ((link, None), (Path("package"), tmp_path)):
        run = archtool("verify", path, "--register", register, "--json", cwd=folder)
        assert run.objects[0]["facts"]["register"]["holding"] == NAME


@pytest.mark.parametrize("state", ["missing", "not a register", "locked", "newer"])
def test_verify_warns_if_the_configured_register_cannot_be_read(
    tmp_path: Path, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archtool.operations.holdings.registered_heads.READ_WAIT_SECONDS", 0.0)
    package, register = registered(tmp_path)
    locker = spoil(register, state)
    run = archtool("verify", package, "--register", register, "--json")
    strict = archtool("verify", package, "--register", register, "--strict")
    if locker is not None:
        locker.close()
    assert run.codes == ["register.not-read"]
    assert "the expected head was not taken from the register" in run.objects[0]["findings"][0]["message"]
    assert (run.code, strict.code) == (0, 1)
    assert run.objects[0]["verdict"]["bag"] == "valid"


def spoil(register: Path, state: str) -> sqlite3.Connection | None:
    """Make a register unusable; returns the connection that locks it."""
    if state == "missing":
        register.unlink()
        return None
    if state == "not a register":
        register.write_text("no register\n")
        return None
    connection = sqlite3.connect(register, isolation_level=None)
    if state == "newer":
        connection.execute("PRAGMA user_version = 99")
        connection.close()
        return None
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    return connection


def test_a_missing_register_that_the_configuration_names_is_a_warning_of_verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = make_package(tmp_path)
    config = tmp_path / "config.toml"
    config.write_text('register = "gone.register"\n')
    monkeypatch.setenv("ARCHTOOL_CONFIG", str(config))
    run = archtool("verify", package, "--json")
    assert (run.code, run.codes) == (0, ["register.not-read"])
    said = archtool("verify", package).said()
    assert f"create one with: archtool holdings init {tmp_path / 'gone.register'}" in said
    assert "make the register readable" not in said


@pytest.mark.parametrize("state", ["missing", "not a register", "newer"])
def test_attest_signs_nothing_if_the_register_cannot_be_used(tmp_path: Path, state: str) -> None:
    package, register = registered(tmp_path)
    spoil(register, state)
    run = attest(package, register)
    assert run.code in (3, 5)
    assert "--no-register" in run.said()
    assert head_on_shelf(package).attestation == "0001-packaging"
    assert attest(package, register, "--no-register").code == 0


def test_the_head_that_the_user_expects_precedes_that_of_the_register(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    first = str(head_on_shelf(package))
    assert attest(package, register).code == 0
    agreed = archtool("verify", package, "--register", register, "--expect-head", first, "--json")
    assert (agreed.code, agreed.codes) == (0, [])
    gone = cut_off_newest(package)
    run = archtool("verify", package, "--register", register, "--expect-head", first, "--json")
    assert (run.code, run.codes) == (0, ["register.head-contradicted"])
    assert gone in run.objects[0]["findings"][0]["message"]
    ignored = archtool(
        "verify", package, "--register", register, "--expect-head", first, "--ignore", "register", "--json"
    )
    assert ignored.codes == []


def test_attest_refuses_a_package_that_lacks_the_remembered_attestation(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    assert attest(package, register).code == 0
    remembered = recorded_head(register)
    cut_off_newest(package)
    run = attest(package, register)
    assert run.code == 1
    assert f"the register remembers it for {NAME}" in run.said()
    assert head_on_shelf(package).attestation == "0001-packaging"
    assert recorded_head(register) == remembered


def test_verify_attest_records_the_head_of_each_package(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    others = [shutil.copytree(package, tmp_path / f"other-{number}") for number in range(1, 4)]
    with open_register(register) as opened:
        head = str(head_on_shelf(package))
        opened.append(*(ingestion(n, place=str(other), head=head) for n, other in enumerate(others, 1)))
    key = write_key(tmp_path)
    run = archtool("verify", package, *others, "--register", register, "--attest", key, "--jobs", "2")
    assert run.code == 0, run.err
    with open_register(register, read_only=True) as opened:
        heads = {f"letters-{n}": find_holding(opened.connection, f"letters-{n}").head for n in range(4)}
    assert heads == {f"letters-{n}": str(head_on_shelf(p)) for n, p in enumerate([package, *others])}


def test_verify_attest_does_not_attest_a_package_that_was_cut_off(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    assert attest(package, register).code == 0
    remembered = recorded_head(register)
    cut_off_newest(package)
    key = write_key(tmp_path)
    run = archtool("verify", package, "--register", register, "--attest", key, "--json")
    assert run.code == 1
    assert run.objects[0]["facts"]["recorded"]["recorded"] is False
    assert recorded_head(register) == remembered


def test_a_sidecar_beside_an_archive_has_its_head_in_the_register_too(tmp_path: Path) -> None:
    folder = make_package(tmp_path)
    archive = tmp_path / "letter.tar"
    made = archtool("pack", tmp_path / "sources" / "description.yaml", "-o", archive)
    assert made.code == 0
    with make_register(tmp_path) as register:
        register.append(ingestion(0, place=str(archive), place_kind="archive"))
    assert archtool(
        "attest", archive, "--sign", write_key(tmp_path), "--event", "packaging", "--register", register.path
    ).code == 0  # fmt: skip
    assert recorded_head(register.path) == str(head_beside(archive))
    shutil.rmtree(tmp_path / "letter.tar.attestations")
    run = archtool("verify", archive, "--register", register.path, "--json")
    assert run.codes == ["attestation.head-missing"]
    assert folder.is_dir()


def head_beside(archive: Path) -> ChainHead:
    newest = sorted(archive.with_name(f"{archive.name}.attestations").iterdir())[-1]
    return ChainHead.of(newest.name, (newest / "sha512sums.txt").read_bytes())


def test_record_head_records_an_attestation_that_was_made_without_the_register(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    assert attest(package, register, "--no-register").code == 0
    run = archtool("holdings", "record-head", package, "--register", register, "--agent", "Jane Doe")
    assert run.code == 0
    assert run.out == f"the head of {NAME} is recorded: {head_on_shelf(package)}\n"
    (event,) = attestation_events(register)
    assert '"agent":"Jane Doe"' in event
    again = archtool("holdings", "record-head", package, "--register", register)
    assert again.code == 0
    assert len(attestation_events(register)) == 1


def test_record_head_keeps_what_the_register_remembers_of_a_package_that_was_cut_off(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    assert attest(package, register).code == 0
    remembered = recorded_head(register)
    cut_off_newest(package)
    run = archtool("holdings", "record-head", package, "--register", register, "--json")
    assert (run.code, run.codes) == (1, ["audit.attestations-cut-off"])
    assert recorded_head(register) == remembered


def test_record_head_says_that_a_package_is_not_registered_or_not_attested(tmp_path: Path) -> None:
    package, register = registered(tmp_path, signed=False)
    run = archtool("holdings", "record-head", package, "--register", register)
    assert run.code == 3
    assert "has no attestation" in run.err
    other = shutil.copytree(package, tmp_path / "other")
    key = write_key(tmp_path)
    assert archtool("attest", other, "--sign", key, "--event", "packaging").code == 0
    run = archtool("holdings", "record-head", other, "--register", register)
    assert run.code == 3
    assert "is not registered" in run.err


def test_pack_warns_that_a_registered_package_was_replaced(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    (tmp_path / "sources" / "letter.txt").write_text("Another letter.\n")
    description = tmp_path / "sources" / "description.yaml"
    run = archtool("pack", description, "-o", package, "--force", "--register", register)
    assert run.code == 0
    assert f"the register still has the old manifests of {NAME}" in run.said()
    assert f"archtool holdings update {NAME}" in run.said()


def test_pack_warns_only_if_the_new_package_differs_from_the_registered_one(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    manifest = hashlib.sha512((package / "manifest-sha512.txt").read_bytes()).hexdigest()
    known = {"manifests": {"manifest-sha512.txt": f"sha512:{manifest}"}, "head": str(head_on_shelf(package))}
    with make_register(tmp_path) as register:
        register.append(ingestion(0, place=str(package), **known))
    again = ["pack", tmp_path / "sources" / "description.yaml", "-o", package, "--force", "--json"]
    again += ["--register", register.path]
    key = write_key(tmp_path)
    assert archtool(*again, "--sign", key, "--date", DATE).codes == []
    (finding,) = archtool(*again, "--sign", key, "--date", "2026-11-23").objects[0]["findings"]
    assert f"the register still has the old head of {NAME}" in finding["message"]


@needs_ssh_keygen
def test_the_head_in_the_register_is_the_digest_of_the_list_that_ssh_keygen_checks(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    assert attest(package, register).code == 0
    name, _, digest = (recorded_head(register) or "").partition(" sha512:")
    sums = package / "attestations" / name / "sha512sums.txt"
    assert hashlib.sha512(sums.read_bytes()).hexdigest() == digest
    (signature,) = sums.parent.glob("*.sig")
    checked = subprocess.run(
        ["ssh-keygen", "-Y", "check-novalidate", "-n", "archtool", "-s", signature],
        input=sums.read_bytes(), capture_output=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr


def test_attestations_by_two_runs_are_recorded_in_the_order_of_the_chain(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    first = head_on_shelf(package)
    assert attest(package, register, "--no-register").code == 0
    second = head_on_shelf(package)
    assert attest(package, register, "--no-register").code == 0
    third = head_on_shelf(package)
    recorder = HeadRecorder(register, "archtool 0.1.0", lambda: DAY_0)
    signers = (("archivist@example.org", "SHA256:x"),)
    late = NewHead(package, second, "countersignature", signers, first)
    early = NewHead(package, third, "countersignature", signers, second)
    assert recorder.record([early])[0].head == third  # the later attestation is recorded first
    assert recorder.record([late])[0].head == third
    assert recorded_head(register) == str(third)
    assert len(attestation_events(register)) == 2


def test_a_head_that_another_run_will_record_is_left_to_that_run(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    assert attest(package, register, "--no-register").code == 0
    second = head_on_shelf(package)
    assert attest(package, register, "--no-register").code == 0
    third = head_on_shelf(package)
    recorder = HeadRecorder(register, "archtool 0.1.0", lambda: DAY_0)
    signers = (("archivist@example.org", "SHA256:x"),)
    assert recorder.record([NewHead(package, second, "countersignature", signers)])[0].head == second
    assert recorder.record([NewHead(package, third, "countersignature", signers)])[0].head == third
    assert len(attestation_events(register)) == 2


def test_an_attestation_stands_if_the_register_cannot_be_written_afterwards(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    first = head_on_shelf(package)
    recorder = HeadRecorder(register, "archtool 0.1.0", lambda: DAY_0, wait_seconds=0)
    recorder.check()
    locker = sqlite3.connect(register, isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    (recorded,) = recorder.record([NewHead(package, first, "packaging", (("a@example.org", "SHA256:x"),))])
    locker.close()
    assert recorded.finding is not None
    assert recorded.finding.code == "register.head-not-recorded"
    assert recorded.finding.exit_code == 5
    assert "0001-packaging is in place" in recorded.finding.message
    assert "archtool holdings record-head" in (recorded.finding.hint or "")


def test_a_page_states_that_attestations_are_gone_which_the_register_knows(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    assert attest(package, register).code == 0
    page = tmp_path / "page.html"
    options = ("report", package, "-o", page, "--force", "--register", register)
    assert archtool(*options).code == 0
    assert "whether the newest attestations were removed" not in page.read_text(encoding="utf-8")
    cut_off_newest(package)
    assert archtool(*options).code == archtool("verify", package, "--register", register).code == 1
    assert "attestation.head-missing" in page.read_text(encoding="utf-8")
