"""Failures around a batch: reserved names, links, damaged packages, full disks, closed pipes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archtool.batch.journal.journal import JOURNAL_NAME
from batches import batch, batch_of, endings, write_letters
from command_line import DATE, archtool
from packages import write_key

LINE = {
    "archtool": 1, "title": "A", "transcription": "letter.txt", "language": "en", "source": "Cahiers.",
    "rights": {"original": "UND", "package": "CC0-1.0"},
}  # fmt: skip


def write_lines(folder: Path, *ids: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "letter.txt").write_text("To the sections.\n")
    path = folder / "letters.jsonl"
    path.write_text("".join(json.dumps({**LINE, "id": name}) + "\n" for name in ids))
    return path


@pytest.mark.parametrize(
    "name",
    [
        "batch-journal.jsonl", "batch-journal.1-of-2.jsonl", "Batch-Journal.JSONL", "p.attestations",
        ".archtool-p", "p.predecessor-1",
    ],
)  # fmt: skip
def test_a_package_never_has_a_name_that_archtool_uses_itself(tmp_path: Path, name: str) -> None:
    source = write_lines(tmp_path / "sources", "good", name)
    seen = batch(source, tmp_path / "out")
    assert (seen.code, endings(seen)["good"]) == (6, ("done", 0))
    assert endings(seen)[name] == ("failed", 3)
    assert endings(batch(source, tmp_path / "out"))["good"] == ("left", 0)


def test_a_package_named_like_the_sidecar_of_another_is_refused(tmp_path: Path) -> None:
    output = tmp_path / "out"
    batch(write_lines(tmp_path / "sources", "p", "p.attestations"), output)
    assert archtool("verify", output / "p").code == 0


@pytest.mark.parametrize("how", ["table", "lines"])
def test_a_folder_of_a_row_that_is_a_link_is_not_followed(tmp_path: Path, how: str) -> None:
    outside = write_letters(tmp_path / "elsewhere", "secret") / "secret"
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "linked").symlink_to(outside)
    if how == "table":
        source = sources / "letters.csv"
        source.write_text(
            "package,folder,title,source,transcription,rights.original\np,linked,A,Cahiers,letter.txt,UND\n"
        )
    else:
        source = sources / "letters.jsonl"
        source.write_text(json.dumps({"package": "p", "folder": "linked", "description": LINE}) + "\n")
    seen = batch(source, tmp_path / "out")
    assert (seen.code, (tmp_path / "out" / "p").exists()) == (6, False)
    assert "links are not followed" in seen.said()


def test_packages_without_their_bagit_txt_are_not_skipped(tmp_path: Path) -> None:
    output = tmp_path / "out"
    batch(write_letters(tmp_path / "letters", "a", "b", "c", "d", "e"), output)
    (output / "b" / "bagit.txt").unlink()
    (output / "c" / "bagit.txt").rename(output / "c" / "BAGIT.TXT")
    shutil.rmtree(output / "d")
    for path in (output / "e").iterdir():
        shutil.rmtree(path) if path.is_dir() and path.name != "data" else path.is_file() and path.unlink()
    seen = batch_of("verify", output, tmp_path / "checks")
    assert seen.code == 6
    assert {job: code for job, (_, code) in endings(seen).items()} == {"a": 0, "b": 1, "c": 1, "d": 3, "e": 3}


def test_a_sidecar_without_its_package_is_not_skipped(tmp_path: Path) -> None:
    output, key = tmp_path / "out", write_key(tmp_path)
    batch(write_letters(tmp_path / "letters", "a", "b"), output)
    sidecar = output / "b.attestations"
    assert (
        archtool("attest", output / "b", "--event", "validation", "--sign", key, "--sidecar", sidecar).code
        == 0
    )
    shutil.rmtree(output / "b")
    (output / JOURNAL_NAME).unlink()
    seen = batch_of("verify", output, tmp_path / "checks")
    assert (seen.code, endings(seen)["b"]) == (6, ("failed", 3))
    assert "b.attestations holds the attestations of a package that is missing" in seen.said()


def test_a_temporary_failure_is_not_recorded_as_a_failed_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archtool.errors import StorageError
    from archtool.operations.pack import pack as packing

    source, output = write_letters(tmp_path / "letters", "a", "b"), tmp_path / "out"
    real = packing.pack

    def full_disk(request: packing.PackRequest) -> object:
        if request.target.name == "b":
            raise StorageError("cannot write b: No space left on device")
        return real(request)

    monkeypatch.setattr("archtool.batch.tasks.pack.pack", full_disk)
    assert endings(batch(source, output, "--jobs", "1")) == {"a": ("done", 0), "b": ("failed", 5)}
    monkeypatch.undo()
    assert endings(batch(source, output, "--jobs", "1")) == {"a": ("left", 0), "b": ("done", 0)}


def test_a_package_whose_last_flush_failed_still_belongs_to_the_batch(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    assert batch(source, output).code == 0
    journal = output / JOURNAL_NAME
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    for line in lines:  # the journal of a package that got its name just before the disk failed
        if line.get("ending"):
            line.update(ending="failed", exit_code=5)
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines if "complete" not in line))
    assert endings(batch(source, output)) == {"a": ("done", 0)}


def test_results_that_could_not_be_printed_are_not_failed_jobs(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a", "b"), tmp_path / "out"
    command = [sys.executable, "-m", "archtool", "batch", str(source), "-o", str(output), "--date", DATE]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 5
    again = batch(source, output)
    assert again.code == 0
    assert {ending for ending, _ in endings(again).values()} <= {"left", "done"}


FAILING_PIPE = """
import errno, os, sys
from multiprocessing.connection import Connection
from archtool.cli.main import run
parent, whole, sent = os.getpid(), Connection.send_bytes, []
def torn(self, data, *more):
    if (os.getpid() == parent) == (sys.argv[1] == "parent"):
        sent.append(data)
        if len(sent) == 1:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
    return whole(self, data, *more)
