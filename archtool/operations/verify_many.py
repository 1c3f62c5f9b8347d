"""Verifies many bags: small ones side by side, each by one process; large ones alone, by all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archtool.fixity.effort import MAX_UNITS, Effort
from archtool.operations.alone import SizeLimit, TooLargeError
from archtool.operations.verify import Ordinary, VerifyRequest, look, told, verify
from archtool.progress import Progress
from archtool.results import Result

SMALL = SizeLimit(files=500, size_bytes=64 * 1024 * 1024, manifests_bytes=64 * 1024)
"""What one process goes through while others go through other bags."""
_MOST_IN_UNIT = 16  # bags: handing over costs little then
_UNITS_PER_JOB = 8  # so that no process waits long for the last one


def verify_many(requests: Iterable[VerifyRequest], effort: Effort, progress: Progress) -> Iterator[Result]:
    """Look at every bag and give the results in the order of the requests, as they are ready.

    Which bags go side by side is a matter of time only: the results are the same.
    """
    asked = list(requests)
    for request, looked in zip(asked, _side_by_side(asked, effort), strict=True):
        yield verify(request, progress, effort) if looked is None else told(request, looked)


def _side_by_side(requests: Sequence[VerifyRequest], effort: Effort) -> Iterator[Result | Ordinary | None]:
    """What small bags are like; `None` for each that is better looked at alone, by all processes."""
    if len(requests) == 1:
        yield None
        return
    from archtool.fixity.forked import run_in_order

    size = max(1, min(_MOST_IN_UNIT, len(requests) // (effort.most * _UNITS_PER_JOB)))
    size = max(size, -(-len(requests) // MAX_UNITS))
    share = effort.share()

    def look_at_some(unit: int) -> list[Result | Ordinary | None]:
        return [_look_alone(request, share) for request in requests[unit * size : (unit + 1) * size]]

    for results in run_in_order(-(-len(requests) // size), look_at_some, effort):
        yield from results


def _look_alone(request: VerifyRequest, effort: Effort) -> Result | Ordinary | None:
    try:
        return look(request, effort=effort, limit=SMALL)
    except TooLargeError:
        return None
