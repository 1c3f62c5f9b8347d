"""Requests a file over HTTP; the address of each redirect is checked before it is contacted.

It uses no proxy from the environment, keeps no cookies and sends no user name or password. It requests
unencoded bytes, because the manifests do not have the digest of a content encoding.

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
from archtool.download.limits import MAX_REDIRECTS, MAX_VALIDATOR_CHARS
from archtool.download.locations import Location, brief_url, follow_redirect, parse_location
from archtool.download.replies import RangeRefusedError, RangeRequest
from archtool.files.paths import shown

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_GONE = frozenset((404, 410))
_NUMBER = re.compile(r"[0-9]{1,18}")
_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/(?:([0-9]{1,18})|\*)", re.IGNORECASE)
_TAG = re.compile(r'"[!#-~]*"')  # a strong entity tag: weak ones, for similar bytes, begin with `W/`


@dataclass(frozen=True, slots=True)
class HttpReply:
    """An answer that contains a file or a part of it."""

    exchange: Exchange
    offset_bytes: int
    total_bytes: int | None
    validator: str | None
    has_end: bool

    def read(self) -> bytes:
        """Return the next bytes; `b""` at the end."""
        return self.exchange.read()

    def close(self) -> None:
        """Close the connection."""
        self.exchange.close()


def open_http(
    url: str, wanted_range: RangeRequest, limit_bytes: int, policy: FetchPolicy, stop: Event
) -> HttpReply:
    """Request a file and follow redirects; the body is limited to `limit_bytes`.

    Raises:
        FetchFailedError: the server cannot be reached or does not send the file.
        RangeRefusedError: the server does not send the requested part.
        StoppedError: the run is being stopped.
    """
    location = parse_location(url)
    request = _request(wanted_range, limit_bytes)
    for _ in range(MAX_REDIRECTS + 1):
        with ExitStack() as opened:
            answer = opened.enter_context(closing(exchange(location, request, policy, stop)))
            if answer.response.status not in _REDIRECTS:
                reply = _reply(answer, location, wanted_range)
                opened.pop_all()  # the caller closes it with the reply
                return reply
            location = follow_redirect(location, answer.response.headers.get("Location") or location.url)
    message = f"redirected more than {MAX_REDIRECTS} times, finally to {brief_url(location.url)}"
    raise FetchFailedError(finding_kinds.TOO_MANY_REDIRECTS, message)


def _request(wanted_range: RangeRequest, limit_bytes: int) -> Request:
    headers = {"Accept": "*/*"}
    if wanted_range.offset_bytes and wanted_range.validator:
        headers |= {"Range": f"bytes={wanted_range.offset_bytes}-", "If-Range": wanted_range.validator}
    return Request("GET", headers, limit_bytes)


def _reply(answer: Exchange, location: Location, wanted_range: RangeRequest) -> HttpReply:
    _check_status(answer, location, wanted_range)
    _check_encoding(answer, location)
    length_bytes = _content_length(answer, location)
    offset_bytes, total_bytes = 0, length_bytes
    if answer.response.status == HTTPStatus.PARTIAL_CONTENT:
        offset_bytes, total_bytes = _range(answer, wanted_range)
        if total_bytes is None and length_bytes is not None:
            total_bytes = offset_bytes + length_bytes
    return HttpReply(
        answer,
        offset_bytes,
        total_bytes,
        strong_validator(answer.response.headers),
        has_end=answer.response.chunked or length_bytes is not None,
    )


def _check_status(answer: Exchange, location: Location, wanted_range: RangeRequest) -> None:
    status = answer.response.status
    if status == HTTPStatus.OK:
        return
    if status == HTTPStatus.PARTIAL_CONTENT and wanted_range.offset_bytes:
        return
    if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and wanted_range.offset_bytes:
        raise RangeRefusedError
    kind = finding_kinds.NOT_FOUND if status in _GONE else finding_kinds.REFUSED
    raise FetchFailedError(kind, f"{brief_url(location.url)}: {answer.status_line}")


def _check_encoding(answer: Exchange, location: Location) -> None:
    """Check that no header, including repeated ones, declares an encoding of the bytes."""
    content = (given.strip().lower() for given in answer.response.headers.get_all("Content-Encoding", []))
    # not stripped: http.client reads a body as chunked only if the value is exactly "chunked"
    transfer = (given.lower() for given in answer.response.headers.get_all("Transfer-Encoding", []))
    encodings = [*(e for e in content if e != "identity"), *(e for e in transfer if e != "chunked")]
    if encodings:
        given = shown(encodings[0][:100])
        message = f"{brief_url(location.url)}: encoded as {given!r}, which was not requested"
        raise FetchFailedError(finding_kinds.REPLY_UNUSABLE, message)


def _content_length(answer: Exchange, location: Location) -> int | None:
    """Return the declared length of the body; `None` without one. A chunked body's is ignored."""
    given = set(answer.response.headers.get_all("Content-Length", []))
    if answer.response.chunked or not given:
        return None
    only = given.pop().strip()
    if given or not _NUMBER.fullmatch(only):
        message = f"{brief_url(location.url)}: unreliable Content-Length: {shown(only[:100])!r}"
        raise FetchFailedError(finding_kinds.REPLY_UNUSABLE, message)
    return int(only)


def _range(answer: Exchange, wanted_range: RangeRequest) -> tuple[int, int | None]:
    """Return the offset of the part and the length of the whole file.

    Raises:
        RangeRefusedError: it is not the requested part.
    """
    match = _RANGE.fullmatch((answer.response.headers.get("Content-Range") or "").strip())
    if match is None or int(match[1]) != wanted_range.offset_bytes:
        raise RangeRefusedError
    total_bytes = int(match[3]) if match[3] else None
    if total_bytes is not None and int(match[2]) != total_bytes - 1:
        raise RangeRefusedError
    return wanted_range.offset_bytes, total_bytes


def strong_validator(headers: HTTPMessage) -> str | None:
    """Return what identifies this version of the file: a strong tag, or a date that is old enough.

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
    return found if found.tzinfo is not None else None  # a server must write GMT
