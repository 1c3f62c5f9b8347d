"""One request and its answer, over real sockets: what is asked, where it leads, what counts as an answer."""

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
from archtool.download.http_client import MAX_ADDRESSES
from archtool.download.http_get import MAX_REDIRECTS, open_http, strong_validator
from archtool.download.replies import RangeRefusedError, RangeRequest
from archtool.download.timed_socket import MAX_HEAD_BYTES
from unit.download.certificates import client_context, make_authority, server_context
from unit.download.servers import LONG_AGO, Handler, Served, serving, writes

OPEN = FetchPolicy(allow_private=True, patience_seconds=20)
DATA = b"Dear friend, the archive is safe.\n"
LIMIT_BYTES = 1000


def get(
    url: str, policy: FetchPolicy = OPEN, ask: RangeRequest | None = None, limit_bytes: int = LIMIT_BYTES
) -> bytes:
    """The whole answer."""
    reply = open_http(url, ask or RangeRequest(), limit_bytes, policy, Event())
    with contextlib.closing(reply):
        return b"".join(iter(reply.read, b""))


def refusal(url: str, policy: FetchPolicy = OPEN, ask: RangeRequest | None = None) -> FetchFailedError:
    """Why nothing was had."""
    with pytest.raises(FetchFailedError) as refused:
        get(url, policy, ask)
    return refused.value


OK = b"HTTP/1.1 200 OK\r\n"


def answers_to(head: str, body: bytes = DATA) -> Served:
    return writes(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode("latin-1"), body)


def test_the_bytes_are_asked_for_as_they_are_and_nothing_is_told_of_us() -> None:
    with serving({"/a%20b?c=1": DATA}) as store:
        assert get(store.url("/a%20b?c=1")) == DATA
        (asked,) = store.asked
    sent = {name.lower(): value for name, value in asked.headers.items()}
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
def test_a_file_arrives_however_its_end_is_told(served: Served) -> None:
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


def test_redirects_end_somewhere() -> None:
    with serving({"/a": Served(status=302, headers={"Location": "/a"})}) as store:
        assert refusal(store.url("/a")).kind.code == "remote.too-many-redirects"
        assert len(store.asked) == MAX_REDIRECTS + 1


def test_a_redirect_without_a_target_ends_too() -> None:
    with serving({"/a": Served(status=302)}) as store:
        assert refusal(store.url("/a")).kind.code == "remote.too-many-redirects"


def test_attack_a_redirect_from_a_public_server_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The public server's name leads to a public address; the test carries the connection to this machine."""
    with serving({"/secret": DATA}) as inner:
        with serving({"/a": Served(status=302, headers={"Location": inner.url("/secret")})}) as outer:
            port = int(outer.base.rpartition(":")[2])
            carry(monkeypatch, "93.184.216.34")
            policy = FetchPolicy(
                resolve=lambda h, p: ["93.184.216.34"] if h == "example.org" else resolve_host(h, p)
            )
            why = refusal(f"http://example.org:{port}/a", policy)
            assert outer.paths == ["/a"]
        assert inner.asked == []
    assert why.kind.code == "remote.address-refused"
    assert why.message == "127.0.0.1: 127.0.0.1 is a loopback address"


