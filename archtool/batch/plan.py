"""What a batch has to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archtool.batch.job import Job


@dataclass(frozen=True, slots=True)
class Plan:
    """All jobs of a batch, in an order that is the same in every run."""

    count: int
    jobs: Iterable[Job]
    """Gone through once, as somebody is free for the next one: they need not be in memory at a time."""
    notes: tuple[str, ...] = ()
    """What was recognised in the source that its name does not say, in words for the person who asked."""
