"""Errors: why archtool could not look, or could not do what it was asked.

What a package is like when it *was* looked at is a finding (`archtool.findings`), never an error.
The exit code is an attribute of the class, so that the two cannot drift apart (DESIGN: exit codes).
"""

from __future__ import annotations

from archtool.exit_codes import ExitCode, worst_exit_code
from archtool.findings import Finding


class ArchtoolError(Exception):
    """One clear message, and what to do about it.

    `message` says what and where in lower case, with the value in question; `hint` says what to do.
    """

    exit_code = ExitCode.BUG

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ArchtoolError):
    """The command line asks for something that cannot be meant."""

    exit_code = ExitCode.USAGE


class InputError(ArchtoolError):
    """An input cannot be used: missing, unreadable, of the wrong kind."""

    exit_code = ExitCode.INPUT_UNUSABLE


class SourceChangedError(InputError):
    """A source grew, shrank or was replaced while it was being read: there is no true digest of it."""


class MaterialRefusedError(InputError):
    """The material was looked at and cannot be packed as it is; every finding is carried along."""

    def __init__(self, message: str, findings: tuple[Finding, ...], *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.findings = findings
        # with --strict there may be nothing but warnings: that is a problem in the material
        self.exit_code = worst_exit_code(f.exit_code for f in findings) or ExitCode.PROBLEMS_FOUND


class StorageError(ArchtoolError):
    """The surroundings failed: disk full, permission denied, a lock held by another run."""

    exit_code = ExitCode.SURROUNDINGS


class ReadFailedError(StorageError):
    """The system failed while an input was read (a failing disk, too many open files): it is not judged."""


class MissingPartError(StorageError):
    """Something that this request needs is not installed."""
