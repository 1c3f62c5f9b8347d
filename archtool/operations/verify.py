"""Verifies one package or foreign bag: three separate answers, and every finding, not the first.

A bag in which nothing needs to be thought about is answered at the door (`ordinary_bag`); all others get the
whole look (`verify_whole`), whose rooms are not even entered for the first kind.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archtool.errors import InputError, ReadFailedError, SourceChangedError
from archtool.fixity.effort import Effort
from archtool.fixity.source import FileSource
from archtool.operations.alone import SizeLimit
from archtool.operations.opening import open_bag
from archtool.operations.ordinary_bag import NOT_ASKED, NOT_DESCRIBED, VERDICT, Ordinary, answer, look_quickly
from archtool.operations.places import find_sidecar
from archtool.operations.quick import Quick
from archtool.operations.steady_look import look_steadily
from archtool.operations.verify_request import RESULT_SCHEMA, Depth, VerifyRequest
from archtool.progress import NoProgress, Progress
from archtool.results import Result

if TYPE_CHECKING:
    from archtool.findings import Kind
    from archtool.fixity.read_once import ReadOnce

_FULL = Depth.FULL.name.lower()

__all__ = ["Depth", "VerifyRequest", "verify"]


def verify(
    request: VerifyRequest,
    progress: Progress | None = None,
    effort: Effort | None = None,
    limit: SizeLimit | None = None,
) -> Result:
    """Look at everything in one bag, a folder or an archive of one; `effort` in the place of the request's.

    Nothing is raised for what a bag is like, however bad it is.

    Raises:
        TooLargeError: it is larger than the limit, where there is one.
    """
    return told(request, look(request, progress, effort, limit))


def look(
    request: VerifyRequest,
    progress: Progress | None = None,
    effort: Effort | None = None,
    limit: SizeLimit | None = None,
) -> Result | Ordinary:
    """The same, before it is told in full.

    Raises:
        TooLargeError: as `verify` does.
    """
    return look_steadily(request.root, request.sidecar, lambda: _look_once(request, progress, effort, limit))


def _look_once(
    request: VerifyRequest, progress: Progress | None, effort: Effort | None, limit: SizeLimit | None
) -> Result | Ordinary:
    asked, told_to = replace(request, effort=effort or request.effort), progress or NoProgress()
    try:
        with open_bag(request.root, request.limits) as source:
            quick = _look_quickly(asked, source, told_to, limit)
            is_alone = find_sidecar(request.root, request.sidecar) is None
            ordinary = answer(quick) if is_alone and request.trust.is_empty else None
            return ordinary or look_whole(asked, source, quick, told_to)
    except (InputError, ReadFailedError) as error:
        return unreadable(request, error)


def verify_opened(request: VerifyRequest, source: ReadOnce, progress: Progress | None = None) -> Result:
    """Look at everything in a bag that is open already.

    `source` remembers the tag files as they were verified, for a claim about them.
    """
    told_to = progress or NoProgress()
    return look_whole(request, source, _look_quickly(request, source.inner, told_to, None), told_to)


def _look_quickly(
    request: VerifyRequest, source: FileSource, progress: Progress, limit: SizeLimit | None
) -> Quick | None:
    """Not where somebody wants to know the names: a profile, or the one who explains a second opinion."""
    if request.depth is Depth.FULL and request.profile is None and not request.second_opinion:
        return look_quickly(request.root, source, request.effort, progress, limit)
    if limit is not None:
        limit.check_unread(request.root)
    return None


def look_whole(request: VerifyRequest, source: FileSource, quick: Quick | None, progress: Progress) -> Result:
    """Everything that the quick way has left to look at, and what lies beside the bag."""
    from archtool.fixity.read_once import ReadOnce
    from archtool.operations.verify_whole import verify_whole

    whole = replace(request, sidecar=find_sidecar(request.root, request.sidecar))
    return verify_whole(
        whole, ReadOnce(source) if not isinstance(source, ReadOnce) else source, quick, progress
    )


def told(request: VerifyRequest, looked: Result | Ordinary) -> Result:
    """The result in full."""
    if isinstance(looked, Result):
        return looked
    files, size_bytes = looked.checked
    facts: dict[str, Any] = {
        "bagit_version": looked.bagit_version,
        "algorithms": list(looked.algorithms),
        "payload": {"files": looked.payload_files, "bytes": looked.payload_bytes},
        "tag_files": looked.tag_files,
        "serialisation": None,
        "depth": _FULL,
        "checked": {"files": files, "bytes": size_bytes},
        "content": {},
        "attestations": [],
        "head": None,
        "sidecar": None,
        "evidence": [],
    }
    return Result(RESULT_SCHEMA, str(request.root), (), dict(VERDICT), facts, request.strict)


def unreadable(request: VerifyRequest, error: InputError | ReadFailedError) -> Result:
    """The result for what cannot be opened, or is no bag."""
    seen = _why_unreadable(error).at(error.message, str(request.root), hint=error.hint)
    finding = replace(seen, error_exit_code=error.exit_code)
    verdict = {"bag": "unreadable", "content": NOT_DESCRIBED, "trust": NOT_ASKED}
    return Result(RESULT_SCHEMA, str(request.root), (finding,), verdict, {}, request.strict)


def _why_unreadable(error: InputError | ReadFailedError) -> Kind:
    from archtool.bag.kinds import BAG_UNREADABLE, FILE_CHANGED, NOT_A_BAG
    from archtool.operations.nearby_bags import NotABagError
    from archtool.serialisation.errors import TwoReadingsError
    from archtool.serialisation.kinds import TWO_READINGS

    if isinstance(error, TwoReadingsError):
        return TWO_READINGS
    if isinstance(error, SourceChangedError):
        return FILE_CHANGED
    return NOT_A_BAG if isinstance(error, NotABagError) else BAG_UNREADABLE
