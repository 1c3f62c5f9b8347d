"""One HTTP request and its answer: to an address that was checked, within limits of time and size.

http.client writes the request and reads the head and the chunks of the answer; `ssl` checks who the server
is. A name is resolved once, here, and what is connected to is an address that was checked; `pace` limits
the time, the average rate and the bytes of the whole connection.

urllib3 2.8 was tried and not taken. Its connections are http.client's, and its answers are http.client's in
a wrapper. Its pools, redirects, retries, proxies and decoders cannot be used here: each would contact a
server, or change bytes, of which the address policy and the manifests know nothing. It has no means either
to connect to a checked address (its issue 3675), to limit the time of a whole answer (its `Timeout` begins
anew with each read), or to limit interim answers and trailers. The client was a tenth longer with it, and
took twice as long to import.

Source: RFC 9110 §9.3.1 (GET), §9.3.3 (POST); RFC 9112 §6 (where a body ends).
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Event
from typing import cast

from archtool import __version__
from archtool.download import finding_kinds
from archtool.download.address_policy import why_refused
from archtool.download.failures import FetchFailedError
from archtool.download.fetch_policy import FetchPolicy
from archtool.download.locations import Location
from archtool.download.replies import READ_BYTES
from archtool.download.timed_socket import PacedReader, PacedSocket, Timeouts
from archtool.files.paths import shown

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

    @property
    def status_line(self) -> str:
        """Status and reason, for a message."""
        return shown(f"{self.response.status} {self.response.reason[:100]}".strip())

    def read(self) -> bytes:
        """Return the next bytes of the body as they arrive; none at the end.

        Raises:
            FetchFailedError: the connection broke, or sends too slowly or too much.
            StoppedError: the run is being stopped.
        """
        try:
            return self.response.read1(READ_BYTES)
        except (HTTPException, OSError) as error:
            message = f"the connection broke: {shown(str(error) or type(error).__name__)}"
            raise FetchFailedError(finding_kinds.BROKEN_OFF, message) from error

    def close(self) -> None:
        """Close the connection."""
        self.response.close()
        self.connected.close()


def exchange(location: Location, request: Request, policy: FetchPolicy, stop: Event) -> Exchange:
    """Send a request and read the head of the answer, whatever its status.

    Raises:
        FetchFailedError: no such name, no address that may be contacted, no server there, not the server that
            was meant, or no HTTP.
        StoppedError: the run is being stopped.
    """
    connected = _connect(location, policy)
    try:
        if location.scheme == "https":
            connected = _secured(connected, location, policy)
        reader = PacedReader(connected, Timeouts(policy.patience_seconds, policy.clock, stop))
        response = _send(PacedSocket(connected, reader), location, request)
        reader.allow_body(request.limit_bytes)
        return Exchange(response, connected)
    except BaseException:
        connected.close()
        raise


def _connect(location: Location, policy: FetchPolicy) -> socket.socket:
    """Connect to the first address where a server is."""
    problems = []
    for address in _checked_addresses(location, policy):
        timeout_seconds = min(policy.patience_seconds, MAX_CONNECT_SECONDS)
        try:
            return socket.create_connection((address, location.port), timeout_seconds)
        except OSError as error:
            problems.append(f"{address}: {_reason(error)}")
    raise _unreachable(location, "; ".join(problems))


def _secured(connected: socket.socket, location: Location, policy: FetchPolicy) -> ssl.SSLSocket:
    """Do TLS with the server that was meant; the time for connecting is that of the handshake too."""
    try:
        return policy.make_tls().wrap_socket(connected, server_hostname=location.host.rstrip("."))
    except ssl.SSLCertVerificationError as error:
        raise FetchFailedError(
            finding_kinds.CERTIFICATE, f"{location.authority}: {error.verify_message}"
        ) from error
    except OSError as error:
        raise _unreachable(location, f"no TLS: {_reason(error)}") from error


def _checked_addresses(location: Location, policy: FetchPolicy) -> Sequence[str]:
    try:
        found = policy.resolve(location.host, location.port)
    except OSError as error:
        raise _unreachable(location, f"the name has no address ({_reason(error)})") from error
    refusals = {a: why_refused(a, allow_private=policy.allow_private) for a in found[:MAX_ADDRESSES]}
    allowed = [address for address, why in refusals.items() if why is None]
    if not allowed:
        seen = "; ".join(f"{address} is {why}" for address, why in refusals.items()) or "it has no address"
        raise FetchFailedError(finding_kinds.ADDRESS_REFUSED, f"{shown(location.host)}: {seen}")
    return allowed


def _send(connected: PacedSocket, location: Location, request: Request) -> HTTPResponse:
    headers = {
        "Host": location.authority,
        "User-Agent": f"archtool/{__version__}",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **request.headers,
    }
    client = HTTPConnection(location.host, location.port)
    client.sock = cast("socket.socket", connected)
    try:
        client.request(request.method, location.target, request.body, headers)
        return client.getresponse()
    except (HTTPException, ValueError) as error:
        said = shown(str(error)[:100]) or type(error).__name__
        message = f"{location.authority} does not speak HTTP as it should: {said}"
        raise FetchFailedError(finding_kinds.REPLY_UNUSABLE, message) from error
    except OSError as error:
        raise FetchFailedError(
            finding_kinds.UNREACHABLE, f"{location.authority}: {_reason(error)}"
        ) from error


def _unreachable(location: Location, why: str) -> FetchFailedError:
    return FetchFailedError(finding_kinds.UNREACHABLE, f"{shown(location.authority)}: {why}")


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
