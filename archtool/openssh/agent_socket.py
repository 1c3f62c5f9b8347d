"""Sends requests to an ssh-agent over a Unix socket and reads its answers.

The module does not know the content of messages. An answer is preceded by its length; an answer above the
limit is not read.

Source: draft-ietf-sshm-ssh-agent, "Protocol Messages" (framing).
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from archtool.errors import StorageError
from archtool.files.paths import shown
from archtool.openssh.limits import MAX_ANSWER_BYTES

LIST_SECONDS = 30.0  # an agent lists its keys without waiting for a person
SIGN_SECONDS = 300.0  # a person has to find the token, type its PIN, touch it
_LENGTH_BYTES = 4
_HINT = "start an agent, or set SSH_AUTH_SOCK to a running one: eval $(ssh-agent); ssh-add FILE"


def agent_client(path: str, timeout_seconds: float) -> Callable[[bytes], bytes]:
    """Return a function that sends one request to the agent at a socket and returns its answer.

    Each request uses a new connection, because the agent can be restarted while a payload is copied. The
    function raises `StorageError` if no agent answers or the answer is not complete within the time.
    """

    def send(request: bytes) -> bytes:
        try:
            with _connect(path, timeout_seconds) as connected:
                deadline = time.monotonic() + timeout_seconds
                connected.sendall(len(request).to_bytes(_LENGTH_BYTES, "big") + request)
                return _read_answer(connected, deadline)
        except TimeoutError as error:
            raise StorageError(
                f"the ssh-agent did not answer within {timeout_seconds:.0f} seconds",
                hint="check whether it waits for a PIN, a confirmation or a touch; then run this again",
            ) from error
        except OSError as error:
            raise StorageError(
                f"the connection to the ssh-agent failed: {error.strerror or error}",
                hint="check that it runs: ssh-add -l",
            ) from error

    return send


def _connect(path: str, timeout_seconds: float) -> socket.socket:
    if not hasattr(socket, "AF_UNIX"):
        raise StorageError(
            "this system does not support an ssh-agent", hint="sign with the file of a private key"
        )
    connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connected.settimeout(timeout_seconds)
        connected.connect(path)
    except OSError as error:
        connected.close()
        raise _unreachable(path, error.strerror or str(error)) from error
    return connected


def _unreachable(path: str, reason: str) -> StorageError:
    return StorageError(f"no ssh-agent answers at {shown(path)} (SSH_AUTH_SOCK): {reason}", hint=_HINT)


def _read_answer(connected: socket.socket, deadline: float) -> bytes:
    size_bytes = int.from_bytes(_read(connected, _LENGTH_BYTES, deadline), "big")
    if not 0 < size_bytes <= MAX_ANSWER_BYTES:
        raise StorageError(
            f"the ssh-agent's answer has {size_bytes} bytes (allowed: 1 to {MAX_ANSWER_BYTES})",
            hint="check that SSH_AUTH_SOCK names an ssh-agent: ssh-add -l",
        )
    return _read(connected, size_bytes, deadline)


def _read(connected: socket.socket, size_bytes: int, deadline: float) -> bytes:
    data = bytearray()
    while len(data) < size_bytes:
        left_seconds = deadline - time.monotonic()
        if left_seconds <= 0:  # also stops an agent that sends single bytes slowly
            raise TimeoutError
        connected.settimeout(left_seconds)
        more = connected.recv(size_bytes - len(data))
        if not more:
            raise StorageError(
                f"the ssh-agent closed the connection after {len(data)} of {size_bytes} bytes",
                hint="check that it runs: ssh-add -l",
            )
        data += more
    return bytes(data)
