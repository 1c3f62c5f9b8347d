"""A run that is killed or meets a full disk leaves the target unchanged."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

from command_line import DATE, archtool, unmeasured
from packages import left_behind, make_package, pack, tree_bytes, write_letter

KILLS = 12


def start_pack(description: Path, target: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "archtool", "pack", str(description), "-o", str(target), "--date", DATE]
    return subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=unmeasured()
    )


def test_a_run_killed_at_any_instant_leaves_the_old_package_or_the_new_one(
    tmp_path: Path, letters: Path
) -> None:
    """The kills are at random instants within the duration of a complete run."""
    package = make_package(tmp_path)
    old = tree_bytes(package)
    description = write_letter(letters, text="Another text.\n")
    started = time.monotonic()
    with start_pack(description, tmp_path / "new") as undisturbed:
        assert undisturbed.wait(timeout=60) == 0
    whole_run_seconds = time.monotonic() - started
    new = tree_bytes(tmp_path / "new")
    instants = random.Random(1932)  # noqa: S311 - repeatable, no secret
    for _ in range(KILLS):
        with start_pack(description, package, "--force") as process:
            time.sleep(instants.random() * whole_run_seconds)
            process.send_signal(signal.SIGKILL)
        assert tree_bytes(package) in (old, new)
    assert pack(description, package, "--force").code == 0
    assert tree_bytes(package) == new
    assert left_behind(tmp_path) == []


def test_leftovers_of_a_killed_run_are_removed_by_the_next(tmp_path: Path, letters: Path) -> None:
    description = write_letter(letters)
    text = (letters / "letter.txt").read_bytes()
    with (letters / "letter.txt").open("wb") as big:
        big.truncate(3 << 30)
    with start_pack(description, tmp_path / "package", "--no-sync") as process:
        while process.poll() is None and not left_behind(tmp_path):
            os.sched_yield()
        process.kill()
    assert left_behind(tmp_path) != []
    (letters / "letter.txt").write_bytes(text)
    assert pack(description, tmp_path / "package").code == 0
    assert left_behind(tmp_path) == []


def limited_to(size_bytes: int) -> None:
    """Make every write past this size fail, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, size_bytes))


def test_a_write_that_fails_leaves_no_folder_behind(tmp_path: Path, letters: Path) -> None:
    description = write_letter(letters, text="To the sections.\n" * 50_000)
    command = [sys.executable, "-m", "archtool", "pack", str(description), "-o", str(tmp_path / "package")]
    done = subprocess.run(
        command,
        preexec_fn=lambda: limited_to(200_000),
        env=unmeasured(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 5, done.stderr
    assert "cannot write" in done.stderr
    assert "hint: allow larger files" in done.stderr
    assert not (tmp_path / "package").exists()
    assert left_behind(tmp_path) == []


def test_concurrent_runs_for_one_target_make_one_complete_package(tmp_path: Path, letters: Path) -> None:
    description = write_letter(letters)
    runs = [start_pack(description, tmp_path / "package") for _ in range(4)]
    codes = sorted(run.wait(timeout=60) for run in runs)
    for run in runs:
        run.communicate()
    assert codes.count(0) == 1
    assert set(codes) <= {0, 2, 5}
    assert archtool("verify", tmp_path / "package").code == 0
    assert left_behind(tmp_path) == []
