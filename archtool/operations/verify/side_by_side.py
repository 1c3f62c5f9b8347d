"""Verifies many bags: each small bag in one process, beside others; each large bag with all processes.

This division changes only the time that a run takes: the results are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from archtool.files.limits import MAX_UNITS
from archtool.files.workers.concurrency import Concurrency
from archtool.files.workers.parallel import run_in_order
from archtool.operations.verify.request import VerifyRequest
from archtool.operations.verify.size_limit import SMALL_BAG
from archtool.progress import NoProgress, Progress
from archtool.results import Result

_MAX_BAGS_IN_UNIT = 16  # enough to make passing a unit to a process cheap
_UNITS_PER_JOB = 8  # so that no process waits long for the last unit
VerifyOne = Callable[[VerifyRequest, Progress, Concurrency], Result]


def for_each_bag(
    requests: Sequence[VerifyRequest],
    verify_one: VerifyOne,
    concurrency: Concurrency,
    progress: Progress,
    *,
    cleans_up: bool = False,
) -> Iterator[Result]:
    """Call `verify_one` for every bag; yields the results in the order of the requests, as they are ready.

    Several processes verify the small bags, each with a share of `concurrency`. A large bag, or the only one,
    is verified in this process when its turn comes, with all of `concurrency` and with `progress`. If
    `cleans_up` is set, processes that are ended get time to remove what they staged.

    Raises:
        ChildProcessError: a process ended early, so that some bags were not verified.
    """
    if len(requests) == 1:
        yield verify_one(requests[0], progress, concurrency)
        return
    size = _unit_size(len(requests), concurrency)
    share = concurrency.per_process()

    def verify_small_bags(unit: int) -> dict[int, Result]:
        """Verify the small bags of one unit; returns each result by the bag's number."""
        return {
            number: verify_one(requests[number], NoProgress(), share)
            for number in range(unit * size, min((unit + 1) * size, len(requests)))
            if SMALL_BAG.includes(requests[number].root)  # decided here: reading the sizes is spread as well
        }

    units = -(-len(requests) // size)
    for unit, results in enumerate(run_in_order(units, verify_small_bags, concurrency, cleans_up=cleans_up)):
        for number in range(unit * size, min((unit + 1) * size, len(requests))):
            if number in results:
                yield results[number]
            else:
                yield verify_one(requests[number], progress, concurrency)


def _unit_size(bags: int, concurrency: Concurrency) -> int:
    """Return how many bags a process gets at a time; there are never more than `MAX_UNITS` units."""
    size = max(1, min(_MAX_BAGS_IN_UNIT, bags // (concurrency.max_workers * _UNITS_PER_JOB)))
    return max(size, -(-bags // MAX_UNITS))
