"""URLs taken apart: what is sent, what is shown, and what is refused before anybody is asked."""

from __future__ import annotations

import pytest

from archtool.download.failures import FetchFailedError
from archtool.download.fetch_policy import HTTP_SCHEMES
from archtool.download.locations import (
    MAX_URL_CHARS,
    Location,
    brief_url,
    check_scheme,
    follow,
    parse_location,
    without_user,
)

HERE = Location("https", "example.org", 443, "/a/letter.txt")


def code_of(refused: pytest.ExceptionInfo[FetchFailedError]) -> str:
    return refused.value.kind.code


@pytest.mark.parametrize(
    ("url", "host", "port", "target", "authority"),
    [
        ("http://example.org", "example.org", 80, "/", "example.org"),
        ("HTTP://EXAMPLE.org/a%20b?c=d&e", "example.org", 80, "/a%20b?c=d&e", "example.org"),
        ("https://example.org:443/x", "example.org", 443, "/x", "example.org"),
        ("https://example.org:80/x", "example.org", 80, "/x", "example.org:80"),
        ("http://me:secret@example.org:8080/x#y", "example.org", 8080, "/x", "example.org:8080"),
        ("http://[2606:4700::1]:81/x", "2606:4700::1", 81, "/x", "[2606:4700::1]:81"),
    ],
)
def test_a_url_names_whom_to_ask_and_for_what(
    url: str, host: str, port: int, target: str, authority: str
) -> None:
    location = parse_location(url)
    assert (location.host, location.port, location.target, location.authority) == (
        host,
        port,
        target,
        authority,
    )
    assert "secret" not in location.url


@pytest.mark.parametrize(
    "url",
    [
        "http:/path",
        "http:///path",
        "http://:80/",
        "http://example.org:99999/",
        "http://example.org:x/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://ex%61mple.org/",
        "http://.example.org/",
        "http://example..org/",
        "http://..",
        "http://" + "a" * 64 + ".example/",
        "http://example.org/a b",
        "http://example.org/" + "a" * MAX_URL_CHARS,
    ],
)
def test_a_url_that_names_nobody_is_refused(url: str) -> None:
    with pytest.raises(FetchFailedError) as refused:
        parse_location(url)
    assert code_of(refused) == "remote.url-unusable"
    assert len(refused.value.message) < 500


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://a:b@host/x", "http://host/x"),
        ("http://a@b@host/x?u=c@d", "http://host/x?u=c@d"),
        ("http://host/a@b", "http://host/a@b"),
        ("s3://key:secret@bucket/x", "s3://bucket/x"),
        ("//a:b@host/x", "//host/x"),
        ("ark:/12148/x", "ark:/12148/x"),
    ],
)
def test_names_and_passwords_are_never_shown(url: str, plain: str) -> None:
    assert without_user(url) == brief_url(url) == plain


@pytest.mark.parametrize(
    ("header", "url"),
    [
        ("/b", "https://example.org/b"),
        ("b?c", "https://example.org/a/b?c"),
        ("//other.org/b", "https://other.org/b"),
        ("https://other.org/b#part", "https://other.org/b"),
        (" /with space ", "https://example.org/with%20space"),
        ("/lettre-\xe9", "https://example.org/lettre-%E9"),
        ("/already%20coded", "https://example.org/already%20coded"),
    ],
)
def test_a_redirect_is_followed_from_where_it_was_met(header: str, url: str) -> None:
    assert follow(HERE, header).url == url


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("http://example.org/b", "remote.redirect-refused"),
        ("file:///etc/passwd", "remote.redirect-refused"),
        ("ftp://example.org/b", "remote.redirect-refused"),
        ("data:text/plain,x", "remote.redirect-refused"),
        ("https://[::1", "remote.url-unusable"),
        ("https://:1/b", "remote.url-unusable"),
    ],
)
def test_attack_a_redirect_leads_where_nobody_goes(header: str, code: str) -> None:
    with pytest.raises(FetchFailedError) as refused:
        follow(HERE, header)
    assert code_of(refused) == code


def test_a_line_that_is_open_already_may_be_left_for_a_private_one() -> None:
    assert follow(parse_location("http://example.org/a"), "https://example.org/a").scheme == "https"


@pytest.mark.parametrize("url", ["s3://bucket/x", "ark:/12148/x", "doi:10.1000/182", "ftp://example.org/x"])
def test_what_cannot_be_fetched_here_is_said_to_be_so(url: str) -> None:
    with pytest.raises(FetchFailedError, match="no way to fetch") as refused:
        check_scheme(url, HTTP_SCHEMES)
    assert code_of(refused) == "remote.scheme-unknown"


def test_a_scheme_is_the_same_in_any_case_of_letters() -> None:
    check_scheme("HTTPS://example.org/x", HTTP_SCHEMES)
    with pytest.raises(FetchFailedError) as refused:
        check_scheme("FILE:///etc/passwd", HTTP_SCHEMES)
    assert code_of(refused) == "remote.scheme-refused"
