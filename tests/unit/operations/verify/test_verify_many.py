"""Many bags in one command: each is verified as if it were the only one, and reported in the given order."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from archives import serialise
from archtool.files.workers.concurrency import Concurrency
from archtool.operations.trust.trust_request import TrustRequest
from archtool.operations.verify import side_by_side
from archtool.operations.verify import verify_many as many
from archtool.operations.verify.verify import VerifyRequest, verify
from archtool.operations.verify.verify_many import verify_many
from archtool.progress import NoProgress, Progress
from archtool.results import Result
from packages import tree_bytes
from unit.bagit.bag_builders import NOW, bag_files, with_tag_manifest, write_bag


def make_requests(roots: list[Path]) -> list[VerifyRequest]:
    return [VerifyRequest(root, NOW, TrustRequest()) for root in roots]


def write_bags(folder: Path) -> list[Path]:
    """Write valid bags, a damaged one, one with a FIFO, and an archive; add a FIFO and a missing path."""
    roots = []
    for number in range(30):
        files = with_tag_manifest(bag_files({"data/n": b"%02d" % number}, info="Payload-Oxum: 2.1\n"))
        roots.append(write_bag(folder / f"{number:02}", files))
    (roots[3] / "data/n").write_bytes(b"x")
    (roots[4] / "bag-info.txt").unlink()
    os.mkfifo(roots[4] / "bag-info.txt")
    os.mkfifo(folder / "fifo")
    tar = serialise(tree_bytes(roots[5]), folder / "five.tar")
    return [*roots[:10], tar, folder / "fifo", folder / "nowhere", *roots[10:]]


@pytest.mark.parametrize("concurrency", [Concurrency(1), Concurrency(2, 8), Concurrency(3, 3, 10**12)])
def test_bags_verified_in_parallel_get_the_same_results_as_alone(
    concurrency: Concurrency, tmp_path: Path
) -> None:
    roots = write_bags(tmp_path)
    results = list(verify_many(make_requests(roots), concurrency, NoProgress()))
    assert [result.subject for result in results] == [str(root) for root in roots]
    assert results == [verify(request) for request in make_requests(roots)]
    failed = [Path(result.subject).name for result in results if result.exit_code]
    assert failed == ["03", "04", "fifo", "nowhere"]


def test_each_large_bag_is_verified_with_all_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[Concurrency] = []

    def record(request: VerifyRequest, progress: Progress, concurrency: Concurrency) -> Result:
        used.append(concurrency)  # small bags are verified in other processes
        return verify(request, progress, concurrency)

    monkeypatch.setattr(many, "verify", record)
    oxum, no_oxum = "Payload-Oxum: 34.1\n", "Title: Letters\n"
    limits = {"files": oxum, "size_bytes": oxum, "manifests_bytes": no_oxum}
    for limit, info in limits.items():
        with monkeypatch.context() as patch:
            patch.setattr(side_by_side, "SMALL_BAG", replace(side_by_side.SMALL_BAG, **{limit: 0}))
            roots = [write_bag(tmp_path / limit / str(n), bag_files(info=info)) for n in "ab"]
            tagged = bag_files(info=info, extra={"notes/a.txt": b"not plain"})
            roots.append(write_bag(tmp_path / limit / "c", tagged))
            results = list(verify_many(make_requests(roots), Concurrency(2), NoProgress()))
        assert [result.verdict["bag"] for result in results] == ["valid"] * 3
    assert used == [Concurrency(2)] * 9


def test_small_bags_are_reported_before_a_later_large_bag_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Counter(NoProgress):
        """Counts the bags that are verified with progress: the large ones."""

        started = 0

        def start(self, label: str, total_bytes: int | None) -> None:
            del label, total_bytes
            self.started += 1

    monkeypatch.setattr(side_by_side, "SMALL_BAG", replace(side_by_side.SMALL_BAG, files=1))
    roots = [write_bag(tmp_path / f"{n:02}", bag_files(info="Payload-Oxum: 34.1\n")) for n in range(24)]
    many_files = {f"data/{n}": b"a" for n in range(2)}
    roots[1] = write_bag(tmp_path / "large", bag_files(many_files, info="Payload-Oxum: 2.2\n"))
    counter = Counter()
    results = verify_many(make_requests(roots), Concurrency(1), counter)
    reported = [(Path(result.subject).name, counter.started > 0) for result in results]
    assert reported[:3] == [("00", False), ("large", True), ("02", True)]
    assert [name for name, _ in reported] == [root.name for root in roots]
