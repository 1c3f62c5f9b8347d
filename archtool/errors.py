"""Defines the errors that archtool raises when it cannot read an input or complete a request.

A problem *in* an input that could be read is a finding (`archtool.findings`), never an error.
The exit code is an attribute of the error class, so that the two cannot drift apart.
"""

from __future__ import annotations

from archtool.exit_codes import ExitCode, worst_exit_code
from archtool.findings import Finding


class ArchtoolError(Exception):
    """The base class of all errors: a message and an optional hint.

    `message` states what is wrong and where, in lower case, with the value in question; `hint` states what
    to do.
    """

    exit_code = ExitCode.BUG

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ArchtoolError):
    """The options or arguments of a request contradict each other or make no sense."""

    exit_code = ExitCode.USAGE


class InputError(ArchtoolError):
    """An input cannot be used: it is missing, unreadable or of the wrong type."""

    exit_code = ExitCode.INPUT_UNUSABLE


class SourceChangedError(InputError):
    """A source grew, shrank or was replaced while it was being read: it has no reliable digest."""


class MaterialRefusedError(InputError):
    """The material was checked and cannot be packed as it is; `findings` lists the reasons."""

    def __init__(self, message: str, findings: tuple[Finding, ...], *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.findings = findings
        # with --strict, all findings can be warnings: they count as problems in the material
        self.exit_code = worst_exit_code(f.exit_code for f in findings) or ExitCode.PROBLEMS_FOUND


class StorageError(ArchtoolError):
    """The environment failed: disk full, permission denied, a lock held by another run."""

    exit_code = ExitCode.SURROUNDINGS


class ReadFailedError(StorageError):
    """The system failed while an input was read (failing disk, too many open files): no verdict is given."""


class MissingPartError(StorageError):
    """A package or program that the request needs is not installed."""
