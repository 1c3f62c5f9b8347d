"""HTTP GET over real sockets: requests, redirects, accepted and refused answers."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http.client import HTTPMessage
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from archtool import __version__
from archtool.download.failures import FetchFailedError, StoppedError
from archtool.download.fetch_policy import FetchPolicy, resolve_host
from archtool.download.http_get import open_http, strong_validator
from archtool.download.limits import MAX_ADDRESSES, MAX_HEAD_BYTES, MAX_REDIRECTS
from archtool.download.replies import RangeRefusedError, RangeRequest
from unit.download.certificates import client_context, make_authority, server_context
from unit.download.servers import LONG_AGO, Handler, Served, serving, writes

OPEN = FetchPolicy(allow_private=True, timeout_seconds=20)
DATA = b"Dear friend, the archive is safe.\n"
LIMIT_BYTES = 1000


def get(
    url: str,
    policy: FetchPolicy = OPEN,
    wanted_range: RangeRequest | None = None,
    limit_bytes: int = LIMIT_BYTES,
) -> bytes:
    """Return the body of the answer."""
    reply = open_http(url, wanted_range or RangeRequest(), limit_bytes, policy, Event())
    with contextlib.closing(reply):
        return b"".join(iter(reply.read, b""))


def refusal(
    url: str, policy: FetchPolicy = OPEN, wanted_range: RangeRequest | None = None
) -> FetchFailedError:
    """Return the error of a failed request."""
    with pytest.raises(FetchFailedError) as refused:
        get(url, policy, wanted_range)
    return refused.value


OK = b"HTTP/1.1 200 OK\r\n"


def answers_to(head: str, body: bytes = DATA) -> Served:
    return writes(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode("latin-1"), body)


def test_the_request_asks_for_unencoded_bytes_and_sends_no_personal_data() -> None:
    with serving({"/a%20b?c=1": DATA}) as store:
        assert get(store.url("/a%20b?c=1")) == DATA
        (request,) = store.requests
    sent = {name.lower(): value for name, value in request.headers.items()}
    assert sent == {
        "host": store.base.removeprefix("http://"),
        "user-agent": f"archtool/{__version__}",
        "accept": "*/*",
        "accept-encoding": "identity",
        "connection": "close",
    }


@pytest.mark.parametrize(
    "served",
    [
        Served(DATA),
        Served(DATA, chunked=True),
        Served(DATA, length=False),
        Served(DATA, headers={"Content-Encoding": "Identity"}),
    ],
    ids=["with a length", "in chunks", "until the end", "as it is"],
)
def test_a_file_is_received_with_each_way_to_mark_its_end(served: Served) -> None:
    with serving({"/x": served}) as store:
        assert get(store.url("/x")) == DATA


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    with serving({"/x": DATA}) as store:
        assert get(store.url("/x")) == DATA


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(status: int) -> None:
    files = {"/a": Served(status=status, headers={"Location": "/b"}), "/b": Served(DATA)}
    with serving(files) as store:
        assert get(store.url("/a")) == DATA
        assert store.paths == ["/a", "/b"]


def test_endless_redirects_are_refused() -> None:
    with serving({"/a": Served(status=302, headers={"Location": "/a"})}) as store:
        assert refusal(store.url("/a")).kind.code == "remote.too-many-redirects"
        assert len(store.requests) == MAX_REDIRECTS + 1


def test_a_redirect_without_a_target_is_refused() -> None:
    with serving({"/a": Served(status=302)}) as store:
        assert refusal(store.url("/a")).kind.code == "remote.too-many-redirects"


def test_attack_redirect_from_a_public_server_to_this_machine_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The host resolves to a public address; the test diverts the connection to this machine."""
    with serving({"/secret": DATA}) as inner:
        with serving({"/a": Served(status=302, headers={"Location": inner.url("/secret")})}) as outer:
            port = int(outer.base.rpartition(":")[2])
            divert(monkeypatch, "93.184.216.34")
            policy = FetchPolicy(
                resolve=lambda h, p: ["93.184.216.34"] if h == "example.org" else resolve_host(h, p)
            )
            error = refusal(f"http://example.org:{port}/a", policy)
            assert outer.paths == ["/a"]
        assert inner.requests == []
    assert error.kind.code == "remote.address-refused"
    assert error.message == "127.0.0.1: 127.0.0.1 is a loopback address"


