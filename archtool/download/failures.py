"""Exceptions of downloads, which become findings."""

from __future__ import annotations

from archtool.findings import Kind


class FetchFailedError(Exception):
    """One file could not be downloaded; other files are not affected."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


class StoppedError(Exception):
    """The run is being stopped: by a person, or because the disk can store no more."""
