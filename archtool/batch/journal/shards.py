"""The shares of a batch. A digest of its key decides which share a job belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from archtool.batch.job import Plan
from archtool.batch.limits import MAX_SHARDS
from archtool.errors import UsageError

_SHARD = re.compile(r"([1-9][0-9]{0,4})/([1-9][0-9]{0,4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `count` shares; the first is number 1."""

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a share such as `2/8`.

        Raises:
            UsageError: the text is not a share.
        """
        match = _SHARD.fullmatch(text)
        number, count = (int(match[1]), int(match[2])) if match else (0, 0)
        if not 1 <= number <= count <= MAX_SHARDS:
            raise UsageError(
                f"not a share of the jobs: {text!r}",
                hint=f"write --shard 1/8 to --shard 8/8, at most {MAX_SHARDS:,} shares;"
                " if an array begins with 0, add 1",
            )
        return cls(number, count)

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    @property
    def file_part(self) -> str:
        """The part of the journal's name that stands for the share: `2-of-8`."""
        return f"{self.number}-of-{self.count}"

    def has(self, key: str) -> bool:
        """Whether a job belongs to this share. Only its key decides, so the batch can grow later."""
        digest = sha256(key.encode("utf-8", "surrogateescape")).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.number - 1


def shares_of(count: int) -> list[Shard]:
    """Return all shares of a batch that is divided into `count`."""
    return [Shard(number, count) for number in range(1, count + 1)]


def share_of(plan: Plan, shard: Shard | None) -> Plan:
    """Return the jobs of a share; all jobs if there is no share."""
    if shard is None:
        return plan
    jobs = [job for job in plan.jobs if shard.has(job.key)]
    return Plan(len(jobs), jobs, plan.notes)
