"""Verifies many bags, each with its request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archtool.files.workers.concurrency import Concurrency
from archtool.operations.verify.request import VerifyRequest
from archtool.operations.verify.side_by_side import for_each_bag
from archtool.operations.verify.size_limit import SMALL
from archtool.operations.verify.verify import verify
from archtool.progress import NoProgress, Progress
from archtool.results import Result


def verify_many(
    requests: Iterable[VerifyRequest], concurrency: Concurrency, progress: Progress
) -> Iterator[Result]:
    """Verify every bag; yields the results in the order of the requests, as they are ready."""

    def is_small(request: VerifyRequest) -> bool:
        return SMALL.holds_for(request.root)

    def verify_alone(request: VerifyRequest, share: Concurrency) -> Result:
        return verify(request, NoProgress(), share)

    for request, result in for_each_bag(list(requests), is_small, verify_alone, concurrency):
        yield result if result is not None else verify(request, progress, concurrency)
