"""Sends one HTTP request to a checked address and reads the answer, within limits of time and size.

http.client writes the request and reads the head and the chunks of the answer; `ssl` verifies the server. A
host name is resolved only once, here, and the connection goes to an address that was checked; `timed_socket`
limits the time, the average rate and the bytes of the whole connection.

urllib3 2.8 was tried and not adopted. Its connections are those of http.client, and its answers wrap those of
http.client. Its pools, redirects, retries, proxies and decoders cannot be used here: each would contact a
server that the address policy has not checked, or change bytes that the manifests describe. It also cannot
connect to a checked address (its issue 3675), limit the time of a whole answer (its `Timeout` starts again
with each read), or limit interim answers and trailers. With it, the client was a tenth longer and took twice
as long to import.

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
from archtool.download.limits import MAX_ADDRESSES, MAX_CONNECT_SECONDS
from archtool.download.locations import Location
from archtool.download.replies import READ_BYTES
from archtool.download.timed_socket import TimedReader, TimedSocket, Timeouts
from archtool.files.paths import shown


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request."""

    method: str
    headers: Mapping[str, str]
    """Headers in addition to those of every request."""
    limit_bytes: int
    """The maximum length of the answer's body."""
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """An answer whose head has been read and whose body has not."""

    response: HTTPResponse
    connected: socket.socket

    @property
    def status_line(self) -> str:
        """The status code and the reason phrase, for messages."""
        return shown(f"{self.response.status} {self.response.reason[:100]}".strip())

    def read(self) -> bytes:
        """Return the next bytes of the body as they arrive; `b""` at the end.

        Raises:
            FetchFailedError: the connection broke, or the server sends too slowly or too much.
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
    """Send a request and read the head of the answer, with any status.

    Raises: FetchFailedError: the host is unknown, has no allowed address, does not answer, has a wrong
    certificate or does not send valid HTTP. StoppedError: the run is being stopped.
    """
    connected = _connect(location, policy)
    try:
        if location.scheme == "https":
            connected = _secured(connected, location, policy)
        reader = TimedReader(connected, Timeouts(policy.timeout_seconds, policy.clock, stop))
        response = _send(TimedSocket(connected, reader), location, request)
        reader.allow_body(request.limit_bytes)
        return Exchange(response, connected)
    except BaseException:
        connected.close()
        raise


def _connect(location: Location, policy: FetchPolicy) -> socket.socket:
    """Connect to the first allowed address that accepts a connection."""
    problems = []
    for address in _checked_addresses(location, policy):
        timeout_seconds = min(policy.timeout_seconds, MAX_CONNECT_SECONDS)
        try:
            return socket.create_connection((address, location.port), timeout_seconds)
        except OSError as error:
            problems.append(f"{address}: {_reason(error)}")
    raise _unreachable(location, "; ".join(problems))


def _secured(connected: socket.socket, location: Location, policy: FetchPolicy) -> ssl.SSLSocket:
    """Start TLS and verify the server; the time limit of connecting also applies to the handshake."""
    try:
        return policy.make_tls().wrap_socket(connected, server_hostname=location.host.rstrip("."))
    except ssl.SSLCertVerificationError as error:
        raise FetchFailedError(
            finding_kinds.CERTIFICATE, f"{location.authority}: {error.verify_message}"
        ) from error
    except OSError as error:
        raise _unreachable(location, f"TLS failed: {_reason(error)}") from error


def _checked_addresses(location: Location, policy: FetchPolicy) -> Sequence[str]:
    try:
        found = policy.resolve(location.host, location.port)
    except OSError as error:
        raise _unreachable(location, f"the host has no address ({_reason(error)})") from error
    refusals = {a: why_refused(a, allow_private=policy.allow_private) for a in found[:MAX_ADDRESSES]}
    allowed = [address for address, reason in refusals.items() if reason is None]
    if not allowed:
        reasons = "; ".join(f"{address} is {reason}" for address, reason in refusals.items())
        message = f"{shown(location.host)}: {reasons or 'it has no address'}"
        raise FetchFailedError(finding_kinds.ADDRESS_REFUSED, message)
    return allowed


def _send(connected: TimedSocket, location: Location, request: Request) -> HTTPResponse:
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
        reason = shown(str(error)[:100]) or type(error).__name__
        message = f"{location.authority} does not send valid HTTP: {reason}"
        raise FetchFailedError(finding_kinds.REPLY_UNUSABLE, message) from error
    except OSError as error:
        raise FetchFailedError(
            finding_kinds.UNREACHABLE, f"{location.authority}: {_reason(error)}"
        ) from error


def _unreachable(location: Location, reason: str) -> FetchFailedError:
    return FetchFailedError(finding_kinds.UNREACHABLE, f"{shown(location.authority)}: {reason}")


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
