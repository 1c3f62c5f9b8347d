"""The quick way through a plain bag says just what the slow way says; what is not plain it leaves alone."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from archtool.bag import plain_proof
from archtool.bag.plain import look_for_plain
from archtool.fixity import blocks, forked, listed
from archtool.fixity import effort as effort_module
from archtool.fixity.digests import Algorithm
from archtool.fixity.effort import Effort
from archtool.fixity.forked import run_units
from archtool.fixity.tree import Tree
from archtool.operations import ordinary_bag
from archtool.operations.quick import go_quickly
from archtool.progress import NoProgress
from corpus.case import Case
from corpus.cases import CASES
from unit.bag.bag_builders import Files, bag_files, look, manifest, with_tag_manifest, write_bag

MANY = {f"data/{n % 7}/letter {n:03}.txt": f"letter {n}\n".encode() * n for n in range(300)}
MANY["data/É, écrit à Prague.txt"] = b"in words\n"
TWO = ("sha256", "sha512")


def is_plain(root: Path) -> bool:
    with Tree(root) as tree:
        return go_quickly(tree, Effort(2), NoProgress()) is not None


def slowly(root: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    with monkeypatch.context() as patch:
        patch.setattr(ordinary_bag, "go_quickly", lambda *_: None)
        return look(root)


@pytest.mark.parametrize("algorithms", [("md5",), ("sha512",), TWO])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_plain_bag_is_judged_alike_on_both_ways(
    algorithms: tuple[str, ...], jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effort_module, "FEW_FILES", 10)
    files = with_tag_manifest(bag_files(MANY, algorithms=algorithms, info="Payload-Oxum: 1.1\n"))
    root = write_bag(tmp_path / "bag", files)
    assert is_plain(root)
    assert look(root, jobs=jobs) == slowly(root, monkeypatch)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_every_bag_of_the_corpus_is_judged_alike_on_both_ways(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "bag"
    case.build(root)
    assert look(root) == slowly(root, monkeypatch)


CHANGES: dict[str, Files] = {
    "a letter that differs": {"data/1/letter 001.txt": b"another letter\n"},
    "several that differ": {f"data/{n % 7}/letter {n:03}.txt": b"?" for n in range(50, 60)},
    "a letter that nobody listed": {"data/new.txt": b"who added this?\n"},
    "names that differ by their case": {"data/A.txt": b"", "data/a.txt": b""},
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("algorithms", [("sha512",), TWO])
def test_damage_is_told_alike_on_both_ways(
    change: str, algorithms: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_bag(tmp_path / "bag", bag_files(MANY, algorithms=algorithms) | CHANGES[change])
    result = look(root, jobs=2)
    assert result == slowly(root, monkeypatch)
    assert result.verdict["bag"] == "invalid"


def test_what_is_there_but_no_file_is_left_to_the_slow_way(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files(MANY))
    assert is_plain(root)
    os.mkfifo(root / "data/fifo")
    assert not is_plain(root)
    (root / "data/fifo").unlink()
    (root / "data/0/letter 007.txt").unlink()
    (root / "data/0/letter 007.txt").symlink_to("letter 014.txt")
    assert not is_plain(root)


@pytest.mark.parametrize(
    "odd",
    [
        b"00  data/../x\n", b"00 data/x\n", b"00  data/%41\n", b"00  data/a\\b\n", b"00  data//x\n",
        b"00  data/\xff\n", b"00  data/x\r\n", b"00  outside\n", b"00  data/last-line",
        b"00  data/./x\n", b"00  data/y/..\n", b"00  data/.\n", b"00  data/y/\n", b"00  data\n",
        b"00   data/y\n", b"00  *data/y\n", b"\n",
    ],
)  # fmt: skip
def test_a_manifest_with_one_odd_line_is_left_to_the_slow_way(odd: bytes, tmp_path: Path) -> None:
    files = bag_files({"data/x": b"x"})
    files["manifest-sha512.txt"] += odd.replace(b"00", b"0" * 128)
    assert not is_plain(write_bag(tmp_path / "bag", files))


def test_names_with_dots_are_plain_and_so_is_one_blank(tmp_path: Path) -> None:
    names = (".hidden", "..twice", "last.", "a..b/...", ".d/x", "..d/x")
    files = bag_files({f"data/{name}": b"x" for name in sorted(names)})
    files["manifest-sha512.txt"] = files["manifest-sha512.txt"].replace(b"  ", b" ")
    assert is_plain(write_bag(tmp_path / "bag", files))


def test_one_line_outside_the_payload_is_seen_in_sorted_manifests_and_in_others(tmp_path: Path) -> None:
    names = ["data/a", "data/b", "data/c", "outside"]
    for number, order in enumerate(
        (names, names[::-1], [*names[:2], "outside", "data/c"], ["a", *names[:3]])
    ):
        files = {name: name.encode() for name in order}
        root = tmp_path / str(number)
        write_bag(root, bag_files(files))
        assert not is_plain(root)


def test_a_path_that_stands_twice_is_left_to_the_slow_way(tmp_path: Path) -> None:
    files = bag_files({"data/x": b"x", "data/y": b"y"})
    line = manifest({"data/x": b"x"})
    files["manifest-sha512.txt"] = line + manifest({"data/y": b"y"}) + line
    root = write_bag(tmp_path / "bag", files | {"data/z": b"z"})
    assert not is_plain(root)


def test_manifests_in_no_order_are_plain_but_not_in_two_orders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = bag_files(MANY, algorithms=TWO)
    backwards = dict(reversed(MANY.items()))
    files["manifest-sha256.txt"] = manifest(backwards, "sha256")
    root = write_bag(tmp_path / "bag", files)
    assert look(root) == slowly(root, monkeypatch)
    (root / "manifest-sha512.txt").write_bytes(manifest(backwards))
    assert look(root) == slowly(root, monkeypatch)
    assert look(root).verdict["bag"] == "valid"


def test_a_file_larger_than_one_read_is_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 100_000)
    payload = {"data/large": os.urandom(500_001), "data/edge": b"x" * listed._FIRST_READ_BYTES}
    for algorithms in (("sha256",), TWO):
        root = write_bag(tmp_path / algorithms[-1], bag_files(payload, algorithms=algorithms))
        assert is_plain(root)
        result = look(root, jobs=2)
        assert (result.verdict["bag"], result.facts["checked"]["bytes"]) == ("valid", 565_537)
        (root / "data/large").write_bytes(payload["data/large"][:-1] + b"?")
        assert look(root, jobs=2).verdict["bag"] == "invalid"


def test_a_file_that_goes_away_meanwhile_is_told_by_the_slow_way(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files({"data/x": b"x", "data/y": b"y"}))
    with Tree(root) as tree:
        data = (root / "manifest-sha512.txt").read_bytes()
        payload = look_for_plain({"manifest-sha512.txt": (Algorithm.SHA512, data)}, 1)
        assert payload is not None
        (root / "data/x").unlink()
        (root / "data/z").write_bytes(b"z")
        assert plain_proof.prove(tree, payload, Effort(), NoProgress()) is None


def test_units_are_done_by_other_processes_and_none_is_lost() -> None:
    outcomes = list(run_units(100, lambda unit: (unit, os.getpid()), Effort(3)))
    assert sorted(unit for unit, _ in outcomes) == list(range(100))
    assert os.getpid() not in {process for _, process in outcomes}


def test_a_mistake_in_another_process_is_raised_here() -> None:
    def fail(unit: int) -> int:
        raise ValueError(f"unit {unit}")

    with pytest.raises(ValueError, match="unit"):
        list(run_units(10, fail, Effort(2)))


def test_a_process_that_ends_in_the_middle_is_no_silent_success() -> None:
    def die(unit: int) -> int:
        if unit == 5:
            os._exit(1)
        return unit

    with pytest.raises(ChildProcessError):
        list(run_units(10, die, Effort(2)))


def test_a_process_with_threads_is_not_forked() -> None:
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert not forked.can_fork()
        assert list(run_units(3, lambda unit: unit, Effort(2))) == [0, 1, 2]
    finally:
        done.set()
        other.join()
