"""Verifies one package or foreign bag: three separate answers, and every finding, not the first.

A bag in which nothing needs to be thought about is answered at the door; all others get the whole look
(`verify_whole`), whose rooms are not even entered for the first kind.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from archtool.errors import InputError
from archtool.fixity.effort import Effort
from archtool.fixity.source import FileSource
from archtool.operations.alone import SizeLimit
from archtool.operations.opening import open_bag
from archtool.operations.places import find_sidecar
from archtool.operations.quick import Quick, go_quickly
from archtool.operations.verify_request import NOT_ASKED, NOT_DESCRIBED, RESULT_SCHEMA, Depth, VerifyRequest
from archtool.progress import NoProgress, Progress
from archtool.results import Result

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


class Ordinary(NamedTuple):
    """All that there is to say of a bag in which every file is what every manifest says.

    It passes between processes by the thousand, and is a tenth of the result that is made from it.
    """

    bagit_version: str
    algorithms: tuple[str, ...]
    payload_files: int
    payload_bytes: int
    tag_files: int
    checked_tag_files: int
    checked_tag_bytes: int


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
    try:
        with open_bag(request.root, request.limits) as source:
            quick = _go_quickly(request, source, progress or NoProgress(), effort or request.effort, limit)
            sidecar = find_sidecar(request.root, request.sidecar)
            if quick is not None and quick.is_ordinary and sidecar is None and request.trust.is_empty:
                return _ordinary(quick)
            from archtool.operations.verify_whole import verify_whole

            whole = replace(request, sidecar=sidecar, effort=effort or request.effort)
            return verify_whole(whole, source, quick, progress or NoProgress())
    except InputError as error:
        return _unreadable(request, error.message)


def _go_quickly(
    request: VerifyRequest, source: FileSource, progress: Progress, effort: Effort, limit: SizeLimit | None
) -> Quick | None:
    """Not where somebody wants to know the names: a profile, or the one who explains a second opinion."""
    is_plainly_asked = request.profile is None and not request.second_opinion
    if request.depth is Depth.FULL and is_plainly_asked:
        quick = go_quickly(source, effort, progress, limit)
        if quick is not None:
            return quick
    if limit is not None:
        limit.check_unread(request.root)
    return None


def _ordinary(quick: Quick) -> Ordinary:
    tags, proof = quick.tags, quick.proof
    assert tags is not None  # noqa: S101 - `is_ordinary` says so
    return Ordinary(
        tags.version,
        tuple([algorithm.value for _, algorithm in proof.manifests]),
        proof.files,
        proof.size_bytes,
        quick.tag_files,
        tags.files,
        tags.size_bytes,
    )


def told(request: VerifyRequest, looked: Result | Ordinary) -> Result:
    """The result in full."""
    if isinstance(looked, Result):
        return looked
    files, size_bytes = looked.payload_files, looked.payload_bytes
    facts: dict[str, Any] = {
        "bagit_version": looked.bagit_version,
        "algorithms": list(looked.algorithms),
        "payload": {"files": files, "bytes": size_bytes},
        "tag_files": looked.tag_files,
        "serialisation": None,
        "depth": _FULL,
        "checked": {
            "files": files + looked.checked_tag_files,
            "bytes": size_bytes + looked.checked_tag_bytes,
        },
        "content": {},
        "attestations": [],
        "head": None,
        "sidecar": None,
        "evidence": [],
    }
    verdict = {"bag": request.depth.value, "content": NOT_DESCRIBED, "trust": NOT_ASKED}
    return Result(RESULT_SCHEMA, str(request.root), (), verdict, facts, request.strict)


def _unreadable(request: VerifyRequest, why: str) -> Result:
    from archtool.bag.kinds import BAG_UNREADABLE

    finding = BAG_UNREADABLE.at(why, str(request.root))
    verdict = {"bag": "unreadable", "content": NOT_DESCRIBED, "trust": NOT_ASKED}
    return Result(RESULT_SCHEMA, str(request.root), (finding,), verdict, {}, request.strict)
