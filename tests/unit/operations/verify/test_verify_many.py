"""Many bags in one command: each judged as if it were alone, and told in the order in which it was named."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from archives import serialise
from archtool.files.workers.concurrency import Concurrency
from archtool.operations.trust.trust_request import TrustRequest
from archtool.operations.verify import verify_many as many
from archtool.operations.verify.verify import VerifyRequest, verify
from archtool.operations.verify.verify_many import verify_many
from archtool.progress import NoProgress, Progress
from archtool.results import Result
from packages import tree_bytes
from unit.bagit.bag_builders import NOW, bag_files, with_tag_manifest, write_bag


def requested(roots: list[Path]) -> list[VerifyRequest]:
    return [VerifyRequest(root, NOW, TrustRequest()) for root in roots]


def shelf(folder: Path) -> list[Path]:
    """Good bags, a damaged one, one with a trap in it, an archive, a FIFO, and nothing at all."""
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
def test_bags_side_by_side_are_judged_like_each_of_them_alone(
    concurrency: Concurrency, tmp_path: Path
) -> None:
    roots = shelf(tmp_path)
    results = list(verify_many(requested(roots), concurrency, NoProgress()))
    assert [result.subject for result in results] == [str(root) for root in roots]
    assert results == [verify(request) for request in requested(roots)]
    failed = [Path(result.subject).name for result in results if result.exit_code]
    assert failed == ["03", "04", "fifo", "nowhere"]


def test_large_bags_are_verified_alone_by_all_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Concurrency] = []

    def note(request: VerifyRequest, progress: Progress, concurrency: Concurrency) -> Result:
        given.append(concurrency)  # the small ones are verified in other processes
        return verify(request, progress, concurrency)

    monkeypatch.setattr(many, "verify", note)
    oxum, no_oxum = "Payload-Oxum: 34.1\n", "Title: Letters\n"
    limits = {"files": oxum, "size_bytes": oxum, "manifests_bytes": no_oxum}
    for limit, info in limits.items():
        with monkeypatch.context() as patch:
            patch.setattr(many, "SMALL", replace(many.SMALL, **{limit: 0}))
            roots = [write_bag(tmp_path / limit / str(n), bag_files(info=info)) for n in "ab"]
            tagged = bag_files(info=info, extra={"notes/a.txt": b"not plain"})
            roots.append(write_bag(tmp_path / limit / "c", tagged))
            results = list(verify_many(requested(roots), Concurrency(2), NoProgress()))
        assert [result.verdict["bag"] for result in results] == ["valid"] * 3
    assert given == [Concurrency(2)] * 9


def test_small_bags_are_told_before_a_large_one_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Bar(NoProgress):
        """Notes what it is begun for: bags that are verified alone."""

        begun = 0

        def start(self, label: str, total_bytes: int | None) -> None:
            del label, total_bytes
            self.begun += 1

    monkeypatch.setattr(many, "SMALL", replace(many.SMALL, files=1))
    roots = [write_bag(tmp_path / f"{n:02}", bag_files(info="Payload-Oxum: 34.1\n")) for n in range(24)]
    many_files = {f"data/{n}": b"a" for n in range(2)}
    roots[1] = write_bag(tmp_path / "large", bag_files(many_files, info="Payload-Oxum: 2.2\n"))
    bar = Bar()
    results = verify_many(requested(roots), Concurrency(1), bar)
    told_of = [(Path(result.subject).name, bar.begun > 0) for result in results]
    assert told_of[:3] == [("00", False), ("large", True), ("02", True)]
    assert [name for name, _ in told_of] == [root.name for root in roots]
