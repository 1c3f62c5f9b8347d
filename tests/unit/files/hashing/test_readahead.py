"""The next files are requested together while the process waits for the storage; results do not change."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from archtool.files.hashing import bulk_check, readahead
from archtool.files.hashing.bulk_check import UNREAD, ExpectedFiles, check_in_bulk
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.readahead import (
    NOT_OPEN,
    REQUESTED_BYTES,
    WINDOW_FILES,
    StorageWait,
    close_all,
    open_ahead,
    request_readahead,
)
from archtool.files.tree import Tree
from archtool.files.workers.concurrency import Concurrency
from unit.files.folders import make_files, open_handles

FILES = {f"data/{n % 3}/letter {n}.txt": f"letter {n}".encode() for n in range(12)}
PATHS = list(FILES)


class Impatient(StorageWait):
    """A process that always waits."""

    def is_likely(self) -> bool:
        return True


@contextmanager
def opened(tree: Tree, paths: Sequence[str]) -> Iterator[list[int]]:
    """Open files as a process that always waits."""
    files = open_ahead(tree, paths, Impatient())
    try:
        yield files
    finally:
        close_all(files)


def expected(paths: Sequence[str], algorithm: Algorithm, digest: bytes) -> ExpectedFiles:
    """Expect this digest of all files."""
    return ExpectedFiles(paths, [(algorithm, digest.ljust(algorithm.hasher_size_bytes) * len(paths))])


class Requests:
    """Records the requests to the system: the number of bytes of each inode."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bytes_of: dict[int, int] = {}
        self._ask = os.posix_fadvise
        monkeypatch.setattr(os, "posix_fadvise", self._record)

    def _record(self, file: int, begin: int, size_bytes: int, advice: int) -> None:
        assert (begin, advice) == (0, os.POSIX_FADV_WILLNEED)
        self.bytes_of[os.fstat(file).st_ino] = size_bytes
        self._ask(file, begin, size_bytes, advice)


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> Requests:
    return Requests(monkeypatch)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_files(tmp_path / "bag", FILES)


def inodes(root: Path) -> set[int]:
    return {(root / name).stat().st_ino for name in FILES}


def test_files_are_opened_in_order_and_all_are_requested(root: Path, requests: Requests) -> None:
    with Tree(root) as tree, opened(tree, PATHS) as files:
        assert [os.read(file, 100) for file in files] == list(FILES.values())
    assert requests.bytes_of == dict.fromkeys(inodes(root), REQUESTED_BYTES)


def test_no_file_stays_open_after_an_error(root: Path) -> None:
    before = open_handles()
    missing = [*PATHS, "data/0/missing"]
    with Tree(root) as tree:
        (checked,) = check_in_bulk(tree, expected(missing, Algorithm.SHA256, b"?"), Concurrency())
        assert checked.failing == tuple(range(len(missing)))
        assert checked.sizes[-1] == UNREAD
        assert UNREAD not in checked.sizes[:-1]
    assert open_handles() == before


def test_no_link_is_opened(root: Path) -> None:
    (root / "data/0/link").symlink_to("letter 0.txt")
    (root / "elsewhere").symlink_to("data/0")
    with Tree(root) as tree, opened(tree, ["data/0/link", "elsewhere/letter 0.txt", PATHS[0]]) as files:
        assert files[:2] == [NOT_OPEN, NOT_OPEN]
        assert os.read(files[2], 100) == FILES[PATHS[0]]


def test_files_that_are_opened_one_by_one_can_be_requested(root: Path, requests: Requests) -> None:
    before = open_handles()
    with Tree(root) as tree:
        request_readahead(tree, list(FILES), Impatient())
    assert requests.bytes_of == dict.fromkeys(inodes(root), REQUESTED_BYTES)
    assert open_handles() == before


def test_errors_of_a_request_are_left_to_the_reader(root: Path) -> None:
    os.mkfifo(root / "data/0/pipe")
    before = open_handles()
    with Tree(root) as tree:
        request_readahead(tree, [*FILES, "data/missing"], Impatient())
        request_readahead(tree, [*FILES, "data/0/pipe"], Impatient())
    assert open_handles() == before


def test_files_are_read_on_a_system_without_readahead_requests(
    root: Path, requests: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readahead, "CAN_REQUEST", False)
    with Tree(root) as tree, opened(tree, PATHS) as files:
        assert [os.read(file, 100) for file in files] == list(FILES.values())
        request_readahead(tree, list(FILES), Impatient())
    assert not requests.bytes_of


def test_files_are_read_where_the_file_system_refuses_requests(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: int) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    monkeypatch.setattr(os, "posix_fadvise", refuse)
    with Tree(root) as tree, opened(tree, PATHS) as files:
        assert [os.read(file, 100) for file in files] == list(FILES.values())


def test_a_few_files_are_not_requested(root: Path, requests: Requests) -> None:
    with Tree(root) as tree:
        request_readahead(tree, list(FILES)[:3], Impatient())
        with opened(tree, PATHS[:3]):
            pass
    assert not requests.bytes_of


def test_requests_stop_when_the_process_does_not_wait() -> None:
    waiting = StorageWait()
    answers = [waiting.is_likely() for _ in range(1000)]
    assert answers[0]
    assert not all(answers)
    time.sleep(0.001)  # the processor is given up, as for a disk
    assert waiting.is_likely()


@pytest.mark.parametrize("algorithms", [(Algorithm.SHA256,), (Algorithm.MD5, Algorithm.SHA512)])
@pytest.mark.parametrize("count", [1, WINDOW_FILES - 1, WINDOW_FILES, WINDOW_FILES + 1, 2 * WINDOW_FILES + 1])
def test_each_damaged_file_is_found_at_any_place_in_a_group(
    count: int, algorithms: tuple[Algorithm, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"data/{n:04}": os.urandom(n) for n in range(count)}
    root = make_files(tmp_path / "bag", files)
    digests = [(a, b"".join(a.hash_at_once(data).digest() for data in files.values())) for a in algorithms]
    wanted = ExpectedFiles(list(files), digests)
    portions: list[int] = []
    opening = bulk_check.open_ahead
    monkeypatch.setattr(
        bulk_check,
        "open_ahead",
        lambda tree, paths, waiting: (portions.append(len(paths)), opening(tree, paths, waiting))[1],
    )
    with Tree(root) as tree:
        for spoilt in {0, count // 2, count - 1}:
            path = root / f"data/{spoilt:04}"
            path.write_bytes(b"other" + files[f"data/{spoilt:04}"])
            (checked,) = check_in_bulk(tree, wanted, Concurrency())
            assert checked.failing == (spoilt,)
            assert sum(checked.sizes) == sum(map(len, files.values())) + 5
            path.write_bytes(files[f"data/{spoilt:04}"])
        (checked,) = check_in_bulk(tree, wanted, Concurrency())
        assert checked.failing == ()
    assert max(portions) <= WINDOW_FILES
    assert max(portions) - min(portions) <= 2
