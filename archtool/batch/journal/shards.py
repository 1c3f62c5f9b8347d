"""A share of a batch: which jobs are in it, whoever asks, and however many others are added."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from archtool.batch.job import Plan
from archtool.errors import UsageError

MAX_SHARDS = 10_000  # every run reads the journals of all
_SHARD = re.compile(r"([1-9][0-9]{0,4})/([1-9][0-9]{0,4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `count` shares; the first is number 1."""

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2/8`.

        Raises:
            UsageError: it is none.
        """
        match = _SHARD.fullmatch(text)
        number, count = (int(match[1]), int(match[2])) if match else (0, 0)
        if not 1 <= number <= count <= MAX_SHARDS:
            raise UsageError(
                f"not a share of the jobs: {text!r}",
                hint=f"write --shard 1/8 to --shard 8/8, of at most {MAX_SHARDS:,}; arrays that begin with 0"
                " need 1 added",
            )
        return cls(number, count)

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    @property
    def file_part(self) -> str:
        """How its journal is called: `2-of-8`."""
        return f"{self.number}-of-{self.count}"

    def has(self, key: str) -> bool:
        """Whether a job belongs to it: a digest of the key says so, whatever others there are."""
        digest = sha256(key.encode("utf-8", "surrogateescape")).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.number - 1


def shares_of(count: int) -> list[Shard]:
    """All shares that a batch is cut into."""
    return [Shard(number, count) for number in range(1, count + 1)]


def share_of(plan: Plan, shard: Shard | None) -> Plan:
    """The jobs of a share; all, where there is none."""
    if shard is None:
        return plan
    jobs = [job for job in plan.jobs if shard.has(job.key)]
    return Plan(len(jobs), jobs, plan.notes)
