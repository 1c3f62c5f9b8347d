"""SSH agents for the tests: OpenSSH's agent, and one whose answers a test chooses."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

needs_ssh_agent = pytest.mark.skipif(
    any(shutil.which(name) is None for name in ("ssh-agent", "ssh-add", "ssh-keygen")),
    reason="ssh-agent, ssh-add or ssh-keygen (OpenSSH) is not installed",
)


@contextlib.contextmanager
def socket_path() -> Iterator[Path]:
    """Yield a short path for a socket: the system allows about a hundred characters."""
    folder = Path(tempfile.mkdtemp(prefix="agent-"))
    try:
        yield folder / "socket"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def openssh_agent() -> Iterator[Path]:
    """Start OpenSSH's agent without keys; it ends with the test."""
    with socket_path() as path:
        process = subprocess.Popen(["ssh-agent", "-D", "-a", str(path)], stdout=subprocess.PIPE)
        try:
            assert process.stdout is not None
            assert b"SSH_AUTH_SOCK" in process.stdout.readline()  # the agent listens from now on
            yield path
        finally:
            process.terminate()
            process.communicate(timeout=30)


@contextlib.contextmanager
def answering_agent(answer: Callable[[bytes], bytes], *, hangs_up: bool = True) -> Iterator[Path]:
    """Start an agent that answers each request with these bytes, including the length, then hangs up or
    waits.
    """
    with socket_path() as path, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        thread = threading.Thread(target=_serve, args=(listening, answer, hangs_up))
        thread.start()
        try:
            yield path
        finally:
            with socket.socket(socket.AF_UNIX) as last:
                last.connect(str(path))
            thread.join(timeout=30)


def _serve(listening: socket.socket, answer: Callable[[bytes], bytes], hangs_up: bool) -> None:
    while True:
        connected, _ = listening.accept()
        with connected, connected.makefile("rb") as received:
            head = received.read(4)
            if not head:  # the test has ended
                return
            reply = answer(received.read(int.from_bytes(head, "big")))
            with contextlib.suppress(ConnectionError):  # the client can have ended meanwhile
                connected.sendall(reply)
                if not hangs_up:
                    received.read()  # until the client closes the connection


def framed(body: bytes) -> bytes:
    """Return an answer with its length before it."""
    return len(body).to_bytes(4, "big") + body
