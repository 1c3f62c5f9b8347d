"""Another program, such as an antivirus, blocks renames and removals for a moment, or for good."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archives import serialise
from command_line import DATE, Run, archtool, unmeasured
from packages import left_behind, make_package, pack, tree_bytes, write_key, write_letter

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
_RENAMES = "rename,renameat,renameat2"


def archtool_with(fault: str, *arguments: str | Path) -> Run:
    """Run a command in which system calls fail: `CALLS:error=NUMBER:when=WHICH`, see strace(1)."""
    calls, settings = fault.partition(":")[0], {**unmeasured(), "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}",
         "-e", "signal=none", "-e", f"inject={fault}",
         sys.executable, "-m", "archtool", *map(str, arguments)],
        capture_output=True, text=True, timeout=120, check=False, env=settings,
    )  # fmt: skip
    return Run(ended.returncode, ended.stdout, ended.stderr)


@pytest.mark.parametrize("error", ["EBUSY", "ESTALE", "ETXTBSY"])
def test_a_package_appears_when_a_blocked_rename_is_free_again(
    tmp_path: Path, letters: Path, error: str
) -> None:
    description = write_letter(letters)
    fault = f"{_RENAMES}:error={error}:when=1..3"
    result = archtool_with(fault, "pack", description, "-o", tmp_path / "package", "--date", DATE)
    assert (result.code, result.err) == (0, "")
    assert archtool("verify", tmp_path / "package").code == 0
    assert left_behind(tmp_path) == []


def test_an_old_package_is_replaced_when_a_blocked_exchange_is_free_again(
    tmp_path: Path, letters: Path
) -> None:
    package = make_package(tmp_path)
    description = write_letter(letters, text="Another text.\n")
    fault = "renameat2,unlink,unlinkat,rmdir:error=EBUSY:when=2..4"
    assert archtool_with(fault, "pack", description, "-o", package, "--date", DATE, "--force").code == 0
    assert (package / "data" / "letter.txt").read_text() == "Another text.\n"
    assert left_behind(tmp_path) == []


def test_an_attestation_is_added_when_a_blocked_rename_is_free_again(tmp_path: Path) -> None:
    package, key = make_package(tmp_path), write_key(tmp_path)
    options = ("--sign", key, "--event", "fixity-check", "--date", DATE)
    result = archtool_with(f"{_RENAMES}:error=EBUSY:when=1..2", "attest", package, *options)
    assert result.code == 0, result.err
    assert archtool("verify", package).code == 0
    assert left_behind(tmp_path) == []


def test_an_archive_is_unpacked_when_a_blocked_rename_is_free_again(tmp_path: Path) -> None:
    archive = serialise(tree_bytes(make_package(tmp_path)), tmp_path / "package.tar")
    result = archtool_with(f"{_RENAMES}:error=EBUSY:when=1..2", "unpack", archive, "-o", tmp_path / "out")
    assert result.code == 0, result.err
    assert archtool("verify", tmp_path / "out").code == 0


def test_a_forbidden_rename_is_not_repeated(tmp_path: Path, letters: Path) -> None:
    description, started = write_letter(letters), time.monotonic()
    fault = f"{_RENAMES}:error=EACCES:when=1+"
    result = archtool_with(fault, "pack", description, "-o", tmp_path / "package", "--date", DATE)
    assert result.code == 5
    assert "Permission denied" in result.err
    assert "permissions" in result.err
    assert time.monotonic() - started < 8
    assert left_behind(tmp_path) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount")
def test_a_mount_point_is_not_replaced_and_the_error_names_it(tmp_path: Path, letters: Path) -> None:
    package, started = make_package(tmp_path), time.monotonic()
    before = tree_bytes(package)
    shutil.copytree(package, tmp_path / "copy")
    if subprocess.run(["mount", "-t", "tmpfs", "none", package], check=False, capture_output=True).returncode:
        pytest.skip("this container cannot mount")
    try:
        shutil.copytree(tmp_path / "copy", package, dirs_exist_ok=True)
        result = pack(write_letter(letters), package, "--force")
    finally:
        subprocess.run(["umount", package], check=True)
    assert result.code == 5
    assert "it is a mount point" in result.err
    assert "choose a target that is not a mount point" in result.err
    assert time.monotonic() - started < 8
    assert tree_bytes(package) == before
