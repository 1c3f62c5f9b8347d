"""The limits of downloads, which come from the person who runs the command, never from a bag."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

HTTP_SCHEMES = frozenset(("http", "https"))
FILE_SCHEME = "file"
KNOWN_SCHEMES = HTTP_SCHEMES | {FILE_SCHEME}
DEFAULT_MAX_SIZE_BYTES = 10 * 1024**3  # a file of undeclared length: larger than a film, smaller than a disk
DEFAULT_MAX_TOTAL_BYTES = 1024**4  # one bag: a hostile list must not fill an archive's storage
DEFAULT_TIMEOUT_SECONDS = 60.0  # servers that read from tape can need more: --timeout
MIN_BYTES_PER_SECOND = 1000  # the rate of an old modem; a slower server would occupy a thread for years
DEFAULT_JOBS = 4  # polite to one server; more rarely helps

Resolve = Callable[[str, int], Sequence[str]]


def resolve_host(host: str, port: int) -> Sequence[str]:
    """Return all addresses of a host in the system's order; the system decides how long to wait.

    Raises:
        OSError: the name has no address.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """The limits of one run."""

    schemes: frozenset[str] = HTTP_SCHEMES
    allow_private: bool = False
    """Whether private, shared and loopback addresses are allowed."""
    max_size_bytes: int = DEFAULT_MAX_SIZE_BYTES
    """The limit for a file whose length is not declared."""
    max_total_bytes: int = DEFAULT_MAX_TOTAL_BYTES
    """The limit for all bytes received for one bag."""
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    """The limit for connecting, for waiting for the next byte, and for recovering from a slow rate."""
    resolve: Resolve = resolve_host
    make_tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    """Makes the TLS settings: the system's trusted roots; certificates and host names are verified."""
    clock: Callable[[], float] = time.monotonic
