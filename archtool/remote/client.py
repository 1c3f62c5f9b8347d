"""One HTTP request and its answer: to an address that was checked, within limits of time and size.

urllib3's connections connect, do TLS, write the request and read the head and the chunks of the answer. Its
pools, redirects, retries, proxies and decoders stay unused: each would contact a server, or change bytes, of
which the address policy and the manifests know nothing.

What urllib3 2.8 cannot do is done here and in `pace`:

- *Which address.* It resolves names itself, without a hook (its issue 3675). Here a name is resolved once;
  urllib3 gets a checked address as its host, and the name as what the certificate must be made for.
- *How long.* Its `Timeout` begins anew with each read from the socket, so that a server that sends one byte a
  minute is never given up. `pace` limits the average rate too, and ends a wait when the run is stopped.
- *How much.* A line and the number of headers are limited, but not interim answers, chunk heads and trailers.
  `pace` counts every byte of the connection.

Source: RFC 9110 §9.3.1 (GET), §9.3.3 (POST); RFC 9112 §6 (where a body ends).
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from threading import Event
from typing import TYPE_CHECKING, cast

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from archtool import __version__
from archtool.fixity.paths import shown
from archtool.remote import kinds
from archtool.remote.addresses import why_refused
from archtool.remote.failures import FetchFailedError
from archtool.remote.locations import Location
from archtool.remote.pace import PacedReader, PacedSocket, Patience
from archtool.remote.policy import Policy
from archtool.remote.replies import READ_BYTES

if TYPE_CHECKING:
    from urllib3.response import HTTPResponse

MAX_CONNECT_SECONDS = 20.0  # an interrupt is not heeded meanwhile; a server that is there answers sooner
MAX_ADDRESSES = 8  # of one host; no client tries more


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent."""

    method: str
    headers: Mapping[str, str]
    """Besides those that every request has."""
    limit_bytes: int
    """How long the body of the answer may be."""
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """An answer whose head was read and whose body has not been read yet."""

    response: HTTPResponse
    connected: socket.socket

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        return next(iter(self.headers(name)), None)

    def headers(self, name: str) -> Sequence[str]:
        """All headers of that name; urllib3 itself joins them with commas."""
        return self.response.headers.getlist(name)

    @property
    def status_line(self) -> str:
        """Status and reason, for a message."""
        return shown(f"{self.response.status} {(self.response.reason or '')[:100]}".strip())

    def read(self) -> bytes:
        """Return the next bytes of the body as they arrive; none at the end.

        Raises:
            FetchFailedError: the connection broke, or sends too slowly or too much.
            StoppedError: the run is being stopped.
        """
        try:
            return self.response.read1(READ_BYTES)
        except (HTTPException, HTTPError, OSError) as error:
            cause = error.__cause__ or error  # urllib3 wraps what http.client and the socket raise
            message = f"the connection broke: {shown(str(cause) or type(cause).__name__)}"
            raise FetchFailedError(kinds.BROKEN_OFF, message) from error

    def close(self) -> None:
        """Close the connection."""
        self.response.close()
        self.connected.close()


def exchange(location: Location, request: Request, policy: Policy, stop: Event) -> Exchange:
    """Send a request and read the head of the answer, whatever its status.

    Raises:
        FetchFailedError: no such name, no address that may be contacted, no server there, not the server that
            was meant, or no HTTP.
        StoppedError: the run is being stopped.
    """
    connection = _connect(location, policy)
    connected = connection.sock
    try:
        reader = PacedReader(connected, Patience(policy.patience_seconds, policy.clock, stop))
        connection.sock = cast("socket.socket", PacedSocket(connected, reader))
        response = _send(connection, location, request)
        reader.allow_body(request.limit_bytes)
        return Exchange(response, connected)
    except BaseException:
        connected.close()
        raise


def _connect(location: Location, policy: Policy) -> HTTPConnection:
    """Connect to the first address where a server is; under TLS, it must be the server that was meant."""
    problems = []
    for address in _checked_addresses(location, policy):
        connection = _connection(location, address, policy)
        try:
            connection.connect()
        except HTTPError as error:
            problems.append(f"{address}: {_reason(error.__cause__ or error)}")
        except OSError as error:
            connection.close()
            raise _insecure(location, error) from error
        else:
            return connection
    raise _unreachable(location, "; ".join(problems))


def _checked_addresses(location: Location, policy: Policy) -> Sequence[str]:
    try:
        found = policy.resolve(location.host, location.port)
    except OSError as error:
        raise _unreachable(location, f"the name has no address ({_reason(error)})") from error
    refusals = {a: why_refused(a, allow_private=policy.allow_private) for a in found[:MAX_ADDRESSES]}
    allowed = [address for address, why in refusals.items() if why is None]
    if not allowed:
        seen = "; ".join(f"{address} is {why}" for address, why in refusals.items()) or "it has no address"
        raise FetchFailedError(kinds.ADDRESS_REFUSED, f"{shown(location.host)}: {seen}")
    return allowed


def _connection(location: Location, address: str, policy: Policy) -> HTTPConnection:
    timeout_seconds = min(policy.patience_seconds, MAX_CONNECT_SECONDS)  # of the connect and of the handshake
    if location.scheme == "http":
        return HTTPConnection(address, location.port, timeout=timeout_seconds)
    return HTTPSConnection(
        address,
        location.port,
        timeout=timeout_seconds,
        server_hostname=location.host,
        ssl_context=policy.make_tls(),
    )


def _send(connection: HTTPConnection, location: Location, request: Request) -> HTTPResponse:
    headers = {
        "Host": location.authority,
        "User-Agent": f"archtool/{__version__}",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **request.headers,
    }
    try:
        connection.request(
            request.method,
            location.target,
            request.body,
            headers,
            preload_content=False,
            decode_content=False,
            enforce_content_length=False,  # `download` names how much of which file is missing
        )
        return connection.getresponse()
    except (HTTPException, HTTPError, ValueError) as error:
        said = shown(str(error)[:100]) or type(error).__name__
        message = f"{location.authority} does not speak HTTP as it should: {said}"
        raise FetchFailedError(kinds.REPLY_UNUSABLE, message) from error
    except OSError as error:
        raise FetchFailedError(kinds.UNREACHABLE, f"{location.authority}: {_reason(error)}") from error


def _insecure(location: Location, error: OSError) -> FetchFailedError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return FetchFailedError(kinds.CERTIFICATE, f"{location.authority}: {error.verify_message}")
    return _unreachable(location, f"no TLS: {_reason(error)}")


def _unreachable(location: Location, why: str) -> FetchFailedError:
    return FetchFailedError(kinds.UNREACHABLE, f"{shown(location.authority)}: {why}")


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error)
