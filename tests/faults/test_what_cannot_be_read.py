"""Files that cannot be read are reported as unread: verdicts do not improve, and no file is called faulty."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import archtool.files.os_errors
from command_line import Run, archtool
from packages import ARCHIVIST, make_package, write_allowed_signers, write_key, write_letter
from unit.bagit.bag_builders import bag_files, write_bag
from unit.files.folders import as_nobody, give_to_nobody, public_folder

STATEMENT = "attestations/0001-packaging/statement.json"
LIST = "attestations/0001-packaging/sha512sums.txt"
BLAMING = ("missing", "broken", "not there", "differs", "invalid", "untrusted", "unsigned")


@pytest.fixture
def signed(tmp_path: Path) -> tuple[Path, Path]:
    """A signed package, and a list that trusts its signer."""
    return make_package(tmp_path), write_allowed_signers(tmp_path, ARCHIVIST)


def with_failing_disk(file: Path, *arguments: str | Path) -> Run:
    """Run archtool while each read of one file or folder fails with EIO."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed: no read can be made to fail")
    calls = "getdents64" if file.is_dir() else "read,readv,pread64"
    options = ["-f", "-qq", "-o", "/dev/null", "-P", str(file), "-e", f"inject={calls}:error=EIO"]
    command = [strace, *options, sys.executable, "-m", "archtool", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "ptrace" in done.stderr or "PTRACE" in done.stderr:
        pytest.skip("this machine does not let strace attach")
    return Run(done.returncode, done.stdout, done.stderr)


def verdicts(run: Run) -> tuple[str, str, str]:
    verdict = json.loads(run.out)["verdict"]
    return verdict["bag"], verdict["content"], verdict["trust"]


def findings_of(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run.out)["findings"]
    return found


@pytest.mark.parametrize(
    "path", [STATEMENT, LIST, "metadata/citation.json", "manifest-sha512.txt", "bagit.txt", "attestations"]
)
def test_a_failing_disk_under_a_tag_file_ends_with_5_and_blames_no_file(
    path: str, signed: tuple[Path, Path]
) -> None:
    package, allowed = signed
    result = with_failing_disk(package / path, "verify", package, "--trust", allowed, "--json")
    assert (result.code, verdicts(result)[0], verdicts(result)[2]) == (5, "unreadable", "unreadable")
    messages = [finding["message"] for finding in findings_of(result) if finding["severity"] == "error"]
    assert messages
    assert all("Input/output error" in message for message in messages)
    assert "check the disk" in str(findings_of(result)[0]["hint"])


def test_content_is_not_consistent_if_the_disk_fails_under_the_payload(signed: tuple[Path, Path]) -> None:
    package, allowed = signed
    letter = next(file for file in (package / "data").rglob("*") if file.is_file())
    result = with_failing_disk(letter, "verify", package, "--trust", allowed, "--json")
    assert (result.code, verdicts(result)[:2]) == (5, ("unreadable", "unreadable"))


def test_a_failing_disk_under_an_archive_ends_with_5(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    archive = Path(shutil.make_archive(str(tmp_path / "a"), "tar", package.parent, package.name))
    result = with_failing_disk(archive, "verify", archive, "--json")
    assert (result.code, verdicts(result)[0]) == (5, "unreadable")


@pytest.mark.parametrize("verb", ["show", "attest", "diff", "report"])
def test_other_commands_report_a_failing_disk(verb: str, signed: tuple[Path, Path], tmp_path: Path) -> None:
    package, _ = signed
    key = write_key(tmp_path, "curator@example.org")
    target = tmp_path / "page.html"
    more = {
        "attest": ["--sign", key, "--event", "validation"],
        "diff": [package],
        "report": ["-o", target],
    }.get(verb, [])
    result = with_failing_disk(package / STATEMENT, verb, package, *more)
    assert result.code == 5
    assert "Input/output error" in result.said()
    assert not (package / "attestations" / "0002-validation").exists()
    assert "not signed" not in result.out


@pytest.mark.parametrize("verb", ["show", "diff"])
def test_a_bag_whose_folder_cannot_be_listed_is_not_reported_without_bagit_txt(
    verb: str, tmp_path: Path
) -> None:
    bag = write_bag(tmp_path / "bag", bag_files())
    more = {"diff": [write_bag(tmp_path / "other", bag_files())]}.get(verb, [])
    result = with_failing_disk(bag, verb, bag, *more)
    assert result.code == 3
    assert "cannot be listed: Input/output error" in result.said()
    assert "bagit.txt" not in result.said()


def verify_as_nobody(package: Path, allowed: Path, closed: Sequence[str], *, folder: Path) -> Run:
    """Verify a copy of a package as a user who cannot read some of its files."""
    archtool(
        "verify", package, "--trust", allowed, "--json"
    )  # imports modules that only root can read on this machine
    shutil.copytree(package, folder / "package")
    shutil.copy(allowed, folder / "allowed")
    for path in closed:
        file = folder / "package" / path
        if not file.exists():
            file.write_text("instructions that nobody signed", encoding="utf-8")
        file.chmod(0)
    give_to_nobody(folder / "allowed")
    with as_nobody():
        return archtool("verify", folder / "package", "--trust", folder / "allowed", "--json")


@pytest.mark.parametrize("path", ["READ-ME-FIRST.txt", "metadata/more.txt", "attestations", STATEMENT, LIST])
def test_a_package_with_an_unreadable_tag_file_is_not_trusted(path: str, signed: tuple[Path, Path]) -> None:
    with public_folder() as folder:
        result = verify_as_nobody(*signed, [path], folder=folder)
        (folder / "package" / path).chmod(0o755)
    assert (result.code, verdicts(result)[0], verdicts(result)[2]) == (3, "unreadable", "unreadable")
    errors = [finding for finding in findings_of(result) if finding["severity"] == "error"]
    assert [error["message"].rpartition(": ")[2] for error in errors] == ["Permission denied"]


def test_a_policy_is_not_met_if_a_tag_file_cannot_be_read(signed: tuple[Path, Path]) -> None:
    package, allowed = signed
    policy = package.parent / "policy.yaml"
    policy.write_text("archtool-policy: 1\nclaims:\n  - { event: packaging, required: true }\n")
    command = ["verify", package, "--trust", allowed, "--policy", policy, "--json"]
    assert json.loads(archtool(*command).out)["verdict"]["policy"] == "met"
    result = with_failing_disk(package / STATEMENT, *command)
    assert json.loads(result.out)["verdict"]["policy"] == "not-met"


@pytest.mark.parametrize("name", ["letter.txt", "description.yaml"])
def test_a_source_that_cannot_be_read_is_reported_as_a_storage_error(name: str, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    description = write_letter(tmp_path / "letters")
    commands = {"check": ["check", description], "pack": ["pack", description, "-o", tmp_path / "package"]}
    for command in commands.values():
        result = with_failing_disk(tmp_path / "letters" / name, *command)
        assert result.code == 5, result.said()
        assert "cannot be read" in result.said()
        assert "check the disk" in result.said()


def test_a_folder_of_the_sources_that_cannot_be_listed_is_reported_as_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "letters" / "scans").mkdir(parents=True)
    description = write_letter(tmp_path / "letters")
    result = with_failing_disk(tmp_path / "letters" / "scans", "check", description)
    assert result.code == 5, result.said()
    assert "scans cannot be listed: Input/output error" in result.said()


def test_fetch_reports_a_folder_that_cannot_be_opened_as_a_storage_error(tmp_path: Path) -> None:
    files = {"data/letter.txt": b"To all."}
    bag = bag_files(files, extra={"fetch.txt": b"https://example.org/letter.txt 7 data/letter.txt\n"})
    root = write_bag(tmp_path / "bag", {path: data for path, data in bag.items() if path not in files})
    result = with_failing_disk(root / "data", "fetch", root)
    assert result.code == 5, result.said()
    assert "the folder data cannot be opened" in result.said()


def test_a_batch_retries_a_job_that_failed_because_of_the_disk(tmp_path: Path) -> None:
    (tmp_path / "letters" / "a").mkdir(parents=True)
    write_letter(tmp_path / "letters" / "a")
    command: list[str | Path] = ["batch", tmp_path / "letters", "-o", tmp_path / "packages", "--jobs", "1"]
    result = with_failing_disk(tmp_path / "letters" / "a" / "letter.txt", *command)
    assert (result.code, result.objects[0]["exit_code"]) == (6, 5)
    assert archtool(*command).code == 0


def test_an_unreadable_citation_is_not_reported_as_missing(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    result = with_failing_disk(package / "metadata" / "citation.json", "cite", package)
    assert (result.code, result.out) == (5, "")
    assert "metadata/citation.json cannot be read: Input/output error" in result.said()


def test_show_reports_an_unreadable_file_once(signed: tuple[Path, Path]) -> None:
    package, _ = signed
    premis = package / "metadata" / "premis.xml"
    result = with_failing_disk(premis, "show", package)
    assert result.code == 5
    assert result.said().count("metadata/premis.xml: could not be read") == 1


@pytest.mark.parametrize("folder_name", ["data", "metadata"])
def test_nothing_in_an_unreadable_folder_is_reported_as_missing_or_changed(
    folder_name: str, signed: tuple[Path, Path]
) -> None:
    package, allowed = signed
    with public_folder() as folder:
        verified = verify_as_nobody(package, allowed, [folder_name], folder=folder)
        (result,) = verified.objects
        assert (verified.code, result["verdict"]["bag"], result["verdict"]["content"]) == (
            3, "unreadable", "unreadable",
        )  # fmt: skip
        assert "is missing" not in json.dumps(result["findings"])
        with as_nobody():
            shown = archtool("show", folder / "package", "--trust", folder / "allowed")
        assert "bag.folder-unreadable" in shown.said()
        assert "is missing" not in shown.said()
        assert "BROKEN" not in shown.said()
        assert "without an archtool description" not in shown.said()


def test_a_package_folder_without_access_does_not_stop_the_verification_of_others(
    signed: tuple[Path, Path],
) -> None:
    package, allowed = signed
    with public_folder() as folder:
        shutil.copytree(package, folder / "closed")
        (folder / "closed").chmod(0)
        archtool("verify", package, package)  # imports modules that only root can read on this machine
        verify_as_nobody(package, allowed, [], folder=folder)
        with as_nobody():
            result = archtool("verify", folder / "closed", folder / "package", "--json")
        (folder / "closed").chmod(0o755)
    assert (result.code, [one["verdict"]["bag"] for one in result.objects]) == (3, ["unreadable", "valid"])
