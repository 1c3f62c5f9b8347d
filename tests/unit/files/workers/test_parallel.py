from __future__ import annotations

import threading
from pathlib import Path

import pytest

from archtool.files.tree import Tree
from archtool.files.workers.parallel import BATCH_FILES, for_each_file
from unit.files.folders import make_files, open_handles

MANY = 20 * BATCH_FILES


def size_of(tree: Tree, path: str) -> tuple[str, int]:
    return path, tree.stat(path).st_size


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_outcomes_come_in_the_order_of_the_files_whatever_the_jobs(jobs: int, tmp_path: Path) -> None:
    make_files(tmp_path, {f"d{i}/f": b"x" * i for i in range(10)})
    items = [f"d{i % 10}/f" for i in range(MANY)]
    before = open_handles()
    with Tree(tmp_path) as tree:
        outcomes = list(for_each_file(tree, items, size_of, jobs))
    assert outcomes == [(path, int(path[1])) for path in items]
    assert open_handles() == before


def test_the_work_is_spread_over_threads_and_waits_for_whoever_takes_it(tmp_path: Path) -> None:
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
        outcomes = for_each_file(tree, items(), note, 2)  # type: ignore[arg-type]
        next(outcomes)
        assert taken < MANY, "the window must be bounded"
        outcomes.close()
    assert threading.get_ident() not in threads


def test_a_mistake_of_ours_in_a_thread_is_not_swallowed(tmp_path: Path) -> None:
    def fail(_: Tree, __: str) -> None:
        raise ValueError("a bug")

    with Tree(tmp_path) as tree, pytest.raises(ValueError, match="a bug"):
        list(for_each_file(tree, ["a"], fail, 2))
