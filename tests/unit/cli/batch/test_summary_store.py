"""The jobs that a summary is written from: in the order of the source, and never lost without a word."""

from __future__ import annotations

import pytest

from archtool.cli.batch.summary_store import SummaryStore
from archtool.errors import StorageError


def test_jobs_come_in_the_order_of_the_source_however_they_ended() -> None:
    store = SummaryStore()
    for position, status in ((2, "failed"), (0, "done"), (1, "failed")):
        store.add(position, status, {"job": f"b{position}"})
    assert [job["job"] for job in store.jobs()] == ["b0", "b1", "b2"]
    assert [job["job"] for job in store.jobs_with("failed", 1)] == ["b1"]


def fill(store: SummaryStore) -> None:
    for position in range(100):
        store.add(position, "done", {"job": "x" * 4_096})


def test_a_job_for_which_the_disk_has_no_room_is_reported_with_a_way_out() -> None:
    store = SummaryStore()
    store._database.execute("PRAGMA max_page_count = 4")  # as on a full disk
    with pytest.raises(StorageError, match="the jobs of the summary cannot be stored") as refused:
        fill(store)
    assert "TMPDIR" in (refused.value.hint or "")


def test_jobs_that_can_no_longer_be_read_are_no_empty_summary() -> None:
    store = SummaryStore()
    store.add(0, "done", {"job": "b0"})
    store._database.close()
    with pytest.raises(StorageError, match="the jobs of the summary"):
        list(store.jobs())
