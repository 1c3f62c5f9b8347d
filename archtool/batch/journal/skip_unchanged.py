"""Decides whether a job can be skipped, for verbs that work on existing packages."""

from __future__ import annotations

import os
from hashlib import sha512
from pathlib import Path

from archtool.batch.job import Ending, Job, Outcome
from archtool.batch.journal.state import KnownJob


def unchanged_outcome(job: Job, known: KnownJob | None, inputs: str, *, retry_failed: bool) -> Outcome | None:
    """Return the outcome of a job that was ended before with the same inputs; `None` if it must be done."""
    if known is None or known.was_interrupted or known.is_transient_failure or known.inputs != inputs:
        return None
    if known.ending is None:
        return None
    if retry_failed and known.ending is Ending.FAILED:
        return None
    message = "an earlier run did it; it was not checked again"
    return known.left_outcome(job.key, inputs, message)


def inputs_digest(options: str, package: Path | None = None) -> str:
    """Return the digest of the options and of a package's state, as far as its root shows it.

    It includes the names, sizes and times of the files at the package's root, where the manifests are. That
    is enough to notice that another package is there now; it is no fixity check.
    """
    hasher = sha512(options.encode("utf-8", "surrogateescape"))
    for name, status in sorted(_root_files(package).items()) if package is not None else ():
        hasher.update(f"\n{name}\0{status.st_size}\0{status.st_mtime_ns}".encode("utf-8", "surrogateescape"))
    return f"sha512:{hasher.hexdigest()}"


def _root_files(package: Path) -> dict[str, os.stat_result]:
    try:
        with os.scandir(package) as entries:
            return {
                e.name: e.stat(follow_symlinks=False) for e in entries if e.is_file(follow_symlinks=False)
            }
    except NotADirectoryError:
        return {package.name: package.stat()}
    except OSError:
        return {}  # the job itself reports the error
