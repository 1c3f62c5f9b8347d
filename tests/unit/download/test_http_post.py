"""A request that a person sends to a server of their choice, over real sockets, and the answers refused."""

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

PATIENT = FetchPolicy(patience_seconds=20)
POSTING = PostRequest(b"question", "application/x-question", "application/x-answer", 1000)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-answer\r\n"


def ask(url: str, policy: FetchPolicy = PATIENT) -> bytes:
    return post(url, POSTING, policy, Event())


def refusal(url: str, policy: FetchPolicy = PATIENT) -> FetchFailedError:
    with pytest.raises(FetchFailedError) as refused:
        ask(url, policy)
    return refused.value


def test_the_request_arrives_as_it_is_with_its_length_and_type() -> None:
    served = Served(b"answer", headers={"Content-Type": "Application/X-Answer; charset=x"})
    with serving({"/tsa?a=1": served}) as store:
        assert ask(store.url("/tsa?a=1")) == b"answer"
        (asked,) = store.asked
    sent = {name.lower(): value for name, value in asked.headers.items()}
    del sent["user-agent"]
    assert asked.body == b"question"
    assert sent == {
        "host": store.base.removeprefix("http://"),
        "content-type": "application/x-question",
        "content-length": "8",
        "accept": "application/x-answer",
        "accept-encoding": "identity",
        "connection": "close",
    }


def test_an_answer_over_tls_comes_from_the_server_that_was_named(
    tmp_path: Path,
) -> None:
    authority = make_authority(tmp_path, "tsa.example")
    served = Served(b"answer", headers={"Content-Type": "application/x-answer"})
    with serving({"/": served}, server_context(authority)) as store:
        port = store.base.rpartition(":")[2]
        policy = replace(
            PATIENT, resolve=lambda _host, _port: ["127.0.0.1"], make_tls=lambda: client_context(authority)
        )
        assert ask(f"https://tsa.example:{port}/", policy) == b"answer"
        assert refusal(f"https://other.example:{port}/", policy).kind.code == "remote.not-authentic"
        assert len(store.asked) == 1


def test_a_redirect_is_named_and_not_followed() -> None:
    files = {"/a": Served(status=307, headers={"Location": "/b"}), "/b": Served(b"answer")}
    with serving(files) as store:
        why = refusal(store.url("/a"))
        assert store.paths == ["/a"]
    assert why.kind.code == "remote.refused"
    assert why.message.endswith("/a: 307 Temporary Redirect, to /b: name that address if it is right")


@pytest.mark.parametrize(
    "served",
    [
        writes(for_ever=b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        writes(HEAD + b"\r\n", for_ever=b"x" * 10_000),
        writes(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", for_ever=b"X: y\r\n" * 1000),
        writes(HEAD + b"X: y\r\n" * 200 + b"\r\n"),
        writes(HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nanswer"),
    ],
    ids=["interim answers", "body", "trailers", "headers", "two lengths"],
)
def test_attack_an_answer_without_an_end_or_with_two(served: Served) -> None:
    with serving({"/": served}) as store:
        assert refusal(store.url("/")).kind.code == "remote.reply-unusable"


def test_attack_an_authority_that_sends_one_byte_after_the_other() -> None:
    def drip(handler: Handler) -> None:
        handler.wfile.write(HEAD + b"Content-Length: 1000\r\n\r\n")
        for _ in range(1000):
            handler.wfile.write(b"x")
            handler.server.store.go_on.wait(0.02)

    with serving({"/": Served(raw=drip)}) as store:
        started = time.monotonic()
        assert refusal(store.url("/"), replace(PATIENT, patience_seconds=0.4)).kind.code == "remote.too-slow"
        assert time.monotonic() - started < 10
