"""Verifies many bags: small ones side by side, each by one process; large ones alone, by all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from archtool.fixity.effort import MAX_UNITS, Effort
from archtool.fixity.tree import Tree
from archtool.operations.quick import said_bytes
from archtool.operations.verify import VerifyRequest, verify
from archtool.progress import Progress
from archtool.results import Result

_MAX_INFO_BYTES = 4 * 1024 * 1024
_SMALL_MANIFESTS_BYTES = 64 * 1024  # some hundred files
_SMALL_PAYLOAD_BYTES = 64 * 1024 * 1024
_MOST_IN_UNIT = 16  # bags: handing over costs little then
_MANY = 64  # bags
_UNITS_PER_JOB = 8  # so that no process waits long for the last one


def verify_many(requests: Iterable[VerifyRequest], effort: Effort, progress: Progress) -> Iterator[Result]:
    """Look at every bag and give the results in the order of the requests, as they are ready.

    Which bags go side by side is a matter of time only: the results are the same.
    """
    asked = list(requests)
    # of many, the large ones are few: then only the manifests' sizes are looked at
    guess = _has_few_lines if len(asked) > _MANY else _is_small
    for is_small, some in groupby(asked, guess):
        if not is_small:
            yield from (verify(replace(request, effort=effort), progress) for request in some)
            continue
        yield from _side_by_side(list(some), effort, progress)


def _side_by_side(requests: Sequence[VerifyRequest], effort: Effort, progress: Progress) -> Iterator[Result]:
    if len(requests) == 1:
        yield verify(replace(requests[0], effort=effort), progress)
        return
    from archtool.fixity.forked import run_in_order

    size = max(1, min(_MOST_IN_UNIT, len(requests) // (effort.most * _UNITS_PER_JOB)))
    size = max(size, -(-len(requests) // MAX_UNITS))
    share = effort.share()

    def verify_some(unit: int) -> list[Result]:
        some = requests[unit * size : (unit + 1) * size]
        return [verify(replace(request, effort=share)) for request in some]

    for results in run_in_order(-(-len(requests) // size), verify_some, effort):
        yield from results


def _has_few_lines(request: VerifyRequest) -> bool:
    """A guess from the sizes of the manifests; an archive is read by one process in any case."""
    try:
        with os.scandir(request.root) as entries:
            listed = [entry for entry in entries if entry.name.startswith("manifest-")]
        return sum(e.stat(follow_symlinks=False).st_size for e in listed) <= _SMALL_MANIFESTS_BYTES
    except OSError:  # whoever verifies it says what is wrong with it
        return True


def _is_small(request: VerifyRequest) -> bool:
    """A guess from what the bag says of itself."""
    if not _has_few_lines(request):
        return False
    try:
        with Tree(request.root) as tree:
            return (said_bytes(tree.read_bytes("bag-info.txt", _MAX_INFO_BYTES)) or 0) <= _SMALL_PAYLOAD_BYTES
    except OSError:  # whoever verifies it says what is wrong with it
        return True
