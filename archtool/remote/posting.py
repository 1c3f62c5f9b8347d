"""Sends a small request to a server that a person named, and takes a small answer.

The address comes from the command line, not from a bag: it may be on this machine or in one's own network.
No redirect is followed: what was named is what is asked.

Source: RFC 9110 §9.3.3 (POST).
"""

from __future__ import annotations

import http.client
from contextlib import closing
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING, cast

from archtool import __version__
from archtool.fixity.paths import shown
from archtool.remote import kinds
from archtool.remote.connection import Connection, connect
from archtool.remote.failures import FetchFailedError
from archtool.remote.locations import Location, brief_url, check_scheme, parse_location
from archtool.remote.policy import HTTP_SCHEMES, Policy
from archtool.remote.replies import READ_BYTES

if TYPE_CHECKING:
    import socket


@dataclass(frozen=True, slots=True)
class Posting:
    """What is sent, and what may come back."""

    body: bytes
    content_type: str
    answer_type: str
    """The content type that an answer must have."""
    limit_bytes: int
    """How long an answer may be."""


def post(url: str, posting: Posting, policy: Policy, stop: Event) -> bytes:
    """Send the request and give the answer's body.

    Raises:
        FetchFailedError: nobody to ask, or no answer of that kind and length.
        StoppedError: the run is being stopped.
    """
    check_scheme(url, HTTP_SCHEMES)
    location = parse_location(url)
    with (
        closing(connect(location, replace(policy, allow_private=True), stop)) as connection,
        closing(_exchange(connection, location, posting)) as response,
    ):
        _check_head(response, location, posting)
        connection.reader.allow_body(posting.limit_bytes)
        return _body(response, location, posting.limit_bytes)


def _exchange(connection: Connection, location: Location, posting: Posting) -> http.client.HTTPResponse:
    client = http.client.HTTPConnection(location.host, location.port)
    client.sock = cast("socket.socket", connection.as_socket())
    headers = {
        "Host": location.authority,
        "User-Agent": f"archtool/{__version__}",
        "Content-Type": posting.content_type,
        "Accept": posting.answer_type,
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    try:
        client.request("POST", location.target, body=posting.body, headers=headers)
        return client.getresponse()
    except (http.client.HTTPException, ValueError) as error:
        said = shown(str(error)[:100]) or type(error).__name__
        message = f"{location.authority} does not speak HTTP as it should: {said}"
        raise FetchFailedError(kinds.REPLY_UNUSABLE, message) from error
    except OSError as error:
        message = f"{location.authority}: {error.strerror or error}"
        raise FetchFailedError(kinds.UNREACHABLE, message) from error


def _check_head(response: http.client.HTTPResponse, location: Location, posting: Posting) -> None:
    where = brief_url(location.url)
    if response.status != http.HTTPStatus.OK:
        said = shown(f"{response.status} {response.reason[:100]}".strip())
        onward = response.headers.get("Location")
        sent_on = f", to {brief_url(onward)}: name that address if it is right" if onward else ""
        raise FetchFailedError(kinds.REFUSED, f"{where}: {said}{sent_on}")
    given = response.headers.get_content_type()
    if given != posting.answer_type:
        message = f"{where}: the answer is {shown(given[:100])}, not {posting.answer_type}"
        raise FetchFailedError(kinds.REPLY_UNUSABLE, message)


def _body(response: http.client.HTTPResponse, location: Location, limit_bytes: int) -> bytes:
    parts, size_bytes = [], 0
    try:
        while part := response.read1(READ_BYTES):
            parts.append(part)
            size_bytes += len(part)
            if size_bytes > limit_bytes:
                message = (
                    f"{brief_url(location.url)}: more than {limit_bytes:,} bytes where no answer has so many"
                )
                raise FetchFailedError(kinds.REPLY_UNUSABLE, message)
    except (http.client.HTTPException, OSError) as error:
        message = f"the connection broke: {shown(str(error) or type(error).__name__)}"
        raise FetchFailedError(kinds.BROKEN_OFF, message) from error
    return b"".join(parts)
