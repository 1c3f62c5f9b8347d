"""Verifies a package again if archtool changed it meanwhile: one person may attest what another verifies.

1. The first verification takes no lock: verifying must work where nothing can be locked, and beside a long
   `attest`.
2. If it met a change, or a state that only lasts between two steps of a change, the package is locked against
   changes, shared with others who verify, and verified once more. What the first one found is dropped.

This is for files that archtool adds to finished packages, and for those that it replaces in them. A payload
file or a metadata file that changes while it is read stays a finding.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from archtool.errors import InputError, StorageError
from archtool.files.lock import DEFAULT_WAIT_SECONDS, wait_for_lock
from archtool.findings import Finding
from archtool.operations.open_package.package_paths import find_sidecar
from archtool.results import Result

MAX_ATTEMPTS = 3  # the lock may not be had in time: then the package may change again
_FOLDERS = ("attestations", "evidence")
_OWN = ("attestations/", "evidence/", "tagmanifest-", ".archtool-")
_CHANGED = "fixity.changed-while-read"
_BETWEEN_STEPS = frozenset(("tagmanifest.unlisted-file", "tagmanifest.sets-differ"))


def verify_until_unchanged(root: Path, sidecar: Path | None, verify: Callable[[], Result]) -> Result:
    """Return what `verify` returns for a state of the package that no run of archtool was changing.

    `sidecar` is the one that was named. If another run holds the package for long, the last result counts.
    """
    beside = find_sidecar(root, sidecar)
    result = verify()
    for _ in range(MAX_ATTEMPTS - 1):
        is_moved = bool(result.exit_code) and find_sidecar(root, sidecar) != beside  # merged meanwhile
        if not is_moved and not _is_torn(result):
            break
        beside = find_sidecar(root, sidecar)
        with ExitStack() as held:
            _lock(root, held)
            result = verify()
    return result


def _is_torn(result: Result) -> bool:
    """Whether a verification met a change by archtool, and nothing else that changed."""
    findings = (*result.findings, *result.set_aside)
    changed = [finding for finding in findings if finding.code == _CHANGED]
    if changed:
        return all(map(_is_own, changed))
    return any(finding.code in _BETWEEN_STEPS and _is_own(finding) for finding in findings)


def _is_own(finding: Finding) -> bool:
    """Whether a finding is about a file that archtool adds to finished packages, or replaces in them."""
    file = finding.place.file if finding.place is not None else ""
    return file in _FOLDERS or file.startswith(_OWN)


def _lock(root: Path, held: ExitStack) -> None:
    """Lock the package against changes, if that is possible in time."""
    try:
        held.enter_context(wait_for_lock(root, DEFAULT_WAIT_SECONDS, lambda _: None, is_shared=True))
    except (InputError, StorageError):
        return
