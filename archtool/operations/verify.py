"""Verifies one package or foreign bag: three separate answers, and every finding, not the first.

A bag in which nothing needs to be thought about is answered at the door; all others get the whole look
(`verify_whole`), whose rooms are not even entered for the first kind.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from archtool.errors import InputError
from archtool.fixity.source import FileSource
from archtool.operations.opening import open_bag
from archtool.operations.places import find_sidecar
from archtool.operations.quick import Quick, go_quickly
from archtool.operations.verify_request import NOT_ASKED, NOT_DESCRIBED, RESULT_SCHEMA, Depth, VerifyRequest
from archtool.progress import NoProgress, Progress
from archtool.results import Result

__all__ = ["Depth", "VerifyRequest", "verify"]


def verify(request: VerifyRequest, progress: Progress | None = None) -> Result:
    """Look at everything in one bag, a folder or an archive of one.

    Nothing is raised for what a bag is like, however bad it is.
    """
    try:
        with open_bag(request.root, request.limits) as source:
            return _verify(request, source, progress or NoProgress())
    except InputError as error:
        return _unreadable(request, error.message)


def _verify(request: VerifyRequest, source: FileSource, progress: Progress) -> Result:
    quick = _go_quickly(request, source, progress)
    sidecar = find_sidecar(request.root, request.sidecar)
    if quick is not None and quick.is_ordinary and sidecar is None and request.trust.is_empty:
        return _nothing_to_say(request, quick)
    from archtool.operations.verify_whole import verify_whole

    return verify_whole(replace(request, sidecar=sidecar), source, quick, progress)


def _go_quickly(request: VerifyRequest, source: FileSource, progress: Progress) -> Quick | None:
    """Not where somebody wants to know the names: a profile, or the one who explains a second opinion."""
    if request.depth is not Depth.FULL or request.profile is not None or request.second_opinion:
        return None
    return go_quickly(source, request.effort, progress)


def _nothing_to_say(request: VerifyRequest, quick: Quick) -> Result:
    """The result for a bag in which every file is what every manifest says, and all is as it must be."""
    tags, proof = quick.tags, quick.proof
    assert tags is not None  # noqa: S101 - `is_ordinary` says so
    facts: dict[str, Any] = {
        "bagit_version": tags.version,
        "algorithms": [algorithm.value for _, algorithm in proof.manifests],
        "payload": {"files": proof.files, "bytes": proof.size_bytes},
        "tag_files": quick.tag_files,
        "serialisation": None,
        "depth": request.depth.name.lower(),
        "checked": {"files": proof.files + tags.files, "bytes": proof.size_bytes + tags.size_bytes},
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
