"""Verifies many bags, each with its own request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archtool.files.workers.concurrency import Concurrency
from archtool.operations.verify.request import VerifyRequest
from archtool.operations.verify.side_by_side import for_each_bag
from archtool.operations.verify.verify import verify
from archtool.progress import Progress
from archtool.results import Result


def verify_many(
    requests: Iterable[VerifyRequest], concurrency: Concurrency, progress: Progress
) -> Iterator[Result]:
    """Verify every bag; yields the results in the order of the requests, each when it is ready."""
    yield from for_each_bag(list(requests), verify, concurrency, progress)
