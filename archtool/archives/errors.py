"""Why an archive was not read any further."""

from __future__ import annotations

import errno

from archtool.errors import InputError


class NotAnArchiveError(InputError):
    """A file that is none of the archives that archtool reads."""


class TwoReadingsError(NotAnArchiveError):
    """A file that one program reads as this archive and another program as that one."""


class DamagedError(OSError):
    """The archive is cut off or broken here; what comes after cannot be found."""

    is_about_the_material = True
    """It has the number of a failing disk, and is none (`fixity.system_trouble`)."""

    def __init__(self, message: str) -> None:
        super().__init__(errno.EIO, message)


class ExpandsTooFarError(DamagedError):
    """More bytes come out than the limit allows for the bytes that went in."""
