"""What may be asked, of whom, and for how long: decided by who runs the command, never by a bag."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

HTTP_SCHEMES = frozenset(("http", "https"))
FILE_SCHEME = "file"
KNOWN_SCHEMES = HTTP_SCHEMES | {FILE_SCHEME}
DEFAULT_MAX_SIZE_BYTES = 10 * 1024**3  # a file of undeclared length: longer than a film, shorter than a disk
DEFAULT_MAX_TOTAL_BYTES = 1024**4  # one bag: a hostile list must not fill an archive's store
DEFAULT_PATIENCE_SECONDS = 60.0  # a store that fetches from tape may need more: --timeout
MIN_BYTES_PER_SECOND = 1000  # an old modem; who sends less, on average, keeps a thread busy for years
DEFAULT_JOBS = 4  # polite to one server; more seldom helps
MAX_JOBS = 32

Resolve = Callable[[str, int], Sequence[str]]


def resolve_host(host: str, port: int) -> Sequence[str]:
    """Every address of a host, in the system's order. How long to wait is the system's decision.

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
    """Whether addresses of one's own network may be asked."""
    max_size_bytes: int = DEFAULT_MAX_SIZE_BYTES
    """For a file whose length is not declared."""
    max_total_bytes: int = DEFAULT_MAX_TOTAL_BYTES
    """For all that arrives for one bag."""
    patience_seconds: float = DEFAULT_PATIENCE_SECONDS
    """For a connection to come about, for the next byte, and for a slow server to get faster."""
    resolve: Resolve = resolve_host
    make_tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    """The system's trust; certificates and names are verified."""
    clock: Callable[[], float] = time.monotonic
