"""Verifies many bags, each with its request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archtool.fixity.effort import Effort
from archtool.operations.alone import SizeLimit
from archtool.operations.ordinary_bag import Ordinary
from archtool.operations.side_by_side import look_side_by_side
from archtool.operations.verify import VerifyRequest, look, told, verify
from archtool.progress import Progress
from archtool.results import Result


def verify_many(requests: Iterable[VerifyRequest], effort: Effort, progress: Progress) -> Iterator[Result]:
    """Look at every bag and give the results in the order of the requests, as they are ready."""
    for some, seen in look_side_by_side(list(requests), _look_alone, effort):
        for request, looked in zip(some, seen, strict=True):
            yield verify(request, progress, effort) if looked is None else told(request, looked)


def _look_alone(request: VerifyRequest, effort: Effort, limit: SizeLimit) -> Result | Ordinary:
    return look(request, effort=effort, limit=limit)
