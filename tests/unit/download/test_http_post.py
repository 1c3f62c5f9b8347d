"""HTTP POST over real sockets: the request, accepted and refused answers."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from archtool.download.failures import FetchFailedError
from archtool.download.fetch_policy import FetchPolicy
from archtool.download.http_post import PostRequest, post
from unit.download.certificates import client_context, make_authority, server_context
from unit.download.servers import Handler, Served, serving, writes

POLICY = FetchPolicy(timeout_seconds=20)
POST_REQUEST = PostRequest(b"question", "application/x-question", "application/x-answer", 1000)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-answer\r\n"


def send(url: str, policy: FetchPolicy = POLICY) -> bytes:
    return post(url, POST_REQUEST, policy, Event())


def refusal(url: str, policy: FetchPolicy = POLICY) -> FetchFailedError:
    with pytest.raises(FetchFailedError) as refused:
        send(url, policy)
    return refused.value


def test_the_request_has_its_length_and_type() -> None:
    served = Served(b"answer", headers={"Content-Type": "Application/X-Answer; charset=x"})
    with serving({"/tsa?a=1": served}) as store:
        assert send(store.url("/tsa?a=1")) == b"answer"
        (request,) = store.requests
    sent = {name.lower(): value for name, value in request.headers.items()}
    del sent["user-agent"]
    assert request.body == b"question"
    assert sent == {
        "host": store.base.removeprefix("http://"),
        "content-type": "application/x-question",
        "content-length": "8",
        "accept": "application/x-answer",
        "accept-encoding": "identity",
        "connection": "close",
    }


def test_the_server_is_verified_with_tls(
    tmp_path: Path,
) -> None:
    authority = make_authority(tmp_path, "tsa.example")
    served = Served(b"answer", headers={"Content-Type": "application/x-answer"})
    with serving({"/": served}, server_context(authority)) as store:
        port = store.base.rpartition(":")[2]
        policy = replace(
            POLICY, resolve=lambda _host, _port: ["127.0.0.1"], make_tls=lambda: client_context(authority)
        )
        assert send(f"https://tsa.example:{port}/", policy) == b"answer"
        assert refusal(f"https://other.example:{port}/", policy).kind.code == "remote.not-authentic"
        assert len(store.requests) == 1


def test_a_redirect_is_reported_and_not_followed() -> None:
    files = {"/a": Served(status=307, headers={"Location": "/b"}), "/b": Served(b"answer")}
    with serving(files) as store:
        error = refusal(store.url("/a"))
        assert store.paths == ["/a"]
    assert error.kind.code == "remote.refused"
    assert error.message.endswith(
        "/a: 307 Temporary Redirect, redirected to /b: give that address if it is right"
    )


@pytest.mark.parametrize(
    "served",
    [
        writes(endless=b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        writes(HEAD + b"\r\n", endless=b"x" * 10_000),
        writes(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", endless=b"X: y\r\n" * 1000),
        writes(HEAD + b"X: y\r\n" * 200 + b"\r\n"),
        writes(HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nanswer"),
    ],
    ids=["interim answers", "body", "trailers", "headers", "two lengths"],
)
def test_attack_endless_or_ambiguous_answer_is_refused(served: Served) -> None:
    with serving({"/": served}) as store:
        assert refusal(store.url("/")).kind.code == "remote.reply-unusable"


def test_attack_authority_that_sends_single_bytes_slowly_is_refused() -> None:
    def drip(handler: Handler) -> None:
        handler.wfile.write(HEAD + b"Content-Length: 1000\r\n\r\n")
        for _ in range(1000):
            handler.wfile.write(b"x")
            handler.server.store.release.wait(0.02)

    with serving({"/": Served(raw=drip)}) as store:
        started = time.monotonic()
        assert refusal(store.url("/"), replace(POLICY, timeout_seconds=0.4)).kind.code == "remote.too-slow"
        assert time.monotonic() - started < 10
