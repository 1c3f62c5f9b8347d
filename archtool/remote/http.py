"""Asks for a file over HTTP: by hand, so that every hop of a redirect is looked at before it is gone.

No proxy of the environment is used, no cookie kept, no name or password sent, and the bytes are asked
for as they are: what a server encodes for the way has no digest that a manifest could know.

Source: RFC 9110 §13.1.5 (If-Range), §14 (ranges), §15.4 (redirects); RFC 9112 §6 (where a body ends).
"""

from __future__ import annotations

import http.client
import re
import socket
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from threading import Event
from typing import cast

from archtool import __version__
from archtool.fixity.paths import shown
from archtool.remote import kinds
from archtool.remote.connection import Connection, connect
from archtool.remote.failures import FetchFailedError
from archtool.remote.locations import Location, brief_url, follow, parse_location
from archtool.remote.policy import Policy
from archtool.remote.replies import READ_BYTES, Ask

MAX_REDIRECTS = 10  # a persistent identifier needs two or three; browsers give up after twenty
MAX_VALIDATOR_CHARS = 1024  # it is sent back in a header and kept in a note
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_GONE = frozenset((404, 410))
_NUMBER = re.compile(r"[0-9]{1,18}")
_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/(?:([0-9]{1,18})|\*)", re.IGNORECASE)
_TAG = re.compile(r'"[!#-~]*"')  # a strong one: `W/` stands before those that stand for alike bytes only


class RangeRefusedError(Exception):
    """The rest alone cannot be had: the whole must be asked for."""


@dataclass(frozen=True, slots=True)
class HttpReply:
    """An answer that a file can be taken from."""

    connection: Connection
    response: http.client.HTTPResponse
    offset_bytes: int
    total_bytes: int | None
    validator: str | None
    has_end: bool

    def read(self) -> bytes:
        """The next bytes; none at the end."""
        try:
            return self.response.read1(READ_BYTES)
        except (http.client.HTTPException, OSError) as error:
            message = f"the connection broke: {shown(str(error) or type(error).__name__)}"
            raise FetchFailedError(kinds.BROKEN_OFF, message) from error

    def close(self) -> None:
        """Hang up."""
        self.response.close()
        self.connection.close()


def open_http(url: str, ask: Ask, limit_bytes: int, policy: Policy, stop: Event) -> HttpReply:
    """Ask for a file, and follow where the server sends us.

    `limit_bytes`: how much of the file may come at most.

    Raises:
        FetchFailedError: nobody to ask, or no answer that a file can be taken from.
        RangeRefusedError: the server does not give the rest alone.
        StoppedError: the run is being stopped.
    """
    location = parse_location(url)
    for _ in range(MAX_REDIRECTS + 1):
        with ExitStack() as opened:
            connection = opened.enter_context(closing(connect(location, policy, stop)))
            response = opened.enter_context(closing(_exchange(connection, location, ask)))
            if response.status not in _REDIRECTS:
                connection.reader.allow_body(limit_bytes)
                reply = _reply(connection, response, location, ask)
                opened.pop_all()  # the caller closes them with the reply
                return reply
            location = follow(location, response.headers.get("Location") or location.url)
    message = f"sent on more than {MAX_REDIRECTS} times, at last to {brief_url(location.url)}"
    raise FetchFailedError(kinds.TOO_MANY_REDIRECTS, message)


def _exchange(connection: Connection, location: Location, ask: Ask) -> http.client.HTTPResponse:
    """Send the request and read the head of the answer."""
    client = http.client.HTTPConnection(location.host, location.port)
    client.sock = cast("socket.socket", connection.as_socket())
    try:
        client.request("GET", location.target, headers=_headers(location, ask))
        return client.getresponse()
    except (http.client.HTTPException, ValueError) as error:
        message = f"{location.authority} does not speak HTTP as it should: {_why(error)}"
        raise FetchFailedError(kinds.REPLY_UNUSABLE, message) from error
    except OSError as error:
        message = f"{location.authority}: {error.strerror or error}"
        raise FetchFailedError(kinds.UNREACHABLE, message) from error


