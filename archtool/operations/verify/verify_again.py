"""Decides whether a package is verified again, because another run of archtool changed it meanwhile.

1. The first verification takes no lock: verifying must work where nothing can be locked, and during a long
   `attest`.
2. If it finds a change, or a state that exists only between two steps of a change, the package is locked
   against changes and verified again; other verifications share the lock. The first findings are dropped.

This covers only files that archtool adds to finished packages or replaces in them. A payload file or a
metadata file that changes while it is read stays a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from archtool.errors import InputError, StorageError
from archtool.files.lock import DEFAULT_WAIT_SECONDS, wait_for_lock
from archtool.findings import Finding
from archtool.operations.open_package.package_paths import find_sidecar
from archtool.operations.verify.request import VerifyRequest
from archtool.results import Result

_FOLDERS = ("attestations", "evidence")
_OWN = ("attestations/", "evidence/", "tagmanifest-", ".archtool-")
_CHANGED = "fixity.changed-while-read"
_BETWEEN_STEPS = frozenset(("tagmanifest.unlisted-file", "tagmanifest.sets-differ"))


def is_outdated(result: Result, request: VerifyRequest, sidecar: Path | None) -> bool:
    """Return whether another run of archtool changed the package during its verification.

    `sidecar` is the sidecar that existed before the verification; another run can have merged it meanwhile.
    """
    was_merged = bool(result.exit_code) and find_sidecar(request.root, request.sidecar) != sidecar
    return was_merged or _is_torn(result)


def _is_torn(result: Result) -> bool:
    """Return whether archtool changed the package during the verification, and nothing else changed."""
    findings = (*result.findings, *result.set_aside)
    changed = [finding for finding in findings if finding.code == _CHANGED]
    if changed:
        return all(map(_is_own, changed))
    return any(finding.code in _BETWEEN_STEPS and _is_own(finding) for finding in findings)


def _is_own(finding: Finding) -> bool:
    """Return whether a finding is about a file that archtool adds to or replaces in finished packages."""
    file = finding.place.file if finding.place is not None else ""
    return file in _FOLDERS or file.startswith(_OWN)


@contextmanager
def locked_if_free(root: Path) -> Iterator[None]:
    """Lock the package against changes; if the lock is not free in time, continue without it."""
    with ExitStack() as locks:
        with suppress(InputError, StorageError):
            locks.enter_context(wait_for_lock(root, DEFAULT_WAIT_SECONDS, lambda _: None, is_shared=True))
        yield
