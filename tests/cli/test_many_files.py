"""Many files are copied by several processes: none is lost, and each is recognised by its bytes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archtool.files.workers.parallel import can_fork
from command_line import archtool
from packages import pack, tree_bytes, write_letter

COUNT = 300
SCANS = "files: [{ file: scans/, role: facsimile }]\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01"


@pytest.fixture
def letter(letters: Path) -> Path:
    (letters / "scans").mkdir()
    for number in range(COUNT):
        path = letters / "scans" / f"{number:03}"  # no ending: only the bytes show the format
        path.write_bytes(JPEG + bytes([number % 256]) * 2_000)
        os.utime(path, ns=(0, 479019967_000000000 + number))
    return write_letter(letters, SCANS)


def test_two_processes_make_the_package_that_one_makes(letter: Path, tmp_path: Path) -> None:
    assert can_fork()
    made = [tmp_path / f"by-{jobs}" for jobs in (1, 2)]
    for jobs, target in enumerate(made, 1):
        done = pack(letter, target, "--jobs", str(jobs))
        assert done.code == 0, done.err
    one, two = map(tree_bytes, made)
    assert one == two
    assert len([path for path in two if path.startswith("data/scans/")]) == COUNT
    assert b"image/jpeg" in two["metadata/provenance.json"]
    assert archtool("verify", made[1]).code == 0


def test_two_processes_keep_the_times_of_the_files(letter: Path, tmp_path: Path) -> None:
    done = pack(letter, tmp_path / "p", "--jobs", "2", "--keep-times")
    assert done.code == 0, done.err
    for number in (0, COUNT - 1):
        copy = tmp_path / "p" / "data" / "scans" / f"{number:03}"
        assert copy.stat().st_mtime_ns == 479019967_000000000 + number
