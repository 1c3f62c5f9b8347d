"""Errors that stop the reading of an archive."""

from __future__ import annotations

import errno

from archtool.errors import InputError


class NotAnArchiveError(InputError):
    """The file is no archive that archtool reads."""


class TwoReadingsError(NotAnArchiveError):
    """Two programs read the file as two different archives."""


class DamagedError(OSError):
    """The archive is truncated or broken at this place; the following members cannot be found."""

    is_about_the_material = True
    """It has the error number of a failing disk, but the archive is at fault (`files.os_errors`)."""

    def __init__(self, message: str) -> None:
        super().__init__(errno.EIO, message)


class ExpandsTooFarError(DamagedError):
    """The archive expands to more bytes than the limit allows for its size."""
