"""Verifies bags of which nothing is told but their names: what scripts run all night.

What the whole look needs is imported for the first bag that needs it: most runs meet none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from archtool.errors import InputError, ReadFailedError
from archtool.fixity.effort import Effort
from archtool.fixity.root_name import RootName
from archtool.operations.alone import SizeLimit
from archtool.operations.opening import open_bag
from archtool.operations.ordinary_bag import Ordinary, answer, look_quickly
from archtool.operations.places import find_sidecar
from archtool.operations.side_by_side import look_side_by_side
from archtool.operations.steady_look import look_steadily
from archtool.progress import NoProgress, Progress

if TYPE_CHECKING:
    from archtool.operations.verify_request import VerifyRequest
    from archtool.results import Result


def verify_named(
    roots: Sequence[RootName], at_seconds: int, effort: Effort, progress: Progress
) -> Iterator[list[tuple[RootName, Ordinary | Result]]]:
    """What each bag is like, some at a time, in the order of their names and as they are ready.

    `at_seconds` is the moment, since the epoch, that keys must be valid at.
    """
    look_alone = partial(_look, at_seconds, NoProgress())
    for some, seen in look_side_by_side(roots, look_alone, effort):
        ready: list[tuple[RootName, Ordinary | Result]] = []
        for root, looked in zip(some, seen, strict=True):
            if looked is not None:
                ready.append((root, looked))
                continue
            if ready:  # the next one may take hours
                yield ready
            ready = [(root, _look(at_seconds, progress, root, effort))]
        yield ready


def _look(
    at_seconds: int, progress: Progress, root: RootName, effort: Effort, limit: SizeLimit | None = None
) -> Ordinary | Result:
    return look_steadily(root, None, lambda: _look_once(at_seconds, progress, root, effort, limit))


def _look_once(
    at_seconds: int, progress: Progress, root: RootName, effort: Effort, limit: SizeLimit | None
) -> Ordinary | Result:
    try:
        with open_bag(root) as source:
            quick = look_quickly(root, source, effort, progress, limit)
            ordinary = answer(quick) if find_sidecar(root) is None else None
            if ordinary is not None:
                return ordinary
            from archtool.operations.verify import look_whole

            return look_whole(_request(root, at_seconds, effort), source, quick, progress)
    except (InputError, ReadFailedError) as error:
        from archtool.operations.verify import unreadable

        return unreadable(_request(root, at_seconds, effort), error)


def _request(root: RootName, at_seconds: int, effort: Effort) -> VerifyRequest:
    from datetime import UTC, datetime
    from pathlib import Path

    from archtool.operations.trust_request import TrustRequest
    from archtool.operations.verify_request import VerifyRequest

    return VerifyRequest(Path(root), datetime.fromtimestamp(at_seconds, UTC), TrustRequest(), effort)