Connection.send_bytes = torn
run(sys.argv[2:])
"""


@pytest.mark.parametrize("side", ["parent", "worker"])
def test_a_batch_does_not_wait_for_a_job_that_was_never_submitted(tmp_path: Path, side: str) -> None:
    source, output = write_letters(tmp_path / "letters", "a", "b", "c"), tmp_path / "out"
    command = [
        sys.executable,
        "-c",
        FAILING_PIPE,
        side,
        "batch",
        str(source),
        "-o",
        str(output),
        "--jobs",
        "2",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 6
    ended = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(ended) == 3
    assert 5 in {one["exit_code"] for one in ended} <= {0, 5}
    assert archtool("batch", source, "-o", output, "--jobs", "1").code == 0


def test_files_that_a_run_could_not_remove_are_named_at_its_end(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    left = output / ".archtool-0123456789abcdef-0123456789ab.partial"
    left.mkdir(parents=True)
    seen = batch(source, output)
    assert (seen.code, f"{left} is left over and could not be removed" in seen.said()) == (0, True)


def test_two_signals_end_a_command_once_and_without_a_traceback(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    with (source / "a" / "letter.txt").open("wb") as big:
        big.truncate(64 * 1024 * 1024)
    command = [sys.executable, "-m", "archtool", "pack", str(source / "a" / "description.yaml")]
    command += ["-o", str(tmp_path / "package"), "--bwlimit", "5M"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for _ in range(600):
        if any(tmp_path.glob(".archtool-*/data/*")):
            break
        signal.sigtimedwait([], 0.02)
    for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGINT):
        os.kill(process.pid, number)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, b"Traceback" in err) == (130, False)
    assert list(tmp_path.glob(".archtool-*")) == []


def test_printing_the_version_to_a_full_device_is_one_error(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "archtool", "--version"], stdout=full, stderr=subprocess.PIPE, check=False,
            cwd=tmp_path,
        )  # fmt: skip
    assert (done.returncode, done.stderr.count(b"\n"), b"Traceback" in done.stderr) == (5, 1, False)
