"""Opens a file for reading, and reads small files completely: a tag file, a key, a description.

It uses no file objects: these cost more than reading a small file.
"""

from __future__ import annotations

import errno
import os
import stat

from archtool.files.file_kinds import FileKind, NotAFileError

# O_NONBLOCK: opening a FIFO must not wait for a writer that never comes
READ_FLAGS = (
    os.O_RDONLY
    | os.O_CLOEXEC
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)
FIRST_READ_BYTES, _READ_BYTES = 64 * 1024, 16 * 1024 * 1024  # nearly every tag file is small


def read_file(path: str, limit_bytes: int) -> bytes:
    """Read a small file completely; the caller trusts the folders of the path, and its last step is no link.

    Raises:
        NotAFileError: not a regular file.
        OSError: missing, unreadable, or larger than the limit (`EFBIG`).
    """
    descriptor = os.open(path, READ_FLAGS)
    try:
        status = os.fstat(descriptor)
        refuse_unless_file(path, status)
        return read_to_end(descriptor, status, limit_bytes, path)
    finally:
        os.close(descriptor)


def read_to_end(descriptor: int, status: os.stat_result, limit_bytes: int, path: str) -> bytes:
    """Read a small open file completely; `status` is its status when it was opened.

    Raises:
        OSError: unreadable, or larger than the limit (`EFBIG`).
    """
    if status.st_size > limit_bytes:
        raise _too_large(limit_bytes, path)
    parts, left, size = [], limit_bytes + 1, FIRST_READ_BYTES
    while left > 0 and (part := os.read(descriptor, min(left, size))):
        parts.append(part)
        left, size = left - len(part), _READ_BYTES
        if limit_bytes + 1 - left == status.st_size:  # complete, as of `status`
            break
    if left <= 0:  # the file grows
        raise _too_large(limit_bytes, path)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def refuse_unless_file(path: str, status: os.stat_result) -> None:
    """Refuse everything but a regular file.

    Raises:
        NotAFileError: the status is of something else.
    """
    if not stat.S_ISREG(status.st_mode):
        raise NotAFileError(path, FileKind.of_mode(status.st_mode))


def _too_large(limit_bytes: int, path: str) -> OSError:
    return OSError(errno.EFBIG, f"larger than {limit_bytes:,} bytes", path)
