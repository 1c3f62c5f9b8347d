from __future__ import annotations

import threading
from pathlib import Path

import pytest

from archtool.files.tree import Tree
from archtool.files.workers.parallel import BATCH_FILES, for_each_file_in_threads
from archtool.files.workers.read_stopper import ReadStoppedError, ReadStopper
from unit.files.folders import make_files, open_handles

MANY = 20 * BATCH_FILES


def size_of(tree: Tree, path: str) -> tuple[str, int]:
    return path, tree.stat(path).st_size


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_outcomes_come_in_the_order_of_the_files_with_any_number_of_jobs(jobs: int, tmp_path: Path) -> None:
    make_files(tmp_path, {f"d{i}/f": b"x" * i for i in range(10)})
    items = [f"d{i % 10}/f" for i in range(MANY)]
    before = open_handles()
    with Tree(tmp_path) as tree:
        outcomes = list(for_each_file_in_threads(tree, items, size_of, jobs, ReadStopper()))
    assert outcomes == [(path, int(path[1])) for path in items]
    assert open_handles() == before


def test_threads_share_the_work_and_wait_for_the_caller(tmp_path: Path) -> None:
    threads: set[int] = set()
    taken = 0

    def items() -> object:
        nonlocal taken
        for _ in range(MANY):
            taken += 1
            yield "."

    def note(_: Tree, __: object) -> None:
        threads.add(threading.get_ident())

    with Tree(tmp_path) as tree:
        outcomes = for_each_file_in_threads(tree, items(), note, 2, ReadStopper())  # type: ignore[arg-type]
        next(outcomes)
        assert taken < MANY, "the window must be bounded"
        outcomes.close()
    assert threading.get_ident() not in threads


def test_an_error_in_a_thread_is_raised(tmp_path: Path) -> None:
    def fail(_: Tree, __: str) -> None:
        raise ValueError("a bug")

    with Tree(tmp_path) as tree, pytest.raises(ValueError, match="a bug"):
        list(for_each_file_in_threads(tree, ["a"], fail, 2, ReadStopper()))


def test_threads_stop_inside_a_file_when_nobody_waits_for_them_any_more(tmp_path: Path) -> None:
    stop, begun, stopped = ReadStopper(), threading.Event(), threading.Event()

    def read(_: Tree, path: str) -> None:
        try:
            if path == "endless":
                begun.set()
            while path == "endless":
                stop.update(memoryview(b"the next block"))
        except ReadStoppedError:
            stopped.set()

    with Tree(tmp_path) as tree:
        items = ["short"] * BATCH_FILES + ["endless"]
        outcomes = for_each_file_in_threads(tree, items, read, 2, stop)
        next(outcomes)
        assert begun.wait(60)
        outcomes.close()
    assert stopped.is_set()
