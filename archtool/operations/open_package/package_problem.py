"""Reports that one of several packages cannot be read, for a run that goes on with the others."""

from __future__ import annotations

from dataclasses import replace

from archtool.bagit.unreadable import unreadable
from archtool.errors import ArchtoolError
from archtool.findings import Finding, Kind


def package_problem(kind: Kind, error: ArchtoolError | OSError) -> Finding:
    """Return an error as a finding of this kind; it causes the exit code that the error would cause."""
    if isinstance(error, OSError):
        return replace(unreadable(kind, error, "", message="the package cannot be read"), place=None)
    return replace(kind.at(error.message, hint=error.hint), error_exit_code=error.exit_code)
