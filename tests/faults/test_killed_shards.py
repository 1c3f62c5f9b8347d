"""Shares of a batch in concurrent processes, some of which are killed."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from archtool.batch.journal.journal import journal_name
from archtool.batch.journal.shards import Shard
from batches import batch, packages_in, write_letters
from command_line import ARCHTOOL, unmeasured
from packages import left_behind

NAMES = [f"letter-{number:02}" for number in range(40)]


def start(source: Path, output: Path, shard: Shard, **more: str) -> subprocess.Popen[bytes]:
    command = [*ARCHTOOL, "batch", str(source), "-o", str(output), "--shard", str(shard), "--jobs", "1"]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**unmeasured(), **more}
    )


def test_concurrent_shares_make_the_same_packages_as_one_run(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    runs = [start(source, output, Shard(number, 3)) for number in (1, 2, 3)]
    for run in runs:
        _, stderr = run.communicate(timeout=60)
        assert run.returncode == 0, stderr
    begun_at = {line.split('"begun_at":"')[1][:19] for line in journal_heads(output)}
    assert len(begun_at) == 1
    assert batch(source, tmp_path / "whole", "--date", f"{begun_at.pop()}Z").code == 0
    assert packages_in(output) == packages_in(tmp_path / "whole")


def journal_heads(output: Path) -> list[str]:
    return [path.read_text().splitlines()[0] for path in output.glob("batch-journal*")]


def test_a_killed_share_is_resumed_while_another_share_runs(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    dated = {"SOURCE_DATE_EPOCH": "1795348800"}
    with (
        start(source, output, Shard(1, 2), **dated) as killed,
        start(source, output, Shard(2, 2), **dated) as other,
    ):
        while killed.poll() is None and not list(output.glob("letter-*")):
            os.sched_yield()
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        with start(source, output, Shard(1, 2), **dated) as again:
            _, stderr = again.communicate(timeout=60)
            assert again.returncode == 0, stderr
        other.communicate(timeout=60)
        assert other.returncode == 0
    assert batch(source, tmp_path / "whole", "--date", "2026-11-22T12:00:00Z").code == 0
    assert packages_in(output) == packages_in(tmp_path / "whole")
    assert left_behind(output) == []


def test_an_incomplete_journal_of_a_share_can_be_resumed(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES[:6]), tmp_path / "out"
    for number in (1, 2):
        assert batch(source, output, "--shard", f"{number}/2", "--jobs", "2").code == 0
    journal = output / journal_name(Shard(1, 2))
    whole = journal.read_bytes()
    journal.write_bytes(whole[: len(whole) // 2])
    for options in (["--shard", "2/2"], ["--shard", "1/2"], []):
        assert batch(source, output, *options).code == 0
    assert journal.read_bytes().startswith(whole[: whole[: len(whole) // 2].rindex(b"\n") + 1])
    assert batch(source, tmp_path / "whole").code == 0
    assert packages_in(output) == packages_in(tmp_path / "whole")