def carry(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """No packet leaves this machine: what is meant for one public address arrives here."""
    real = socket.getaddrinfo

    def look_up(host: str, *args: Any, **options: Any) -> Any:
        assert host in (address, "127.0.0.1"), "a name is resolved once, by the policy"
        return real("127.0.0.1", *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x"])
def test_attack_a_redirect_to_something_else_than_http(target: str) -> None:
    with serving({"/a": Served(status=302, headers={"Location": target})}) as store:
        assert refusal(store.url("/a")).kind.code == "remote.redirect-refused"


def test_attack_a_name_that_leads_elsewhere_the_second_time() -> None:
    """The name is resolved once; what was looked at is what is connected to."""
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    with serving({"/a": DATA}) as store:
        port = int(store.base.rpartition(":")[2])
        policy = replace(OPEN, resolve=lambda _host, _port: next(answers))
        assert get(f"http://example.org:{port}/a", policy) == DATA
        assert store.asked[0].headers["Host"] == f"example.org:{port}"
    assert next(answers) == ["169.254.169.254"]


def test_of_several_addresses_only_those_are_tried_that_may_be() -> None:
    with serving({"/a": DATA}) as store:
        port = int(store.base.rpartition(":")[2])
        policy = replace(OPEN, resolve=lambda _host, _port: ["169.254.169.254", "127.0.0.1"])
        assert get(f"http://example.org:{port}/a", policy) == DATA


def test_the_next_address_is_tried_where_nobody_is() -> None:
    with serving({"/a": DATA}) as store:
        port = int(store.base.rpartition(":")[2])
        policy = replace(OPEN, resolve=lambda _host, _port: ["127.0.0.2", "127.0.0.1"])
        assert get(f"http://example.org:{port}/a", policy) == DATA


def test_attack_a_name_with_many_addresses_is_not_tried_for_ever() -> None:
    nobody = [f"127.0.1.{n}" for n in range(1, MAX_ADDRESSES + 1)]
    with serving({"/a": DATA}) as store:
        port = int(store.base.rpartition(":")[2])
        policy = replace(OPEN, resolve=lambda _host, _port: [*nobody, "127.0.0.1"])
        why = refusal(f"http://example.org:{port}/a", policy)
        assert store.asked == []
    assert why.message.count("Connection refused") == MAX_ADDRESSES


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "localhost", "127.1"])
def test_attack_this_machine_under_another_spelling(host: str) -> None:
    with serving({"/a": DATA}) as store:
        port = store.base.rpartition(":")[2]
        assert refusal(f"http://{host}:{port}/a", FetchPolicy()).kind.code == "remote.address-refused"
        assert store.asked == []


def no_such_name(_host: str, _port: int) -> Sequence[str]:
    raise socket.gaierror(-2, "Name or service not known")


def test_a_name_without_an_address_is_said_to_have_none() -> None:
    why = refusal("http://nowhere.example/a", replace(OPEN, resolve=no_such_name))
    assert (why.kind.code, why.message) == (
        "remote.unreachable",
        "nowhere.example: the name has no address (Name or service not known)",
    )
    nobody = refusal("http://nowhere.example/a", replace(OPEN, resolve=lambda _host, _port: []))
    assert nobody.message == "nowhere.example: it has no address"


def closed_port() -> int:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return int(closed.getsockname()[1])


def test_a_server_that_is_not_there_is_said_to_be_so() -> None:
    port = closed_port()
    why = refusal(f"http://127.0.0.1:{port}/a")
    assert (why.kind.code, why.message) == (
        "remote.unreachable",
        f"127.0.0.1:{port}: 127.0.0.1: Connection refused",
    )


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "remote.not-there"), (410, "remote.not-there"), (401, "remote.refused"), (503, "remote.refused"),
     (204, "remote.refused"), (206, "remote.refused"), (416, "remote.refused"), (304, "remote.refused")],
)  # fmt: skip
def test_an_answer_without_the_file_is_said_to_be_one(status: int, code: str) -> None:
    with serving({"/a": Served(b"", status=status)}) as store:
        why = refusal(store.url("/a"))
    assert why.kind.code == code
    assert f": {status}" in why.message


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
def test_attack_a_head_that_no_file_can_be_taken_from(head: str) -> None:
    with serving({"/a": answers_to(head)}) as store:
        why = refusal(store.url("/a"))
    assert why.kind.code == "remote.reply-unusable"
    assert len(why.message) < 400


