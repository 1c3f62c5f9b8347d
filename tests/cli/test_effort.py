"""`--jobs`, `--bwlimit` and `--nice`, and the findings shown during a long run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archtool.cli.terminal import progress_bar
from archtool.cli.terminal.progress_bar import ProgressBar
from archtool.findings import Finding, Severity
from command_line import archtool, archtool_process
from unit.bagit.bag_builders import bag_files, write_bag

PAYLOAD = {f"data/{n:03}": b"letter" * n for n in range(300)}


def test_verify_with_limits_and_low_priority_finds_the_same(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", bag_files(PAYLOAD))
    run = archtool_process("verify", "--jobs", "2", "--bwlimit", "500M", "--nice", "5", bag)
    assert (run.code, run.err) == (0, "")
    assert "300 files read" in run.out
    (bag / "data/007").write_bytes(b"changed")
    run = archtool_process("verify", "--jobs", "2", "--bwlimit", "1G", bag)
    assert run.code == 1
    assert "data/007" in run.out


@pytest.mark.parametrize("size", ["0", "-1", "fast", "1.5M", "M", "٣"])
def test_an_invalid_size_is_a_usage_error(size: str, tmp_path: Path) -> None:
    run = archtool("verify", f"--bwlimit={size}", tmp_path)
    assert run.code == 2
    assert f"not a size: {size!r}" in run.err


def test_the_version_is_the_same_with_and_without_click(tmp_path: Path) -> None:
    assert archtool_process("--version").out == archtool("--version").out
    assert archtool_process("--version", cwd=tmp_path).code == 0


@pytest.mark.parametrize("names", [["good"], ["good", "damaged", "nowhere"], ["damaged"], ["a b"]])
def test_bags_get_the_same_verdicts_with_and_without_options(names: list[str], tmp_path: Path) -> None:
    write_bag(tmp_path / "good", bag_files(PAYLOAD))
    write_bag(tmp_path / "a b", bag_files())
    damaged = write_bag(tmp_path / "damaged", bag_files(PAYLOAD))
    (damaged / "data/007").write_bytes(b"changed")
    short = archtool_process("verify", *names, cwd=tmp_path)
    shared = archtool_process("verify", "--jobs", "2", *names, cwd=tmp_path)
    long = archtool_process("verify", "--jobs=2", *names, cwd=tmp_path)
    assert (short.code, short.err) == (shared.code, shared.err) == (long.code, long.err)
    for run in (shared, long):
        assert short.out.rpartition("·")[0] == run.out.rpartition("·")[0], "all but the seconds"


def test_a_path_that_is_too_long_and_a_closed_pipe_have_their_exit_codes(tmp_path: Path) -> None:
    run = archtool_process("verify", "x" * 5000, cwd=tmp_path)
    assert (run.code, "Traceback" in run.err) == (3, False)
    bag = write_bag(tmp_path / "bag", bag_files(PAYLOAD))
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "archtool", "verify", str(bag)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(writing)
    assert (done.returncode, done.stderr) == (5, b""), "the pipe is closed: never exit code 0"


def found(number: int) -> Finding:
    return Finding("fixity.digest-mismatch", Severity.ERROR, f"data/{number} differs")


def test_damage_is_reported_while_the_rest_is_still_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [100.0]
    monkeypatch.setattr(progress_bar.time, "monotonic", lambda: now[0])
    bar = ProgressBar()
    bar.start("verifying", None)
    bar.report(found(1))
    assert capsys.readouterr().err == "", "a short run reports soon enough"
    now[0] += 2
    bar.advance(10)
    assert "archtool: found so far: data/1 differs" in capsys.readouterr().err
    for number in range(2, 40):
        bar.report(found(number))
    bar.finish()
    told = capsys.readouterr().err
    assert told.count("found so far") == progress_bar._MAX_EARLY_FINDINGS
    assert "more findings; all are listed at the end" in told


def test_findings_not_shown_by_the_end_are_left_to_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    bar = ProgressBar()
    bar.start("verifying", None)
    bar.report(found(1))
    bar.finish()
    bar.advance(1)
    assert capsys.readouterr().err == ""
