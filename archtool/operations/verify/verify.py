"""Verifies one package or foreign bag; returns three separate verdicts and every finding.

Faults of a bag are findings in the result; they never raise an error.
"""

from __future__ import annotations

from dataclasses import replace

from archtool.bagit.finding_kinds import BAG_UNREADABLE, FILE_CHANGED, NOT_A_BAG
from archtool.errors import InputError, ReadFailedError, SourceChangedError
from archtool.files.read_once import ReadOnceSource
from archtool.files.workers.concurrency import Concurrency
from archtool.findings import Kind
from archtool.operations.content.content_check import NOT_DESCRIBED
from archtool.operations.limits import MAX_ATTEMPTS
from archtool.operations.open_package.nearby_bags import NotABagError
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.package_paths import find_sidecar
from archtool.operations.verify.request import RESULT_SCHEMA, Depth, VerifyRequest
from archtool.operations.verify.verify_again import is_outdated, locked_if_free
from archtool.operations.verify.verify_bag import TRUST_NOT_CHECKED, verify_bag
from archtool.progress import NoProgress, Progress
from archtool.results import Result

__all__ = ["Depth", "VerifyRequest", "verify"]


def verify(
    request: VerifyRequest, progress: Progress | None = None, concurrency: Concurrency | None = None
) -> Result:
    """Verify one bag, a folder or an archive; `concurrency`, if given, replaces that of the request."""
    if concurrency is not None:
        request = replace(request, concurrency=concurrency)
    # (1) without a lock
    sidecar = find_sidecar(request.root, request.sidecar)
    result = _verify_once(request, progress)
    # (2) again, with a lock, if another run of archtool changed the package meanwhile
    for _ in range(MAX_ATTEMPTS - 1):
        if not is_outdated(result, request, sidecar):
            break
        sidecar = find_sidecar(request.root, request.sidecar)
        with locked_if_free(request.root):
            result = _verify_once(request, progress)
    return result


def _verify_once(request: VerifyRequest, progress: Progress | None) -> Result:
    try:
        with open_bag(request.root, request.limits, progress) as source:
            return verify_opened(request, ReadOnceSource(source), progress)
    except (InputError, ReadFailedError) as error:
        return _unreadable_result(request, error)


def verify_opened(request: VerifyRequest, source: ReadOnceSource, progress: Progress | None = None) -> Result:
    """Verify a bag that is already open.

    `source` keeps the tag files as they were verified, so that an attestation can cover the same bytes.
    """
    sidecar = find_sidecar(request.root, request.sidecar)
    if sidecar != request.sidecar:
        request = replace(request, sidecar=sidecar)
    return verify_bag(request, source, progress or NoProgress())


def _unreadable_result(request: VerifyRequest, error: InputError | ReadFailedError) -> Result:
    """Return the result for a path that cannot be opened or is not a bag."""
    finding = _unreadable_kind(error).at(error.message, str(request.root), hint=error.hint)
    finding = replace(finding, error_exit_code=error.exit_code)
    verdict = {"bag": "unreadable", "content": NOT_DESCRIBED, "trust": TRUST_NOT_CHECKED}
    return Result(RESULT_SCHEMA, str(request.root), (finding,), verdict, {}, request.strict)


def _unreadable_kind(error: InputError | ReadFailedError) -> Kind:
    from archtool.archives.errors import TwoReadingsError  # lazy: only errors need them
    from archtool.archives.finding_kinds import TWO_READINGS  # lazy: only errors need them

    if isinstance(error, TwoReadingsError):
        return TWO_READINGS
    if isinstance(error, SourceChangedError):
        return FILE_CHANGED
    return NOT_A_BAG if isinstance(error, NotABagError) else BAG_UNREADABLE