def _headers(location: Location, ask: Ask) -> dict[str, str]:
    headers = {
        "Host": location.authority,
        "User-Agent": f"archtool/{__version__}",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    if ask.offset_bytes and ask.validator:
        headers |= {"Range": f"bytes={ask.offset_bytes}-", "If-Range": ask.validator}
    return headers


def _reply(
    connection: Connection, response: http.client.HTTPResponse, location: Location, ask: Ask
) -> HttpReply:
    _check_status(response, location, ask)
    _check_encoding(response, location)
    length_bytes = _content_length(response, location)
    offset_bytes, total_bytes = 0, length_bytes
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        offset_bytes, total_bytes = _range(response, ask)
        if total_bytes is None and length_bytes is not None:
            total_bytes = offset_bytes + length_bytes
    return HttpReply(
        connection,
        response,
        offset_bytes,
        total_bytes,
        strong_validator(response.headers),
        has_end=response.chunked or length_bytes is not None,
    )


def _check_status(response: http.client.HTTPResponse, location: Location, ask: Ask) -> None:
    status = response.status
    if status == http.HTTPStatus.OK:
        return
    if status == http.HTTPStatus.PARTIAL_CONTENT and ask.offset_bytes:
        return
    if status == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and ask.offset_bytes:
        raise RangeRefusedError
    said = shown(f"{status} {response.reason[:100]}".strip())
    kind = kinds.NOT_THERE if status in _GONE else kinds.REFUSED
    raise FetchFailedError(kind, f"{brief_url(location.url)}: {said}")


def _check_encoding(response: http.client.HTTPResponse, location: Location) -> None:
    content = response.headers.get("Content-Encoding", "identity").strip().lower()
    transfer = response.headers.get("Transfer-Encoding", "chunked").strip().lower()
    if content != "identity" or transfer != "chunked":
        encoding = content if content != "identity" else transfer
        message = f"{brief_url(location.url)}: encoded as {shown(encoding[:100])!r}, which was not asked for"
        raise FetchFailedError(kinds.REPLY_UNUSABLE, message)


def _content_length(response: http.client.HTTPResponse, location: Location) -> int | None:
    """The length that the head gives; chunks come without one, whatever else is said."""
    given = set(response.headers.get_all("Content-Length", []))
    if response.chunked or not given:
        return None
    only = given.pop().strip()
    if given or not _NUMBER.fullmatch(only):
        message = f"{brief_url(location.url)}: no length to rely on: {shown(only[:100])!r}"
        raise FetchFailedError(kinds.REPLY_UNUSABLE, message)
    return int(only)


def _range(response: http.client.HTTPResponse, ask: Ask) -> tuple[int, int | None]:
    """Where the part begins and how long the whole is.

    Raises:
        RangeRefusedError: it is not the rest that was asked for.
    """
    match = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    if match is None or int(match[1]) != ask.offset_bytes:
        raise RangeRefusedError
    total_bytes = int(match[3]) if match[3] else None
    if total_bytes is not None and int(match[2]) != total_bytes - 1:
        raise RangeRefusedError
    return ask.offset_bytes, total_bytes


def strong_validator(headers: http.client.HTTPMessage) -> str | None:
    """What names this version byte for byte: a strong tag, or a date that cannot have been used twice.

    Source: RFC 9110 §8.8.1 to §8.8.3.
    """
    tag = headers.get("ETag", "").strip()
    if _TAG.fullmatch(tag) and len(tag) <= MAX_VALIDATOR_CHARS:
        return tag
    changed, sent = _date(headers.get("Last-Modified")), _date(headers.get("Date"))
    if tag or changed is None or sent is None or (sent - changed).total_seconds() < 1:
        return None
    return headers["Last-Modified"].strip()


def _date(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo is not None else None  # GMT is what a server must write


def _why(error: Exception) -> str:
    return shown(str(error)[:100]) or type(error).__name__
