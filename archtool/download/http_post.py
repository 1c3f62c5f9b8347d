"""Sends a small POST request to a server and returns a small answer.

The address comes from the command line, not from a bag, so it may be private. No redirect is followed: only
the named address is contacted.

Source: RFC 9110 §9.3.3 (POST).
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from http import HTTPStatus
from threading import Event

from archtool.download import finding_kinds
from archtool.download.failures import FetchFailedError
from archtool.download.fetch_policy import HTTP_SCHEMES, FetchPolicy
from archtool.download.http_client import Exchange, Request, exchange
from archtool.download.locations import Location, brief_url, check_scheme, parse_location
from archtool.files.paths import shown


@dataclass(frozen=True, slots=True)
class PostRequest:
    """A request and the requirements for its answer."""

    body: bytes
    content_type: str
    answer_type: str
    """The content type that the answer must have."""
    limit_bytes: int
    """The maximum length of the answer."""


def post(url: str, posting: PostRequest, policy: FetchPolicy, stop: Event) -> bytes:
    """Send the request and return the body of the answer.

    Raises:
        FetchFailedError: the server cannot be reached, or its answer has another type or is too long.
        StoppedError: the run is being stopped.
    """
    check_scheme(url, HTTP_SCHEMES)
    location = parse_location(url)
    headers = {"Content-Type": posting.content_type, "Accept": posting.answer_type}
    request = Request("POST", headers, posting.limit_bytes, posting.body)
    with closing(exchange(location, request, replace(policy, allow_private=True), stop)) as answer:
        _check_head(answer, location, posting)
        return _body(answer, location, posting.limit_bytes)


def _check_head(answer: Exchange, location: Location, posting: PostRequest) -> None:
    where = brief_url(location.url)
    if answer.response.status != HTTPStatus.OK:
        target = answer.response.headers.get("Location")
        redirect = f", redirected to {brief_url(target)}: give that address if it is right" if target else ""
        raise FetchFailedError(finding_kinds.REFUSED, f"{where}: {answer.status_line}{redirect}")
    lengths = set(answer.response.headers.get_all("Content-Length", []))
    if len(lengths) > 1:
        message = f"{where}: unreliable Content-Length: {shown(' and '.join(sorted(lengths))[:100])}"
        raise FetchFailedError(finding_kinds.REPLY_UNUSABLE, message)
    given = answer.response.headers.get_content_type()
    if given != posting.answer_type:
        message = f"{where}: the answer has type {shown(given[:100])}, not {posting.answer_type}"
        raise FetchFailedError(finding_kinds.REPLY_UNUSABLE, message)


def _body(answer: Exchange, location: Location, limit_bytes: int) -> bytes:
    body = bytearray()
    while part := answer.read():
        body += part
        if len(body) > limit_bytes:
            message = f"{brief_url(location.url)}: the answer exceeds {limit_bytes:,} bytes"
            raise FetchFailedError(finding_kinds.REPLY_UNUSABLE, message)
    return bytes(body)
