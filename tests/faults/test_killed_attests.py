"""An attestation that is killed or meets another one leaves a valid package and loses nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from archtool.files.lock import wait_for_lock
from budgets import sample
from command_line import DATE, archtool, assert_loc_agrees, unmeasured
from faults.test_killed_runs import limited_to
from packages import (
    ARCHIVIST,
    left_behind,
    make_package,
    pack,
    tree_bytes,
    write_allowed_signers,
    write_key,
    write_letter,
)

# kills the process just before its n-th change of the disk
_KILLED_AT = """
import atexit, os, signal, sys
left = int(sys.argv[1])
atexit.register(lambda: print("changes left:", left, file=sys.stderr))
CHANGES = {"os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.link", "os.chmod"}
def watch(event, arguments):
    global left
    is_write = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_CREAT)
    if event in CHANGES or is_write:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.argv = ["archtool", *sys.argv[2:]]
from archtool.cli.entry import run
sys.addaudithook(watch)
run()
"""
MOST_CHANGES = 60  # a run with more changes of the disk has a bug
KILLS = 10  # of about 18 changes: every second one, so that each state of the package occurs


def killed_at(count: int, *arguments: str | Path) -> int:
    """Run archtool and kill it at its n-th change of the disk; returns its exit code."""
    return _watched(count, *arguments).returncode


def kills_of(*arguments: str | Path) -> list[int]:
    """Return the changes of the disk at which to kill a command; at the last number it completes."""
    done = _watched(MOST_CHANGES, *arguments)
    assert done.returncode == 0, done.stderr
    count = MOST_CHANGES - int(done.stderr.rpartition("changes left: ")[2])
    assert 5 < count < MOST_CHANGES
    return [*sample(count, KILLS), count + 1]


def _watched(count: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", "-c", _KILLED_AT, str(count), *map(str, arguments)]
    done = subprocess.run(command, env=unmeasured(), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done


def attestation_names(package: Path) -> list[str]:
    return sorted(path.name for path in (package / "attestations").iterdir())


@pytest.mark.parametrize("is_first", [False, True], ids=["later", "first"])
def test_a_run_killed_at_any_change_of_the_disk_leaves_a_valid_package_that_the_next_run_finishes(
    tmp_path: Path, *, is_first: bool
) -> None:
    original = make_package(tmp_path, signed=not is_first)
    (tmp_path / "work").mkdir()
    package = tmp_path / "work" / "package"
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    attesting = ["attest", package, "--sign", write_key(tmp_path), "--event", "validation", "--date", DATE]
    shutil.copytree(original, package)
    kills = kills_of(*attesting)
    old, new = tree_bytes(original), tree_bytes(package)
    states, codes = [], []
    for count in kills:
        shutil.rmtree(package)
        shutil.copytree(original, package)
        codes.append(killed_at(count, *attesting))
        states.append(tree_bytes(package))
        assert "bag valid · content consistent" in archtool("verify", package).out
        assert_loc_agrees(package)
        is_signed_for = any((tmp_path / "work").glob(".archtool-*/receipt"))
        assert archtool(*attesting).code == 0
        # an interrupted attestation is finished and not repeated, also if all its files were in place; only a
        # finished one is followed by another
        made = [name for name in attestation_names(package) if name.endswith("-validation")]
        assert len(made) == (2 if states[-1] == new and not is_signed_for else 1)
        assert archtool("verify", package, "--trust", trust, "--strict").code == 0
        assert left_behind(tmp_path / "work") == []
    assert old in states
    assert new in states
    assert any(state not in (old, new) for state in states)
    assert codes == [-signal.SIGKILL] * (len(kills) - 1) + [0]


def test_an_interrupted_attestation_is_finished_by_the_same_command_and_not_repeated(
    tmp_path: Path,
) -> None:
    package = make_package(tmp_path)
    old = (package / "tagmanifest-sha512.txt").read_bytes()
    attesting = ["attest", package, "--sign", write_key(tmp_path), "--event", "validation", "--date", DATE]
    assert archtool(*attesting).code == 0
    complete = tree_bytes(package)
    (package / "tagmanifest-sha512.txt").write_bytes(old)
    assert archtool("verify", package).code == 0
    done = archtool(*attesting)
    assert done.code == 0
    assert "0002-validation was left incomplete by an interrupted run and is now complete" in done.said()
    assert tree_bytes(package) == complete
    (package / "tagmanifest-sha512.txt").write_bytes(old)
    other = archtool("attest", package, "--sign", write_key(tmp_path), "--event", "repair", "--date", DATE)
    assert other.code == 0
    assert attestation_names(package) == ["0001-packaging", "0002-validation", "0003-repair"]
    assert archtool("verify", package, "--strict").code == 0


def test_a_merge_killed_at_any_change_of_the_disk_is_resumed_by_the_next(tmp_path: Path) -> None:
    """Each attestation of package or sidecar is in at least one of them at any time."""
    original, key = make_package(tmp_path), write_key(tmp_path)
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    for event in ("validation", "repair"):
        sidecar = ["--sidecar", tmp_path / "package.attestations"]
        assert archtool("attest", original, "--sign", key, "--event", event, *sidecar).code == 0
    work = tmp_path / "work"

    def fresh() -> None:
        shutil.rmtree(work, ignore_errors=True)
        for name in ("package", "package.attestations"):
            shutil.copytree(tmp_path / name, work / name)

    fresh()
    kills = kills_of("attest", work / "package", "--merge-sidecar")
    codes = []
    for count in kills:
        fresh()
        codes.append(killed_at(count, "attest", work / "package", "--merge-sidecar"))
        result = archtool("verify", work / "package", "--trust", trust)
        assert (result.code, "trust trusted" in result.out) == (0, True), result.said()
        assert "0003-repair" in result.out
        assert_loc_agrees(work / "package")
        if (work / "package.attestations").exists():
            assert archtool("attest", work / "package", "--merge-sidecar").code == 0
        assert archtool("verify", work / "package", "--trust", trust, "--strict").code == 0
        assert attestation_names(work / "package") == ["0001-packaging", "0002-validation", "0003-repair"]
        assert not (work / "package.attestations").exists()
    assert codes == [-signal.SIGKILL] * (len(kills) - 1) + [0]


def start(*arguments: str | Path) -> subprocess.Popen[bytes]:
    command: Sequence[str] = [sys.executable, "-m", "archtool", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=unmeasured())


def test_concurrent_attestations_are_all_added(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    key = write_key(tmp_path)
    events = ["validation", "repair", "x-one", "x-two"]
    runs = [start("attest", package, "--sign", key, "--event", event, "--wait", "60") for event in events]
    for run in runs:
        _, err = run.communicate(timeout=60)
        assert run.returncode == 0, err.decode()
    names = attestation_names(package)
    assert [name[:4] for name in names] == ["0001", "0002", "0003", "0004", "0005"]
    assert {name[5:] for name in names} == {"packaging", *events}
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert archtool("verify", package, "--trust", trust, "--strict").code == 0
    assert left_behind(tmp_path) == []


def test_a_waiting_run_reports_the_process_that_has_locked_the_package(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(package)
    attesting = ["attest", package, "--sign", write_key(tmp_path), "--event", "validation"]
    with wait_for_lock(package, 0, print):
        done = archtool(*attesting, "--wait", "0.2")
    assert done.code == 5
    assert f"waiting for another run (process {os.getpid()}), which has locked" in done.err
    assert f"is locked by another run (process {os.getpid()}); nothing was changed" in done.said()
    assert "--wait SECONDS" in done.err
    assert tree_bytes(package) == before


def test_a_package_that_is_being_attested_is_not_replaced(tmp_path: Path, letters: Path) -> None:
    package = make_package(tmp_path)
    with wait_for_lock(package, 0, print):
        done = pack(write_letter(letters, text="Another.\n"), package, "--force")
    assert done.code == 5
    assert "is being changed by another run; it was not replaced" in done.said()
    assert (package / "data" / "letter.txt").read_text() == "To the sections.\n"


def test_a_full_disk_leaves_the_package_unchanged(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(package)
    command = [sys.executable, "-B", "-m", "archtool", "attest", str(package), "--sign",
               str(write_key(tmp_path)), "--event", "validation"]  # fmt: skip
    done = subprocess.run(
        command, preexec_fn=lambda: limited_to(300), env=unmeasured(), capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 5, done.stderr
    assert "cannot write" in done.stderr
    assert tree_bytes(package) == before
    assert left_behind(tmp_path) == []
