"""Verifies many bags: small ones side by side, each by one process; large ones alone, by all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from archtool.bag.limits import MAX_INFO_BYTES
from archtool.bag.ordinary import INFO_NAME
from archtool.fixity.effort import MAX_UNITS, Effort
from archtool.fixity.tree import read_file
from archtool.operations.quick import said_oxum
from archtool.operations.verify import VerifyRequest, verify
from archtool.progress import Progress
from archtool.results import Result

_SMALL_PAYLOAD_FILES = 500
_SMALL_MANIFESTS_BYTES = 64 * 1024  # about as many files, where a bag does not say how many
_SMALL_PAYLOAD_BYTES = 64 * 1024 * 1024
_MOST_IN_UNIT = 16  # bags: handing over costs little then
_UNITS_PER_JOB = 8  # so that no process waits long for the last one


def verify_many(requests: Iterable[VerifyRequest], effort: Effort, progress: Progress) -> Iterator[Result]:
    """Look at every bag and give the results in the order of the requests, as they are ready.

    Which bags go side by side is a matter of time only: the results are the same.
    """
    asked = list(requests)
    for request, result in zip(asked, _side_by_side(asked, effort), strict=True):
        yield result or verify(replace(request, effort=effort), progress)


def _side_by_side(requests: Sequence[VerifyRequest], effort: Effort) -> Iterator[Result | None]:
    """The results of small bags; `None` for each that is better looked at alone, by all processes."""
    if len(requests) == 1:
        yield None
        return
    from archtool.fixity.forked import run_in_order

    size = max(1, min(_MOST_IN_UNIT, len(requests) // (effort.most * _UNITS_PER_JOB)))
    size = max(size, -(-len(requests) // MAX_UNITS))
    share = effort.share()

    def verify_some(unit: int) -> list[Result | None]:
        some = requests[unit * size : (unit + 1) * size]
        return [verify(replace(request, effort=share)) if _is_small(request) else None for request in some]

    for results in run_in_order(-(-len(requests) // size), verify_some, effort):
        yield from results


def _is_small(request: VerifyRequest) -> bool:
    """A guess from what the bag says of itself; an archive is read by one process in any case."""
    try:
        said = said_oxum(read_file(f"{request.root}/{INFO_NAME}", MAX_INFO_BYTES))
        if said is not None:
            return said[0] <= _SMALL_PAYLOAD_BYTES and said[1] <= _SMALL_PAYLOAD_FILES
        with os.scandir(request.root) as entries:
            listed = [entry for entry in entries if entry.name.startswith("manifest-")]
        return sum(e.stat(follow_symlinks=False).st_size for e in listed) <= _SMALL_MANIFESTS_BYTES
    except OSError:  # whoever verifies it says what is wrong with it
        return True
