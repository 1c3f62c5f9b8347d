"""Reads a file on this machine by its `file:` address, which must be allowed explicitly.

No part of the path may be a link, and the file must be a regular file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit
from urllib.request import url2pathname

from archtool.download import finding_kinds
from archtool.download.failures import FetchFailedError, StoppedError
from archtool.download.locations import brief_url
from archtool.download.replies import READ_BYTES, RangeRequest
from archtool.files.file_kinds import NotAFileError
from archtool.files.paths import shown
from archtool.files.tree import Tree

_LOCAL_HOSTS = frozenset(("", "localhost"))


@dataclass(frozen=True, slots=True)
class FileReply:
    """An open file."""

    descriptor: int
    offset_bytes: int
    total_bytes: int
    validator: str
    stop: Event
    has_end: bool = True

    def read(self) -> bytes:
        """Return the next bytes; `b""` at the end."""
        if self.stop.is_set():
            raise StoppedError
        try:
            return os.read(self.descriptor, READ_BYTES)
        except OSError as error:
            message = f"reading failed: {error.strerror}"
            raise FetchFailedError(finding_kinds.BROKEN_OFF, message) from error

    def close(self) -> None:
        """Close the file."""
        os.close(self.descriptor)


def open_file(url: str, wanted_range: RangeRequest, stop: Event) -> FileReply:
    """Open a file by its `file:` URL.

    Raises:
        FetchFailedError: on another machine, missing, unreadable, not a file, or reached through a link.
    """
    path = _path_of(url)
    try:
        with Tree(Path(path.anchor)) as tree:
            descriptor = tree.open_file(path.relative_to(path.anchor).as_posix())
    except NotAFileError as error:
        message = f"{brief_url(url)}: {error.path!r} in the path is a {error.kind.value}"
        raise FetchFailedError(finding_kinds.URL_UNUSABLE, message) from error
    except FileNotFoundError as error:
        raise FetchFailedError(finding_kinds.NOT_FOUND, f"{brief_url(url)}: no such file") from error
    except (OSError, ValueError) as error:
        message = f"{brief_url(url)}: {getattr(error, 'strerror', None) or error}"
        raise FetchFailedError(finding_kinds.FILE_UNREADABLE, message) from error
    status = os.fstat(descriptor)
    validator = f"{status.st_ino}-{status.st_size}-{status.st_mtime_ns}"
    is_same = wanted_range.validator == validator and wanted_range.offset_bytes <= status.st_size
    offset_bytes = os.lseek(descriptor, wanted_range.offset_bytes if is_same else 0, os.SEEK_SET)
    return FileReply(descriptor, offset_bytes, status.st_size, validator, stop)


def _path_of(url: str) -> Path:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise FetchFailedError(finding_kinds.URL_UNUSABLE, f"{error}: {brief_url(url)}") from error
    path = Path(url2pathname(parts.path))
    if parts.netloc.lower() not in _LOCAL_HOSTS or not path.is_absolute() or ".." in path.parts:
        message = f"not the plain path of a file on this machine: {shown(brief_url(url))}"
        raise FetchFailedError(finding_kinds.URL_UNUSABLE, message)
    return path