@pytest.mark.parametrize("text", [b"", b"\x00\xff\n\n", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_a_server_that_speaks_something_else_is_no_bug(text: bytes) -> None:
    with serving({"/a": writes(text)}) as store:
        assert refusal(store.url("/a")).kind.code in ("remote.reply-unusable", "remote.unreachable")


@pytest.mark.parametrize(
    "served",
    [
        writes(for_ever=b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        writes(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", for_ever=b"X: y\r\n" * 1000),
        writes(OK + b"Transfer-Encoding: chunked\r\n\r\n", for_ever=b"1;" + b"x" * 60_000 + b"\r\ny\r\n"),
        writes(OK + b"\r\n", for_ever=b"x" * 60_000),
    ],
    ids=["interim answers", "trailers", "chunk heads", "body"],
)
def test_attack_an_answer_without_an_end(served: Served) -> None:
    with serving({"/a": served}) as store:
        assert refusal(store.url("/a")).kind.code == "remote.reply-unusable"


@pytest.mark.parametrize(
    "body",
    [b"", b"5\r\nabc", b"xyz\r\nabc", b"3\r\nabc\r\n"],
    ids=["none", "cut", "no number", "no last chunk"],
)
def test_chunks_that_break_off_are_no_end(body: bytes) -> None:
    with serving({"/a": answers_to("Transfer-Encoding: chunked", body)}) as store:
        why = refusal(store.url("/a"))
    assert why.kind.code == "remote.broken-off"
    assert why.message == "the connection broke: IncompleteRead(0 bytes read)"


def test_a_body_that_is_shorter_than_announced_is_given_with_its_announced_length() -> None:
    """Whoever asked names the file and says how much of it is missing."""
    with serving({"/a": Served(DATA, stops_after=5)}) as store:
        reply = open_http(store.url("/a"), RangeRequest(), LIMIT_BYTES, OPEN, Event())
        with contextlib.closing(reply):
            assert reply.total_bytes == len(DATA)
            assert b"".join(iter(reply.read, b"")) == DATA[:5]


def dripping(text: bytes, begin: bytes = b"") -> Served:
    """Writes one byte after the other, each long before patience ends."""

    def write(handler: Handler) -> None:
        handler.wfile.write(begin)
        for byte in text:
            handler.wfile.write(bytes([byte]))
            handler.server.store.go_on.wait(0.02)

    return Served(raw=write)


@pytest.mark.parametrize(
    "served",
    [
        dripping(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000),
        dripping(b"x" * 100_000, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"),
    ],
    ids=["head", "body"],
)
def test_attack_a_server_that_drips(served: Served) -> None:
    with serving({"/a": served}) as store:
        started = time.monotonic()
        why = refusal(store.url("/a"), replace(OPEN, patience_seconds=0.4))
        assert time.monotonic() - started < 10
    assert why.kind.code == "remote.too-slow"


def test_a_server_that_takes_a_connection_and_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        quick = replace(OPEN, patience_seconds=0.3)
        assert refusal(f"http://127.0.0.1:{port}/a", quick).kind.code == "remote.too-slow"
        assert refusal(f"https://127.0.0.1:{port}/a", quick).kind.code == "remote.unreachable"


def test_a_run_that_is_stopped_waits_for_no_server() -> None:
    stop = Event()
    with serving({"/a": Served(DATA, waits_after=3)}) as store:
        reply = open_http(store.url("/a"), RangeRequest(), LIMIT_BYTES, OPEN, stop)
        with contextlib.closing(reply):
            assert reply.read() == DATA[:3]
            stop.set()
            with pytest.raises(StoppedError):
                reply.read()


def hang_up_hard(handler: Handler) -> None:
    """Reset the connection in the middle."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
    reset_at_once(handler)


def reset_at_once(handler: Handler) -> None:
    """Reset the connection before a word."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    os.close(handler.connection.detach())


def test_a_connection_that_is_reset_is_no_bug() -> None:
    with serving({"/a": Served(raw=hang_up_hard), "/b": Served(raw=reset_at_once)}) as store:
        assert refusal(store.url("/b")).kind.code in ("remote.unreachable", "remote.reply-unusable")
        assert refusal(store.url("/a")).kind.code == "remote.broken-off"


# --- the rest of a file ------------------------------------------------------------------------


def test_the_rest_is_asked_for_of_the_same_version_only() -> None:
    with serving({"/a": DATA}) as store:
        reply = open_http(store.url("/a"), RangeRequest(5, '"1"'), LIMIT_BYTES, OPEN, Event())
        with contextlib.closing(reply):
            assert (reply.offset_bytes, reply.total_bytes, reply.validator) == (5, len(DATA), '"1"')
            assert b"".join(iter(reply.read, b"")) == DATA[5:]
        assert (store.asked[0].headers["Range"], store.asked[0].headers["If-Range"]) == ("bytes=5-", '"1"')


@pytest.mark.parametrize("served", [Served(DATA, etag='"2"'), Served(DATA, takes_ranges=False)])
def test_the_whole_comes_where_the_rest_cannot(served: Served) -> None:
    with serving({"/a": served}) as store:
        reply = open_http(store.url("/a"), RangeRequest(5, '"1"'), LIMIT_BYTES, OPEN, Event())
        with contextlib.closing(reply):
            assert (reply.offset_bytes, reply.total_bytes) == (0, len(DATA))


@pytest.mark.parametrize(
    ("head", "total"), [("bytes 5-33/*", 34), ("bytes 5-33/34", 34), ("Bytes 5-33/34", 34)]
)
def test_the_length_of_the_whole_follows_from_the_part(head: str, total: int) -> None:
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
def test_a_part_that_was_not_asked_for_is_not_taken(head: str) -> None:
    answer = writes(f"HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n".encode())
    with serving({"/a": answer}) as store, pytest.raises(RangeRefusedError):
        get(store.url("/a"), ask=RangeRequest(5, '"1"'))


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
def test_only_what_names_a_version_byte_for_byte_is_relied_on(
    headers: dict[str, str], validator: str | None
) -> None:
    assert strong_validator(headers_of(**headers)) == validator


# --- under TLS ---------------------------------------------------------------------------------


@contextlib.contextmanager
def under_tls(folder: Path, name: str) -> Iterator[tuple[str, FetchPolicy]]:
    """A server whose certificate is made for a name, and a policy that trusts its authority."""
    authority = make_authority(folder, name)
    with serving({"/a": DATA}, server_context(authority)) as store:
        port = store.base.rpartition(":")[2]
        policy = replace(
            OPEN, make_tls=lambda: client_context(authority), resolve=lambda _host, _port: ["127.0.0.1"]
        )
        yield port, policy


def test_a_certificate_is_held_against_the_name_that_was_asked_for(tmp_path: Path) -> None:
    with under_tls(tmp_path, "archive.example") as (port, policy):
        assert get(f"https://archive.example:{port}/a", policy) == DATA
        why = refusal(f"https://other.example:{port}/a", policy)
    assert why.kind.code == "remote.not-authentic"
    assert "other.example" in why.message


def test_an_authority_that_nobody_knows_is_not_believed(tmp_path: Path) -> None:
    with under_tls(tmp_path, "archive.example") as (port, policy):
        strict = replace(policy, make_tls=ssl.create_default_context)
        assert refusal(f"https://archive.example:{port}/a", strict).kind.code == "remote.not-authentic"


def test_a_server_without_tls_is_no_bug() -> None:
    with serving({"/a": DATA}) as store:
        assert refusal(store.url("/a").replace("http:", "https:")).kind.code == "remote.unreachable"


def test_a_name_may_end_in_the_dot_of_the_root(tmp_path: Path) -> None:
    with under_tls(tmp_path, "archive.example") as (port, policy):
        assert get(f"https://archive.example.:{port}/a", policy) == DATA


def test_a_head_may_be_as_long_as_servers_make_it() -> None:
    head = "\r\n".join(f"X{n}: {'y' * 1000}" for n in range(50))
    assert len(head) < MAX_HEAD_BYTES
    with serving({"/a": answers_to(f"{head}\r\nContent-Length: {len(DATA)}")}) as store:
        assert get(store.url("/a")) == DATA
