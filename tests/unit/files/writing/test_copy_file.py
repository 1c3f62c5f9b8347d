from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archtool.errors import SourceChangedError, StorageError
from archtool.files.hashing.block_reader import BLOCK_BYTES
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.tree import NotAFileError, Tree
from archtool.files.writing.copy_file import copy_and_hash, hash_file
from unit.files.folders import as_nobody, make_files, open_handles, public_folder

LARGE = bytes(range(256)) * (BLOCK_BYTES // 256) * 2 + b"the end"
BOTH = (Algorithm.SHA256, Algorithm.SHA512)


class Meddler:
    """A sink that changes the source once while it is read."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.act: Callable[[], object] | None = act

    def update(self, data: memoryview, /) -> None:
        assert len(data)
        act, self.act = self.act, None
        if act is not None:
            act()


class Collector:
    """A sink that keeps the bytes it receives."""

    def __init__(self) -> None:
        self.data = b""

    def update(self, data: memoryview, /) -> None:
        self.data += bytes(data)


def test_digests_and_sinks_get_the_bytes_of_one_reading(tmp_path: Path) -> None:
    make_files(tmp_path, {"letter": LARGE})
    sink = Collector()
    with Tree(tmp_path) as tree:
        record = hash_file(tree, "letter", BOTH, [sink])
    assert (record.path, record.size_bytes, sink.data) == ("letter", len(LARGE), LARGE)
    assert record.digests == tuple(digest_bytes(a, LARGE) for a in BOTH)


def test_a_copy_has_the_bytes_and_the_time_of_the_source(tmp_path: Path) -> None:
    source = make_files(tmp_path / "source", {"a/letter": LARGE, "empty": b""})
    os.utime(source / "a" / "letter", ns=(1, 1_234_567_890_123_456_789))
    with Tree(source) as tree:
        record = copy_and_hash(tree, "a/letter", tmp_path / "to" / "a" / "letter", BOTH)
        empty = copy_and_hash(tree, "empty", tmp_path / "to" / "empty", BOTH)
    copy = tmp_path / "to" / "a" / "letter"
    assert copy.read_bytes() == LARGE
    assert copy.stat().st_mtime_ns == 1_234_567_890_123_456_789
    assert record.digest(Algorithm.SHA256) == digest_bytes(Algorithm.SHA256, LARGE)
    assert empty.size_bytes == (tmp_path / "to" / "empty").stat().st_size == 0


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def shrink(path: Path) -> None:
    os.truncate(path, BLOCK_BYTES)


def rewrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"other")
    os.utime(path, ns=(2, 2))


def replace(path: Path) -> None:
    path.with_name("other").write_bytes(LARGE)
    path.with_name("other").replace(path)


def remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("meddle", [grow, shrink, rewrite, replace, remove])
def test_a_source_that_changes_while_it_is_read_has_no_digest_and_no_copy(
    meddle: Callable[[Path], None], tmp_path: Path
) -> None:
    source = make_files(tmp_path / "source", {"letter": LARGE})
    meddler = Meddler(lambda: meddle(source / "letter"))
    before = open_handles()
    with Tree(source) as tree, pytest.raises(SourceChangedError, match="letter changed while"):
        copy_and_hash(tree, "letter", tmp_path / "copy", BOTH, [meddler])
    assert not (tmp_path / "copy").exists()
    assert open_handles() == before


def test_a_copy_never_replaces_a_file(tmp_path: Path) -> None:
    make_files(tmp_path, {"source/letter": b"new", "target": b"old"})
    with Tree(tmp_path / "source") as tree, pytest.raises(StorageError, match="File exists"):
        copy_and_hash(tree, "letter", tmp_path / "target", BOTH)
    assert (tmp_path / "target").read_bytes() == b"old"


def test_a_source_that_is_no_file_leaves_no_copy(tmp_path: Path) -> None:
    make_files(tmp_path, {"source/a": b""})
    os.mkfifo(tmp_path / "source" / "fifo")
    with Tree(tmp_path / "source") as tree, pytest.raises(NotAFileError):
        copy_and_hash(tree, "fifo", tmp_path / "copy", BOTH)
    assert not (tmp_path / "copy").exists()


def test_a_read_only_folder_is_a_storage_error() -> None:
    with public_folder() as root:
        make_files(root, {"letter": b""})
        with as_nobody(), Tree(root) as tree, pytest.raises(StorageError, match="Permission denied"):
            copy_and_hash(tree, "letter", root / "copy", BOTH)


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from archtool.errors import StorageError
from archtool.files.hashing.digests import Algorithm
from archtool.files.writing.copy_file import copy_and_hash
from archtool.files.tree import Tree

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
source, target = map(Path, sys.argv[1:])
with Tree(source) as tree:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))
    try:
        copy_and_hash(tree, "letter", target, [Algorithm.SHA256])
    except StorageError as error:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))
        print(error.message, target.exists())
"""


def test_a_write_that_fails_half_way_is_a_storage_error_and_leaves_no_copy(tmp_path: Path) -> None:
    source = make_files(tmp_path / "source", {"letter": LARGE})
    command = [sys.executable, "-c", FULL_DISK, str(source), str(tmp_path / "copy")]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout == f"cannot write {tmp_path / 'copy'}: File too large False\n"


def test_a_write_that_fails_when_the_file_is_closed_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_files(tmp_path / "source", {"letter": b"letter"})
    really_close = os.close

    def close_full(descriptor: int) -> None:
        is_copy = Path(f"/proc/self/fd/{descriptor}").readlink() == tmp_path / "copy"
        really_close(descriptor)
        if is_copy:
            raise OSError(28, "No space left on device")

    with Tree(source) as tree:
        monkeypatch.setattr(os, "close", close_full)
        with pytest.raises(StorageError, match="No space left"):
            copy_and_hash(tree, "letter", tmp_path / "copy", BOTH)
        monkeypatch.undo()
    assert not (tmp_path / "copy").exists()
