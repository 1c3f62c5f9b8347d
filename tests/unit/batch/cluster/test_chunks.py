"""Chunks of jobs are limited by number, by payload bytes, by sent bytes and by time."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.batch.cluster import chunks
from archtool.batch.cluster.chunks import Chunk, Chunker, estimate_bytes
from archtool.batch.job import Ending, Job, Outcome
from archtool.batch.journal.state import KnownJob
from archtool.batch.limits import MAX_CHUNK_JOBS, MAX_CHUNK_SENT_BYTES
from archtool.batch.runner import Item

if TYPE_CHECKING:
    import pytest


def jobs(count: int, path: Path = Path("none"), known: KnownJob | None = None) -> Iterator[Item]:
    return ((Job(f"job-{number}", path), known) for number in range(count))


def with_quick_jobs(chunker: Chunker) -> Chunker:
    """Return the chunker after a job that took no time."""
    chunker.record_durations([Outcome("a", Ending.DONE, 0)])
    return chunker


def sizes(chunker: Chunker) -> list[int]:
    return [len(chunk.keys) for chunk in iter(chunker.next, None) if chunk is not None]


def test_jobs_of_unknown_duration_are_sent_one_by_one() -> None:
    assert sizes(Chunker(jobs(3))) == [1, 1, 1]


def test_chunks_keep_the_order_and_the_content_of_the_jobs() -> None:
    chunker = with_quick_jobs(Chunker(jobs(250)))
    assert sizes(with_quick_jobs(Chunker(jobs(250)))) == [MAX_CHUNK_JOBS, MAX_CHUNK_JOBS, 50]
    items = [item for chunk in iter(chunker.next, None) if chunk for item in chunk.items]
    assert items == [pickle.dumps(item) for item in jobs(250)]


def test_a_chunk_takes_about_a_second() -> None:
    chunker = Chunker(jobs(30))
    chunker.record_durations([Outcome("a", Ending.DONE, 0, seconds=0.1)])
    assert sizes(chunker) == [10, 10, 10]
    slow = Chunker(jobs(3))
    slow.record_durations([Outcome("a", Ending.DONE, 0, seconds=600.0)])
    assert sizes(slow) == [1, 1, 1]


def test_a_chunk_ends_at_the_limit_of_payload_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "MAX_CHUNK_PAYLOAD_BYTES", 10_000)
    (tmp_path / "scan.tif").write_bytes(bytes(4_000))
    (tmp_path / "description.yaml").write_bytes(bytes(100))
    assert estimate_bytes(Job("a", tmp_path / "description.yaml")) == 4_100
    assert sizes(with_quick_jobs(Chunker(jobs(7, tmp_path / "description.yaml")))) == [3, 3, 1]


def test_a_chunk_ends_at_the_limit_of_sent_bytes() -> None:
    long = KnownJob(Ending.FAILED, None, 3, "x" * (MAX_CHUNK_SENT_BYTES // 4))
    assert sizes(with_quick_jobs(Chunker(jobs(8, known=long)))) == [4, 4]


def test_jobs_are_taken_only_when_the_next_chunk_is_made() -> None:
    source = jobs(1_000)
    chunker = with_quick_jobs(Chunker(source))
    assert next(source)[0].key == "job-0"
    assert chunker.next() is not None
    assert next(source)[0].key == f"job-{MAX_CHUNK_JOBS + 1}"


def test_the_size_of_a_package_is_estimated_from_its_root_and_payload(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter.txt").write_bytes(bytes(70))
    (tmp_path / "bagit.txt").write_bytes(bytes(7))
    archive = tmp_path / "bag.zip"
    archive.write_bytes(bytes(3))
    assert estimate_bytes(Job("a", tmp_path)) == 80
    assert estimate_bytes(Job("a", archive)) == 3
    assert estimate_bytes(Job("a", tmp_path / "none.description.yaml")) == 0
    assert estimate_bytes(Job("a", tmp_path / "none" / "description.yaml")) == 0


def test_a_chunk_is_split_into_single_jobs() -> None:
    chunk = with_quick_jobs(Chunker(jobs(3))).next()
    assert chunk is not None
    assert [single.keys for single in chunk.split()] == [("job-0",), ("job-1",), ("job-2",)]
    assert all(isinstance(single, Chunk) and len(single.items) == 1 for single in chunk.split())
