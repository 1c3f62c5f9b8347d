"""Asks for a file over HTTP: the address of each redirect is checked before it is contacted.

No proxy of the environment is used, no cookie kept, no name or password sent, and the bytes are asked
for as they are: what a server encodes for the way has no digest that a manifest could know.

Source: RFC 9110 §13.1.5 (If-Range), §14 (ranges), §15.4 (redirects).
"""

from __future__ import annotations

import re
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPMessage
from threading import Event

from archtool.download import finding_kinds
from archtool.download.failures import FetchFailedError
from archtool.download.fetch_policy import FetchPolicy
from archtool.download.http_client import Exchange, Request, exchange
from archtool.download.locations import Location, brief_url, follow, parse_location
from archtool.download.replies import RangeRefusedError, RangeRequest
from archtool.files.paths import shown

MAX_REDIRECTS = 10  # a persistent identifier needs two or three; browsers give up after twenty
MAX_VALIDATOR_CHARS = 1024  # it is sent back in a header and kept in a note
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_GONE = frozenset((404, 410))
_NUMBER = re.compile(r"[0-9]{1,18}")
_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/(?:([0-9]{1,18})|\*)", re.IGNORECASE)
_TAG = re.compile(r'"[!#-~]*"')  # a strong one: `W/` stands before those that stand for alike bytes only


@dataclass(frozen=True, slots=True)
class HttpReply:
    """An answer that a file can be taken from."""

    exchange: Exchange
    offset_bytes: int
    total_bytes: int | None
    validator: str | None
    has_end: bool

    def read(self) -> bytes:
        """The next bytes; none at the end."""
        return self.exchange.read()

    def close(self) -> None:
        """Close the connection."""
        self.exchange.close()


def open_http(url: str, ask: RangeRequest, limit_bytes: int, policy: FetchPolicy, stop: Event) -> HttpReply:
    """Ask for a file, and follow where the server sends us.

    `limit_bytes`: how much of the file may come at most.

    Raises:
        FetchFailedError: nobody to ask, or no answer that a file can be taken from.
        RangeRefusedError: the server does not give the rest alone.
        StoppedError: the run is being stopped.
    """
    location = parse_location(url)
    request = _request(ask, limit_bytes)
    for _ in range(MAX_REDIRECTS + 1):
        with ExitStack() as opened:
            answer = opened.enter_context(closing(exchange(location, request, policy, stop)))
            if answer.response.status not in _REDIRECTS:
                reply = _reply(answer, location, ask)
                opened.pop_all()  # the caller closes it with the reply
                return reply
            location = follow(location, answer.response.headers.get("Location") or location.url)
    message = f"sent on more than {MAX_REDIRECTS} times, at last to {brief_url(location.url)}"
    raise FetchFailedError(finding_kinds.TOO_MANY_REDIRECTS, message)


def _request(ask: RangeRequest, limit_bytes: int) -> Request:
    headers = {"Accept": "*/*"}
    if ask.offset_bytes and ask.validator:
        headers |= {"Range": f"bytes={ask.offset_bytes}-", "If-Range": ask.validator}
    return Request("GET", headers, limit_bytes)


def _reply(answer: Exchange, location: Location, ask: RangeRequest) -> HttpReply:
    _check_status(answer, location, ask)
    _check_encoding(answer, location)
    length_bytes = _content_length(answer, location)
    offset_bytes, total_bytes = 0, length_bytes
    if answer.response.status == HTTPStatus.PARTIAL_CONTENT:
        offset_bytes, total_bytes = _range(answer, ask)
        if total_bytes is None and length_bytes is not None:
            total_bytes = offset_bytes + length_bytes
    return HttpReply(
        answer,
        offset_bytes,
        total_bytes,
        strong_validator(answer.response.headers),
        has_end=answer.response.chunked or length_bytes is not None,
    )


def _check_status(answer: Exchange, location: Location, ask: RangeRequest) -> None:
    status = answer.response.status
    if status == HTTPStatus.OK:
        return
    if status == HTTPStatus.PARTIAL_CONTENT and ask.offset_bytes:
        return
    if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and ask.offset_bytes:
        raise RangeRefusedError
    kind = finding_kinds.NOT_THERE if status in _GONE else finding_kinds.REFUSED
    raise FetchFailedError(kind, f"{brief_url(location.url)}: {answer.status_line}")


def _check_encoding(answer: Exchange, location: Location) -> None:
    """Make sure that no header, not the second of a name either, says that the bytes are encoded."""
    content = (given.strip().lower() for given in answer.response.headers.get_all("Content-Encoding", []))
    # exactly so, without a blank: http.client takes anything else for a body without chunks
    transfer = (given.lower() for given in answer.response.headers.get_all("Transfer-Encoding", []))
    encodings = [*(e for e in content if e != "identity"), *(e for e in transfer if e != "chunked")]
    if encodings:
        given = shown(encodings[0][:100])
        message = f"{brief_url(location.url)}: encoded as {given!r}, which was not asked for"
        raise FetchFailedError(finding_kinds.REPLY_UNUSABLE, message)


def _content_length(answer: Exchange, location: Location) -> int | None:
    """The length that the head gives; chunks come without one, whatever else is said."""
    given = set(answer.response.headers.get_all("Content-Length", []))
    if answer.response.chunked or not given:
        return None
    only = given.pop().strip()
    if given or not _NUMBER.fullmatch(only):
        message = f"{brief_url(location.url)}: no length to rely on: {shown(only[:100])!r}"
        raise FetchFailedError(finding_kinds.REPLY_UNUSABLE, message)
    return int(only)


def _range(answer: Exchange, ask: RangeRequest) -> tuple[int, int | None]:
    """Where the part begins and how long the whole is.

    Raises:
        RangeRefusedError: it is not the rest that was asked for.
    """
    match = _RANGE.fullmatch((answer.response.headers.get("Content-Range") or "").strip())
    if match is None or int(match[1]) != ask.offset_bytes:
        raise RangeRefusedError
    total_bytes = int(match[3]) if match[3] else None
    if total_bytes is not None and int(match[2]) != total_bytes - 1:
        raise RangeRefusedError
    return ask.offset_bytes, total_bytes


def strong_validator(headers: HTTPMessage) -> str | None:
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
