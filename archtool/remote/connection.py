"""One connection: to the very address that was looked at, and under TLS to who was asked for.

The name is resolved once. What was checked is what is connected to, so that a name server that gives
another answer the second time gains nothing.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from threading import Event

from archtool.fixity.paths import shown
from archtool.remote import kinds
from archtool.remote.addresses import why_refused
from archtool.remote.failures import FetchFailedError
from archtool.remote.locations import Location
from archtool.remote.pace import PacedReader, PacedSocket, Patience
from archtool.remote.policy import Policy

MAX_CONNECT_SECONDS = 20.0  # an interrupt is not heeded meanwhile; who is there answers sooner
MAX_ADDRESSES = 8  # of one host; more are tried by nobody


class Connection:
    """A connected socket and its patient reading end."""

    def __init__(self, connected: socket.socket, patience: Patience) -> None:
        self._socket = connected
        self.reader = PacedReader(connected, patience)

    def as_socket(self) -> PacedSocket:
        """The form in which http.client takes it."""
        return PacedSocket(self._socket, self.reader)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def connect(location: Location, policy: Policy, stop: Event) -> Connection:
    """Reach a server that may be asked.

    Raises:
        FetchFailedError: no such name, no address that may be asked, nobody there, or not who it should be.
    """
    connected = _reach(location, _addresses(location, policy), policy)
    try:
        secured = _secure(connected, location, policy) if location.scheme == "https" else connected
    except BaseException:
        connected.close()
        raise
    return Connection(secured, Patience(policy.patience_seconds, policy.clock, stop))


def _addresses(location: Location, policy: Policy) -> Sequence[str]:
    try:
        found = policy.resolve(location.host, location.port)
    except OSError as error:
        raise _unreachable(location, f"the name has no address ({_words(error)})") from error
    refusals = {a: why_refused(a, allow_private=policy.allow_private) for a in found[:MAX_ADDRESSES]}
    open_ones = [address for address, why in refusals.items() if why is None]
    if not open_ones:
        seen = "; ".join(f"{address} is {why}" for address, why in refusals.items()) or "it has no address"
        raise FetchFailedError(kinds.ADDRESS_REFUSED, f"{shown(location.host)}: {seen}")
    return open_ones


def _reach(location: Location, addresses: Sequence[str], policy: Policy) -> socket.socket:
    problems = []
    for address in addresses:
        try:
            return socket.create_connection((address, location.port), _connect_seconds(policy))
        except OSError as error:
            problems.append(f"{address}: {_words(error)}")
    raise _unreachable(location, "; ".join(problems))


def _secure(connected: socket.socket, location: Location, policy: Policy) -> ssl.SSLSocket:
    connected.settimeout(_connect_seconds(policy))  # of the whole handshake
    try:
        return policy.make_tls().wrap_socket(connected, server_hostname=location.host.rstrip("."))
    except ssl.SSLCertVerificationError as error:
        message = f"{location.authority}: {error.verify_message}"
        raise FetchFailedError(kinds.CERTIFICATE, message) from error
    except OSError as error:
        raise _unreachable(location, f"no TLS: {_words(error)}") from error


def _connect_seconds(policy: Policy) -> float:
    return min(policy.patience_seconds, MAX_CONNECT_SECONDS)


def _unreachable(location: Location, why: str) -> FetchFailedError:
    return FetchFailedError(kinds.UNREACHABLE, f"{shown(location.authority)}: {why}")


def _words(error: OSError) -> str:
    return error.strerror or str(error)
