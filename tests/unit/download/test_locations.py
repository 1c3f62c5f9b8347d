"""URLs: parsing, display, redirects and refusals before any connection."""

from __future__ import annotations

import pytest

from archtool.download.failures import FetchFailedError
from archtool.download.fetch_policy import HTTP_SCHEMES
from archtool.download.limits import MAX_URL_CHARS
from archtool.download.locations import (
    Location,
    brief_url,
    check_scheme,
    follow_redirect,
    parse_location,
    without_user,
)

CURRENT = Location("https", "example.org", 443, "/a/letter.txt")


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
def test_a_url_is_split_into_host_port_and_target(
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
def test_a_url_without_a_valid_host_or_path_is_refused(url: str) -> None:
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
def test_user_names_and_passwords_are_never_shown(url: str, plain: str) -> None:
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
def test_a_redirect_is_relative_to_the_current_url(header: str, url: str) -> None:
    assert follow_redirect(CURRENT, header).url == url


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
def test_attack_redirect_to_another_scheme_or_invalid_url_is_refused(header: str, code: str) -> None:
    with pytest.raises(FetchFailedError) as refused:
        follow_redirect(CURRENT, header)
    assert code_of(refused) == code


def test_a_redirect_from_http_to_https_is_allowed() -> None:
    assert follow_redirect(parse_location("http://example.org/a"), "https://example.org/a").scheme == "https"


@pytest.mark.parametrize("url", ["s3://bucket/x", "ark:/12148/x", "doi:10.1000/182", "ftp://example.org/x"])
def test_an_unsupported_scheme_is_refused(url: str) -> None:
    with pytest.raises(FetchFailedError, match="unsupported scheme") as refused:
        check_scheme(url, HTTP_SCHEMES)
    assert code_of(refused) == "remote.scheme-unknown"


def test_a_scheme_is_case_insensitive() -> None:
    check_scheme("HTTPS://example.org/x", HTTP_SCHEMES)
    with pytest.raises(FetchFailedError) as refused:
        check_scheme("FILE:///etc/passwd", HTTP_SCHEMES)
    assert code_of(refused) == "remote.scheme-refused"
