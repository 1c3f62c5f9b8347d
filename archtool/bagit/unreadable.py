"""Findings about files that exist and could not be read.

A file that the user may not read needs other permissions (exit 3). A failing disk, a lost server and a
process without memory or descriptors are failures of the system (exit 5). Neither is evidence about the bag.
"""

from __future__ import annotations

from dataclasses import replace

from archtool.exit_codes import ExitCode
from archtool.files.os_errors import hint_for, is_system_failure
from archtool.findings import Finding, Kind


def unreadable(kind: Kind, error: OSError, path: str, *, message: str = "could not be read") -> Finding:
    """Return a finding of this kind about a file, with the exit code and the hint for the error."""
    finding = kind.at(f"{message}: {error.strerror or error}", path)
    if not is_system_failure(error):
        return finding
    return replace(finding, error_exit_code=ExitCode.SURROUNDINGS, hint=hint_for(error))
