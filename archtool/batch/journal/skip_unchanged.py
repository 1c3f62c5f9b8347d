"""When nothing has to be done for a job, for verbs that find their packages there already."""

from __future__ import annotations

import os
from hashlib import sha512
from pathlib import Path

from archtool.batch.job import Ending, Job, Outcome
from archtool.batch.journal.state import Known


def left_as_it_was(job: Job, known: Known | None, inputs: str, *, retry_failed: bool) -> Outcome | None:
    """The outcome of a job that an earlier run ended with the same inputs; `None`: it is to be done."""
    if known is None or known.was_cut_off or known.has_passed or known.inputs != inputs:
        return None
    if known.ending is None:
        return None
    if retry_failed and known.ending is Ending.FAILED:
        return None
    told = known.message or "an earlier run of this batch did it; the package was not looked at now"
    return Outcome(job.key, Ending.LEFT, known.exit_code, inputs, told)


def inputs_digest(asked: str, package: Path | None = None) -> str:
    """The digest of what was asked, and of the state that a package seems to be in.

    Of the package it takes the names, sizes and times at its root, where the manifests lie. That is enough
    to see that another package lies there now; it is no fixity check.
    """
    taken = sha512(asked.encode("utf-8", "surrogateescape"))
    for name, status in sorted(_at_root(package).items()) if package is not None else ():
        taken.update(f"\n{name}\0{status.st_size}\0{status.st_mtime_ns}".encode("utf-8", "surrogateescape"))
    return f"sha512:{taken.hexdigest()}"


def _at_root(package: Path) -> dict[str, os.stat_result]:
    try:
        with os.scandir(package) as entries:
            return {
                e.name: e.stat(follow_symlinks=False) for e in entries if e.is_file(follow_symlinks=False)
            }
    except NotADirectoryError:
        return {package.name: package.stat()}
    except OSError:
        return {}  # whoever looks at it will say so