def divert(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Divert connections to a public address to this machine, so that no packet leaves it."""
    real = socket.getaddrinfo

    def resolve(host: str, *args: Any, **options: Any) -> Any:
        assert host in (address, "127.0.0.1"), "a name is resolved once, by the policy"
        return real("127.0.0.1", *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x"])
def test_attack_redirect_to_another_scheme_than_http_is_refused(target: str) -> None:
    with serving({"/a": Served(status=302, headers={"Location": target})}) as store:
        assert refusal(store.url("/a")).kind.code == "remote.redirect-refused"


def test_attack_name_that_resolves_differently_the_second_time_is_resolved_once() -> None:
    """The host is resolved once, and the checked address is the one that is contacted."""
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    with serving({"/a": DATA}) as store:
        port = int(store.base.rpartition(":")[2])
        policy = replace(OPEN, resolve=lambda _host, _port: next(answers))
        assert get(f"http://example.org:{port}/a", policy) == DATA
        assert store.requests[0].headers["Host"] == f"example.org:{port}"
    assert next(answers) == ["169.254.169.254"]


def test_only_the_allowed_addresses_of_a_host_are_tried() -> None:
    with serving({"/a": DATA}) as store:
        port = int(store.base.rpartition(":")[2])
        policy = replace(OPEN, resolve=lambda _host, _port: ["169.254.169.254", "127.0.0.1"])
        assert get(f"http://example.org:{port}/a", policy) == DATA


def test_the_next_address_is_tried_if_one_does_not_answer() -> None:
    with serving({"/a": DATA}) as store:
        port = int(store.base.rpartition(":")[2])
        policy = replace(OPEN, resolve=lambda _host, _port: ["127.0.0.2", "127.0.0.1"])
        assert get(f"http://example.org:{port}/a", policy) == DATA


def test_attack_a_name_with_many_addresses_is_limited() -> None:
    unused = [f"127.0.1.{n}" for n in range(1, MAX_ADDRESSES + 1)]
    with serving({"/a": DATA}) as store:
        port = int(store.base.rpartition(":")[2])
        policy = replace(OPEN, resolve=lambda _host, _port: [*unused, "127.0.0.1"])
        error = refusal(f"http://example.org:{port}/a", policy)
        assert store.requests == []
    assert error.message.count("Connection refused") == MAX_ADDRESSES


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "localhost", "127.1"])
def test_attack_loopback_address_in_another_notation_is_refused(host: str) -> None:
    with serving({"/a": DATA}) as store:
        port = store.base.rpartition(":")[2]
        assert refusal(f"http://{host}:{port}/a", FetchPolicy()).kind.code == "remote.address-refused"
        assert store.requests == []


def no_such_name(_host: str, _port: int) -> Sequence[str]:
    raise socket.gaierror(-2, "Name or service not known")


def test_a_host_without_an_address_is_reported() -> None:
    error = refusal("http://nowhere.example/a", replace(OPEN, resolve=no_such_name))
    assert (error.kind.code, error.message) == (
        "remote.unreachable",
        "nowhere.example: the host has no address (Name or service not known)",
    )
    empty = refusal("http://nowhere.example/a", replace(OPEN, resolve=lambda _host, _port: []))
    assert empty.message == "nowhere.example: it has no address"


def closed_port() -> int:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return int(closed.getsockname()[1])


def test_an_unreachable_server_is_reported() -> None:
    port = closed_port()
    error = refusal(f"http://127.0.0.1:{port}/a")
    assert (error.kind.code, error.message) == (
        "remote.unreachable",
        f"127.0.0.1:{port}: 127.0.0.1: Connection refused",
    )


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "remote.not-there"), (410, "remote.not-there"), (401, "remote.refused"), (503, "remote.refused"),
     (204, "remote.refused"), (206, "remote.refused"), (416, "remote.refused"), (304, "remote.refused")],
)  # fmt: skip
def test_an_answer_without_the_file_is_reported_with_its_status(status: int, code: str) -> None:
    with serving({"/a": Served(b"", status=status)}) as store:
        error = refusal(store.url("/a"))
    assert error.kind.code == code
    assert f": {status}" in error.message


@pytest.mark.parametrize(
    "head",
    [
        "Content-Encoding: gzip",
        "Content-Encoding: identity\r\nContent-Encoding: gzip",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip",
        "Transfer-Encoding: chunked \r\nConnection: close",
        "Content-Length: +5",
        "Content-Length: 1_0",
        "Content-Length: -1",
        "Content-Length: 5\r\nContent-Length: 6",
        "X: " + "a" * 70_000,
        "\r\n".join(f"X{n}: y" for n in range(200)),
    ],
)
def test_attack_encoded_or_ambiguous_answer_is_refused(head: str) -> None:
    with serving({"/a": answers_to(head)}) as store:
        error = refusal(store.url("/a"))
    assert error.kind.code == "remote.reply-unusable"
    assert len(error.message) < 400


@pytest.mark.parametrize("text", [b"", b"\x00\xff\n\n", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_a_server_that_does_not_send_http_is_reported(text: bytes) -> None:
    with serving({"/a": writes(text)}) as store:
        assert refusal(store.url("/a")).kind.code in ("remote.reply-unusable", "remote.unreachable")


@pytest.mark.parametrize(
    "served",
    [
        writes(endless=b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        writes(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", endless=b"X: y\r\n" * 1000),
        writes(OK + b"Transfer-Encoding: chunked\r\n\r\n", endless=b"1;" + b"x" * 60_000 + b"\r\ny\r\n"),
        writes(OK + b"\r\n", endless=b"x" * 60_000),
    ],
    ids=["interim answers", "trailers", "chunk heads", "body"],
)
def test_attack_endless_answer_is_refused(served: Served) -> None:
    with serving({"/a": served}) as store:
        assert refusal(store.url("/a")).kind.code == "remote.reply-unusable"


@pytest.mark.parametrize(
    "body",
    [b"", b"5\r\nabc", b"xyz\r\nabc", b"3\r\nabc\r\n"],
    ids=["none", "cut", "no number", "no last chunk"],
)
def test_incomplete_chunks_are_an_interrupted_download(body: bytes) -> None:
    with serving({"/a": answers_to("Transfer-Encoding: chunked", body)}) as store:
        error = refusal(store.url("/a"))
    assert error.kind.code == "remote.broken-off"
    assert error.message == "the connection broke: IncompleteRead(0 bytes read)"


def test_a_truncated_body_is_returned_with_its_announced_length() -> None:
    """The caller compares the lengths and reports the missing bytes."""
    with serving({"/a": Served(DATA, stops_after=5)}) as store:
        reply = open_http(store.url("/a"), RangeRequest(), LIMIT_BYTES, OPEN, Event())
        with contextlib.closing(reply):
            assert reply.total_bytes == len(DATA)
            assert b"".join(iter(reply.read, b"")) == DATA[:5]


def dripping(text: bytes, begin: bytes = b"") -> Served:
    """Return a file that is sent byte by byte, each byte within the timeout."""

    def write(handler: Handler) -> None:
        handler.wfile.write(begin)
        for byte in text:
            handler.wfile.write(bytes([byte]))
            handler.server.store.release.wait(0.02)

    return Served(raw=write)


@pytest.mark.parametrize(
    "served",
    [
        dripping(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000),
        dripping(b"x" * 100_000, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"),
    ],
    ids=["head", "body"],
)
def test_attack_server_that_sends_single_bytes_slowly_is_refused(served: Served) -> None:
    with serving({"/a": served}) as store:
        started = time.monotonic()
        error = refusal(store.url("/a"), replace(OPEN, timeout_seconds=0.4))
        assert time.monotonic() - started < 10
    assert error.kind.code == "remote.too-slow"


def test_a_silent_server_times_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        quick = replace(OPEN, timeout_seconds=0.3)
        assert refusal(f"http://127.0.0.1:{port}/a", quick).kind.code == "remote.too-slow"
        assert refusal(f"https://127.0.0.1:{port}/a", quick).kind.code == "remote.unreachable"


def test_a_stopped_run_does_not_wait_for_the_server() -> None:
    stop = Event()
    with serving({"/a": Served(DATA, waits_after=3)}) as store:
        reply = open_http(store.url("/a"), RangeRequest(), LIMIT_BYTES, OPEN, stop)
        with contextlib.closing(reply):
            assert reply.read() == DATA[:3]
            stop.set()
            with pytest.raises(StoppedError):
                reply.read()


def reset_in_body(handler: Handler) -> None:
    """Reset the connection in the middle of the body."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
    reset_at_once(handler)


def reset_at_once(handler: Handler) -> None:
    """Reset the connection before the answer."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    os.close(handler.connection.detach())


def test_a_connection_reset_is_reported() -> None:
    with serving({"/a": Served(raw=reset_in_body), "/b": Served(raw=reset_at_once)}) as store:
        assert refusal(store.url("/b")).kind.code in ("remote.unreachable", "remote.reply-unusable")
        assert refusal(store.url("/a")).kind.code == "remote.broken-off"


# --- parts of a file ---------------------------------------------------------------------------


def test_a_part_is_requested_only_of_the_same_version() -> None:
    with serving({"/a": DATA}) as store:
        reply = open_http(store.url("/a"), RangeRequest(5, '"1"'), LIMIT_BYTES, OPEN, Event())
        with contextlib.closing(reply):
            assert (reply.offset_bytes, reply.total_bytes, reply.validator) == (5, len(DATA), '"1"')
            assert b"".join(iter(reply.read, b"")) == DATA[5:]
        assert (store.requests[0].headers["Range"], store.requests[0].headers["If-Range"]) == (
            "bytes=5-",
            '"1"',
        )


@pytest.mark.parametrize("served", [Served(DATA, etag='"2"'), Served(DATA, supports_ranges=False)])
def test_the_whole_file_can_be_sent_instead_of_a_part(served: Served) -> None:
    with serving({"/a": served}) as store:
        reply = open_http(store.url("/a"), RangeRequest(5, '"1"'), LIMIT_BYTES, OPEN, Event())
        with contextlib.closing(reply):
            assert (reply.offset_bytes, reply.total_bytes) == (0, len(DATA))


@pytest.mark.parametrize(
    ("head", "total"), [("bytes 5-33/*", 34), ("bytes 5-33/34", 34), ("Bytes 5-33/34", 34)]
)
def test_the_length_of_the_file_is_derived_from_the_part(head: str, total: int) -> None:
    text = f"HTTP/1.1 206 Partial\r\nContent-Range: {head}\r\nContent-Length: 29\r\n\r\n".encode()
    with serving({"/a": writes(text, DATA[5:])}) as store:
        reply = open_http(store.url("/a"), RangeRequest(5, '"1"'), LIMIT_BYTES, OPEN, Event())
        reply.close()
        assert (reply.offset_bytes, reply.total_bytes) == (5, total)


@pytest.mark.parametrize(
    "head",
    [
        "206 Partial",
        "206 Partial\r\nContent-Range: bytes 6-33/34",
        "206 Partial\r\nContent-Range: bytes 5-20/34",
        "206 Partial\r\nContent-Range: lines 5-33/34",
        "206 Partial\r\nContent-Type: multipart/byteranges; boundary=x",
        "416 Range Not Satisfiable\r\nContent-Range: bytes */3",
    ],
)
def test_a_part_that_was_not_requested_is_refused(head: str) -> None:
    answer = writes(f"HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n".encode())
    with serving({"/a": answer}) as store, pytest.raises(RangeRefusedError):
        get(store.url("/a"), wanted_range=RangeRequest(5, '"1"'))


def headers_of(**given: str) -> HTTPMessage:
    message = HTTPMessage()
    for name, value in given.items():
        message[name.replace("_", "-")] = value
    return message


@pytest.mark.parametrize(
    ("headers", "validator"),
    [
        ({"ETag": '"abc"'}, '"abc"'),
        ({"ETag": ' "" '}, '""'),
        ({"ETag": 'W/"abc"'}, None),
        ({"ETag": "abc"}, None),
        ({"ETag": '"' + "a" * 2000 + '"'}, None),
        ({"ETag": '"a b"'}, None),
        ({"Last_Modified": LONG_AGO, "Date": "Tue, 01 Jan 2008 12:00:05 GMT"}, LONG_AGO),
        ({"Last_Modified": LONG_AGO, "Date": LONG_AGO}, None),
        ({"Last_Modified": LONG_AGO}, None),
        ({"Last_Modified": "yesterday", "Date": LONG_AGO}, None),
        ({"Last_Modified": "Tue, 01 Jan 2008 12:00:00", "Date": LONG_AGO}, None),
        ({"Last_Modified": LONG_AGO, "Date": "Tue, 01 Jan 99999999999 12:00:05 GMT"}, None),
        ({"ETag": 'W/"abc"', "Last_Modified": LONG_AGO, "Date": "Tue, 01 Jan 2008 12:00:05 GMT"}, None),
        ({}, None),
    ],
)
def test_only_strong_validators_are_used(headers: dict[str, str], validator: str | None) -> None:
    assert strong_validator(headers_of(**headers)) == validator


# --- TLS ---------------------------------------------------------------------------------------


@contextlib.contextmanager
def under_tls(folder: Path, name: str) -> Iterator[tuple[str, FetchPolicy]]:
    """Run a server with a certificate for a name, and return a policy that trusts its authority."""
    authority = make_authority(folder, name)
    with serving({"/a": DATA}, server_context(authority)) as store:
        port = store.base.rpartition(":")[2]
        policy = replace(
            OPEN, make_tls=lambda: client_context(authority), resolve=lambda _host, _port: ["127.0.0.1"]
        )
        yield port, policy


def test_the_certificate_must_match_the_requested_host(tmp_path: Path) -> None:
    with under_tls(tmp_path, "archive.example") as (port, policy):
        assert get(f"https://archive.example:{port}/a", policy) == DATA
        error = refusal(f"https://other.example:{port}/a", policy)
    assert error.kind.code == "remote.not-authentic"
    assert "other.example" in error.message


def test_an_unknown_authority_is_refused(tmp_path: Path) -> None:
    with under_tls(tmp_path, "archive.example") as (port, policy):
        strict = replace(policy, make_tls=ssl.create_default_context)
        assert refusal(f"https://archive.example:{port}/a", strict).kind.code == "remote.not-authentic"


def test_a_server_without_tls_is_reported() -> None:
    with serving({"/a": DATA}) as store:
        assert refusal(store.url("/a").replace("http:", "https:")).kind.code == "remote.unreachable"


def test_a_host_can_end_in_the_dot_of_the_root(tmp_path: Path) -> None:
    with under_tls(tmp_path, "archive.example") as (port, policy):
        assert get(f"https://archive.example.:{port}/a", policy) == DATA


def test_a_long_head_is_accepted() -> None:
    head = "\r\n".join(f"X{n}: {'y' * 1000}" for n in range(50))
    assert len(head) < MAX_HEAD_BYTES
    with serving({"/a": answers_to(f"{head}\r\nContent-Length: {len(DATA)}")}) as store:
        assert get(store.url("/a")) == DATA
