"""Opens a file for reading, and reads a small one whole: a tag file, a key, a description.

No file objects: they cost more than reading a small file does.
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
    """Read a small file whole, by a path that is ours up to its last step; that may be no link.

    Raises:
        NotAFileError: it is none.
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
    """Read a small open file whole; `status` is what it was like when it was opened.

    Raises:
        OSError: unreadable, or larger than the limit (`EFBIG`).
    """
    if status.st_size > limit_bytes:
        raise _too_large(limit_bytes, path)
    parts, left, size = [], limit_bytes + 1, FIRST_READ_BYTES
    while left > 0 and (part := os.read(descriptor, min(left, size))):
        parts.append(part)
        left, size = left - len(part), _READ_BYTES
        if limit_bytes + 1 - left == status.st_size:  # all that it was when it was looked at
            break
    if left <= 0:  # it grows
        raise _too_large(limit_bytes, path)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def refuse_unless_file(path: str, status: os.stat_result) -> None:
    """Let only what looks like a regular file be opened, or be read.

    Raises:
        NotAFileError: it is something else.
    """
    if not stat.S_ISREG(status.st_mode):
        raise NotAFileError(path, FileKind.of_mode(status.st_mode))


def _too_large(limit_bytes: int, path: str) -> OSError:
    return OSError(errno.EFBIG, f"larger than {limit_bytes:,} bytes", path)
