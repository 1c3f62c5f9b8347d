"""Chunks of jobs: by their number, by the bytes that they are about, by the bytes that are sent, by time."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.batch.cluster import chunks
from archtool.batch.cluster.chunks import MAX_CHUNK_JOBS, MAX_CHUNK_SENT_BYTES, Chunk, Chunker, likely_bytes
from archtool.batch.job import Ending, Job, Outcome
from archtool.batch.journal.state import Known
from archtool.batch.runner import Item

if TYPE_CHECKING:
    import pytest


def jobs(count: int, place: Path = Path("none"), known: Known | None = None) -> Iterator[Item]:
    return ((Job(f"job-{number}", place), known) for number in range(count))


def quick(chunker: Chunker) -> Chunker:
    """A chunker that has seen jobs that took no time at all."""
    chunker.learn([Outcome("a", Ending.DONE, 0)])
    return chunker


def sizes(chunker: Chunker) -> list[int]:
    return [len(chunk.keys) for chunk in iter(chunker.next, None) if chunk is not None]


def test_while_nobody_knows_how_long_jobs_take_each_is_sent_alone() -> None:
    assert sizes(Chunker(jobs(3))) == [1, 1, 1]


def test_jobs_come_in_their_order_and_whole() -> None:
    chunker = quick(Chunker(jobs(250)))
    assert sizes(quick(Chunker(jobs(250)))) == [MAX_CHUNK_JOBS, MAX_CHUNK_JOBS, 50]
    got = [item for chunk in iter(chunker.next, None) if chunk for item in chunk.items]
    assert got == [pickle.dumps(item) for item in jobs(250)]


def test_a_chunk_is_about_as_much_as_is_done_in_a_second() -> None:
    chunker = Chunker(jobs(30))
    chunker.learn([Outcome("a", Ending.DONE, 0, seconds=0.1)])
    assert sizes(chunker) == [10, 10, 10]
    slow = Chunker(jobs(3))
    slow.learn([Outcome("a", Ending.DONE, 0, seconds=600.0)])
    assert sizes(slow) == [1, 1, 1]


def test_a_chunk_ends_once_its_jobs_are_about_many_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "MAX_CHUNK_PAYLOAD_BYTES", 10_000)
    (tmp_path / "scan.tif").write_bytes(bytes(4_000))
    (tmp_path / "description.yaml").write_bytes(bytes(100))
    assert likely_bytes(Job("a", tmp_path / "description.yaml")) == 4_100
    assert sizes(quick(Chunker(jobs(7, tmp_path / "description.yaml")))) == [3, 3, 1]


def test_a_chunk_ends_once_many_bytes_are_sent() -> None:
    long = Known(Ending.FAILED, None, 3, "x" * (MAX_CHUNK_SENT_BYTES // 4))
    assert sizes(quick(Chunker(jobs(8, known=long)))) == [4, 4]


def test_no_job_is_taken_before_it_is_asked_for() -> None:
    left = jobs(1_000)
    chunker = quick(Chunker(left))
    assert next(left)[0].key == "job-0"
    assert chunker.next() is not None
    assert next(left)[0].key == f"job-{MAX_CHUNK_JOBS + 1}"


def test_what_a_package_is_about_is_guessed_from_its_root_and_payload(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter.txt").write_bytes(bytes(70))
    (tmp_path / "bagit.txt").write_bytes(bytes(7))
    archive = tmp_path / "bag.zip"
    archive.write_bytes(bytes(3))
    assert likely_bytes(Job("a", tmp_path)) == 80
    assert likely_bytes(Job("a", archive)) == 3
    assert likely_bytes(Job("a", tmp_path / "none.description.yaml")) == 0
    assert likely_bytes(Job("a", tmp_path / "none" / "description.yaml")) == 0


def test_a_chunk_is_taken_apart_job_by_job() -> None:
    chunk = quick(Chunker(jobs(3))).next()
    assert chunk is not None
    assert [one.keys for one in chunk.singly()] == [("job-0",), ("job-1",), ("job-2",)]
    assert all(isinstance(one, Chunk) and len(one.items) == 1 for one in chunk.singly())
