"""The way to an ssh-agent: one request, one answer, over the socket that the environment names.

The room does not know what is said. An answer has its length before it; one that is longer than any agent
sends is not read.

Source: draft-ietf-sshm-ssh-agent, "Protocol Messages" (framing).
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from archtool.errors import StorageError
from archtool.files.paths import shown

MAX_ANSWER_BYTES = 256 * 1024  # what OpenSSH's own client takes
LIST_SECONDS = 30.0  # an agent that lists its keys has nothing to wait for
SIGN_SECONDS = 300.0  # somebody has to find the token, type its PIN, touch it
_LENGTH_BYTES = 4
_HINT = "start one, or let SSH_AUTH_SOCK name one that runs: eval $(ssh-agent); ssh-add FILE"


def agent_asker(path: str, timeout_seconds: float) -> Callable[[bytes], bytes]:
    """A function that hands one request to the agent at this socket and gives its answer.

    Each request has a connection of its own: an agent may end while a payload is copied, and another start.
    The function raises `StorageError`: nobody is there, or there is no whole answer within the time.
    """

    def ask(request: bytes) -> bytes:
        try:
            with _connected(path, timeout_seconds) as connected:
                deadline = time.monotonic() + timeout_seconds
                connected.sendall(len(request).to_bytes(_LENGTH_BYTES, "big") + request)
                return _read_answer(connected, deadline)
        except TimeoutError as error:
            raise StorageError(
                f"the ssh-agent did not answer within {timeout_seconds:.0f} seconds",
                hint="see whether it waits for a PIN, a yes or a touch; then run this again",
            ) from error
        except OSError as error:
            raise StorageError(
                f"the ssh-agent broke off: {error.strerror or error}", hint="see that it runs: ssh-add -l"
            ) from error

    return ask


def _connected(path: str, timeout_seconds: float) -> socket.socket:
    if not hasattr(socket, "AF_UNIX"):
        raise StorageError(
            "an ssh-agent cannot be reached on this system", hint="sign with the private key's own file"
        )
    connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connected.settimeout(timeout_seconds)
        connected.connect(path)
    except OSError as error:
        connected.close()
        raise _not_there(path, error.strerror or str(error)) from error
    return connected


def _not_there(path: str, why: str) -> StorageError:
    return StorageError(f"no ssh-agent answers at {shown(path)} (SSH_AUTH_SOCK): {why}", hint=_HINT)


def _read_answer(connected: socket.socket, deadline: float) -> bytes:
    size_bytes = int.from_bytes(_read(connected, _LENGTH_BYTES, deadline), "big")
    if not 0 < size_bytes <= MAX_ANSWER_BYTES:
        raise StorageError(
            f"the ssh-agent's answer is of {size_bytes} bytes (1 to {MAX_ANSWER_BYTES})",
            hint="see that SSH_AUTH_SOCK names an ssh-agent: ssh-add -l",
        )
    return _read(connected, size_bytes, deadline)


def _read(connected: socket.socket, size_bytes: int, deadline: float) -> bytes:
    data = bytearray()
    while len(data) < size_bytes:
        left_seconds = deadline - time.monotonic()
        if left_seconds <= 0:  # also against one who sends a byte now and then
            raise TimeoutError
        connected.settimeout(left_seconds)
        more = connected.recv(size_bytes - len(data))
        if not more:
            raise StorageError(
                f"the ssh-agent hung up after {len(data)} of {size_bytes} bytes",
                hint="see that it runs: ssh-add -l",
            )
        data += more
    return bytes(data)
