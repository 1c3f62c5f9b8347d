"""Shares of a batch: each job belongs to exactly one share and stays there."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from archtool.batch.job import Job, Plan
from archtool.batch.journal.shards import share_of, shares_of

keys = st.lists(st.text(min_size=1), unique=True, max_size=50)
counts = st.integers(1, 40)


@given(keys, counts)
def test_the_shares_are_a_partition_of_the_jobs(names: list[str], count: int) -> None:
    plan = Plan(len(names), [Job(name, Path("x")) for name in names])
    shares = [share_of(plan, shard) for shard in shares_of(count)]
    keys_in_shares = [job.key for share in shares for job in share.jobs]
    assert sorted(keys_in_shares) == sorted(names)
    assert sum(share.count for share in shares) == len(names)


@given(keys, keys, counts)
def test_a_job_stays_in_its_share_when_jobs_are_added(names: list[str], more: list[str], count: int) -> None:
    for shard in shares_of(count):
        before = share_of(Plan(0, [Job(name, Path("x")) for name in names]), shard)
        after = share_of(Plan(0, [Job(name, Path("y")) for name in [*more, *names]]), shard)
        assert {job.key for job in before.jobs} <= {job.key for job in after.jobs}
