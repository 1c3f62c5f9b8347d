"""Verifies one package or foreign bag: three separate answers, and every finding, not the first.

What a bag is like, however bad, is a result and no error.
"""

from __future__ import annotations

from dataclasses import replace

from archtool.bagit.finding_kinds import BAG_UNREADABLE, FILE_CHANGED, NOT_A_BAG
from archtool.errors import InputError, ReadFailedError, SourceChangedError
from archtool.files.read_once import ReadOnceSource
from archtool.files.workers.concurrency import Concurrency
from archtool.findings import Kind
from archtool.operations.content.content_check import NOT_DESCRIBED
from archtool.operations.open_package.nearby_bags import NotABagError
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.package_paths import find_sidecar
from archtool.operations.verify.request import RESULT_SCHEMA, Depth, VerifyRequest
from archtool.operations.verify.verify_again import verify_until_unchanged
from archtool.operations.verify.verify_bag import NOT_ASKED, verify_bag
from archtool.progress import NoProgress, Progress
from archtool.results import Result

__all__ = ["Depth", "VerifyRequest", "verify"]


def verify(
    request: VerifyRequest, progress: Progress | None = None, concurrency: Concurrency | None = None
) -> Result:
    """Verify one bag, a folder or an archive of one; `concurrency` instead of the request's, if given."""
    asked = replace(request, concurrency=concurrency) if concurrency is not None else request
    return verify_until_unchanged(asked.root, asked.sidecar, lambda: _verify_once(asked, progress))


def _verify_once(asked: VerifyRequest, progress: Progress | None) -> Result:
    try:
        with open_bag(asked.root, asked.limits) as source:
            return verify_opened(asked, ReadOnceSource(source), progress)
    except (InputError, ReadFailedError) as error:
        return _unreadable(asked, error)


def verify_opened(request: VerifyRequest, source: ReadOnceSource, progress: Progress | None = None) -> Result:
    """Verify a bag that is open already.

    `source` remembers the tag files as they were verified, for a claim about them.
    """
    sidecar = find_sidecar(request.root, request.sidecar)
    if sidecar != request.sidecar:
        request = replace(request, sidecar=sidecar)
    return verify_bag(request, source, progress or NoProgress())


def _unreadable(request: VerifyRequest, error: InputError | ReadFailedError) -> Result:
    """The result for what cannot be opened, or is no bag."""
    seen = _why_unreadable(error).at(error.message, str(request.root), hint=error.hint)
    finding = replace(seen, error_exit_code=error.exit_code)
    verdict = {"bag": "unreadable", "content": NOT_DESCRIBED, "trust": NOT_ASKED}
    return Result(RESULT_SCHEMA, str(request.root), (finding,), verdict, {}, request.strict)


def _why_unreadable(error: InputError | ReadFailedError) -> Kind:
    from archtool.archives.errors import TwoReadingsError  # only an archive can be read in two ways
    from archtool.archives.finding_kinds import TWO_READINGS

    if isinstance(error, TwoReadingsError):
        return TWO_READINGS
    if isinstance(error, SourceChangedError):
        return FILE_CHANGED
    return NOT_A_BAG if isinstance(error, NotABagError) else BAG_UNREADABLE
