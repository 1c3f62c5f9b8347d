"""What a worker of a cluster does with the chunks that it is sent.

A worker that was not looked at, or is not as it must be, does nothing: it gives the chunk back. So also
whoever joins while a run is at work is looked at before it packs anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from archtool.batch.cluster.chunks import unpack
from archtool.batch.cluster.job_processes import AbandonedError, hand_for
from archtool.batch.cluster.worker_check import errand_called


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a chunk."""

    worker: str
    outcomes: tuple[bytes, ...] | None = None
    """`None`: it was given back."""
    is_abandoned: bool = False
    """It was given back because its run is over, as far as the worker can see."""


def do_chunk(errand_name: str, chunk: bytes) -> Answer:
    """Do some jobs, one after the other, each in a process that it may take along when it dies."""
    from distributed import get_worker

    here = get_worker().address
    errand = errand_called(errand_name)
    if errand is None:
        return Answer(here)
    outcomes = []
    try:
        for key, item in unpack(chunk):
            if errand.beacon is not None and not errand.beacon.is_seen():
                raise AbandonedError
            with hand_for(errand.order, errand.beacon) as hand:
                outcomes.append(hand.do(key, item, errand.timeout_seconds))
    except AbandonedError:
        return Answer(here, is_abandoned=True)
    return Answer(here, tuple(outcomes))
