"""A real HTTP server on the loopback address, with configurable answers."""

from __future__ import annotations

import contextlib
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LONG_AGO = "Tue, 01 Jan 2008 12:00:00 GMT"
TIMEOUT_SECONDS = 60


@dataclass
class Served:
    """One file and how the server sends it."""

    data: bytes = b""
    etag: str | None = '"1"'
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    supports_ranges: bool = True
    length: bool = True
    """Whether its length is announced."""
    chunked: bool = False
    stops_after: int | None = None
    """Close the connection after the given number of bytes of the file."""
    waits_after: int | None = None
    """Wait after the given number of bytes of the file until `release` is set."""
    raw: Callable[[Handler], None] | None = None
    """Write an arbitrary answer instead."""


def writes(*texts: bytes, endless: bytes = b"") -> Served:
    """Return a file for which the server writes only these texts, then `endless` until the client closes."""

    def write(handler: Handler) -> None:
        for text in texts:
            handler.wfile.write(text)
        while endless:
            handler.wfile.write(endless)

    return Served(raw=write)


@dataclass(frozen=True)
class ReceivedRequest:
    """One received request."""

    path: str
    headers: Message
    body: bytes = b""


class Handler(BaseHTTPRequestHandler):
    """Answers requests with the files of its server."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        store = self.server.store
        served = store.files.get(self.path)
        store.requests.append(ReceivedRequest(self.path, self.headers, body))
        self.close_connection = True
        if served is None:
            self.send_error(404)
        elif served.raw is not None:
            served.raw(self)
        else:
            self._send_file(served)

    def _send_file(self, served: Served) -> None:
        data, total = served.data, len(served.data)
        first = self._first_byte(served)
        self.send_response(206 if first else served.status)
        if first:
            data = data[first:]
            self.send_header("Content-Range", f"bytes {first}-{total - 1}/{total}")
        if served.etag is not None:
            self.send_header("ETag", served.etag)
        if served.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif served.length:
            self.send_header("Content-Length", str(len(data)))
        for name, value in served.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self._send_body(served, data)

    def _first_byte(self, served: Served) -> int:
        requested, validator = self.headers.get("Range"), self.headers.get("If-Range")
        if requested is None or not served.supports_ranges or validator not in (None, served.etag, LONG_AGO):
            return 0
        return int(requested.removeprefix("bytes=").removesuffix("-"))

    def _send_body(self, served: Served, data: bytes) -> None:
        if served.stops_after is not None:
            data = data[: served.stops_after]
        if served.waits_after is not None:
            self._send(data[: served.waits_after], served)
            self.server.store.release.wait(TIMEOUT_SECONDS)
            data = data[served.waits_after :]
        self._send(data, served)
        if served.chunked and served.stops_after is None:
            self.wfile.write(b"0\r\n\r\n")

    def _send(self, data: bytes, served: Served) -> None:
        if served.chunked and data:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        else:
            self.wfile.write(data)
        self.server.store.sent_bytes += len(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the parent class
        """Log nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    store: Store

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that close the connection, which these tests do on purpose."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


@dataclass
class Store:
    """The files of a server and the requests that it received."""

    base: str
    files: dict[str, Served]
    requests: list[ReceivedRequest] = field(default_factory=list)
    sent_bytes: int = 0
    release: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        """Return the address of a file."""
        return self.base + path

    @property
    def paths(self) -> list[str]:
        """The requested paths, in order."""
        return [request.path for request in self.requests]


@contextlib.contextmanager
def serving(
    files: Mapping[str, Served | bytes] | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Store]:
    """Run a server until the end of the block."""
    server = _Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    scheme = "http" if tls is None else "https"
    served = {k: Served(v) if isinstance(v, bytes) else v for k, v in (files or {}).items()}
    server.store = Store(f"{scheme}://127.0.0.1:{server.server_address[1]}", served)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.store
    finally:
        server.store.release.set()
        server.shutdown()
        server.server_close()
        thread.join()
