"""Why one file could not be had: a value on its way up to a finding."""

from __future__ import annotations

from archtool.findings import Kind


class FetchFailedError(Exception):
    """One file could not be fetched; the others are not concerned."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


class StoppedError(Exception):
    """The run is being stopped: by a person, or because nothing can be stored any more."""
