"""Tells failures of the system (a failing disk, no memory) from faults of a file or its permissions."""

from __future__ import annotations

import errno

from archtool.errors import InputError, ReadFailedError

_LIMITS = frozenset((errno.EMFILE, errno.ENFILE))
_MEMORY = frozenset((errno.ENOMEM, errno.ENOBUFS, errno.EAGAIN))
# by name: no system defines all of them
_NAMES = (
    "EIO", "ESTALE", "ENXIO", "ENODEV", "EREMOTEIO", "EUCLEAN", "EBADMSG", "ETIMEDOUT", "ENOLCK", "EBUSY",
    "ENETDOWN", "ENETUNREACH", "EHOSTDOWN", "EHOSTUNREACH", "ENOTCONN", "ECONNRESET", "ECONNREFUSED",
    "ECONNABORTED", "ECOMM", "ENOLINK", "EPROTO", "ENOMEDIUM", "EMEDIUMTYPE", "EDQUOT", "ENOSPC", "EINTR",
)  # fmt: skip
_STORAGE = frozenset(number for name in _NAMES if (number := getattr(errno, name, None)) is not None)


def is_system_failure(error: OSError) -> bool:
    """Return whether a call failed for a reason that is neither the file nor its permissions."""
    if getattr(error, "is_about_the_material", False):
        return False
    return is_failure_number(error.errno)


def is_failure_number(number: int | None) -> bool:
    """Return whether an error number means a failure of the system."""
    return number in _STORAGE or number in _LIMITS or number in _MEMORY


def cannot_read(message: str, error: OSError, *, hint: str | None = None) -> InputError | ReadFailedError:
    """Return the error for an unreadable input: exit 3 for a fault of the input, 5 for a system failure."""
    if is_system_failure(error):
        return ReadFailedError(message, hint=hint_for(error))
    return InputError(message, hint=hint)


def hint_for(error: OSError) -> str:
    """Return the hint for a failure of the system."""
    return hint_for_number(error.errno)


def hint_for_number(number: int | None) -> str:
    """Return the hint for a failure of the system with this error number."""
    if number in _LIMITS:
        return "the check is not complete: allow more open files (ulimit -n), then run the same command again"
    if number in _MEMORY:
        return "the check is not complete: free some memory, then run the same command again"
    return (
        "the check is not complete: check the disk or the connection to it (on Linux: dmesg), "
        "then run the same command again"
    )
