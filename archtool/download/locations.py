"""Addresses of files, taken apart: what is asked, of whom, and how it is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from archtool.download import finding_kinds
from archtool.download.failures import FetchFailedError
from archtool.download.fetch_policy import HTTP_SCHEMES, KNOWN_SCHEMES
from archtool.files.paths import shown

MAX_URL_CHARS = 8192  # what servers take; longer ones are made to do harm
_SHOWN_CHARS = 300
_PORTS = {"http": 80, "https": 443}
_USER = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*@")
_LABEL = "[A-Za-z0-9_-]{1,63}"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]{{1,44}}")
_SENT = re.compile(r"/[!-~]*")  # nothing that would end the line of a request
_KEPT_IN_URLS = "%:/?#[]@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Location:
    """A place that can be asked over HTTP; the user's name and password that a URL may hold are left out."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query, as they are sent."""

    @property
    def authority(self) -> str:
        """Host and port for the server: the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole, to go on from."""
        return f"{self.scheme}://{self.authority}{self.target}"


def without_user(url: str) -> str:
    """The URL without name and password: they must not get into a log, a file or a screen."""
    return _USER.sub(lambda match: f"{match[1] or ''}//", url)


def brief_url(url: str) -> str:
    """The URL for a message."""
    plain = without_user(url)
    return shown(plain if len(plain) <= _SHOWN_CHARS else plain[:_SHOWN_CHARS] + "…")


def scheme_of(url: str) -> str:
    """The scheme, in lower case."""
    return url.partition(":")[0].lower()


def check_scheme(url: str, allowed: frozenset[str]) -> None:
    """Make sure that there is a way to fetch this, and that it may be used.

    Raises:
        FetchFailedError: there is none, or it was not allowed.
    """
    scheme = scheme_of(url)
    if scheme not in KNOWN_SCHEMES:
        message = f"no way to fetch {shown(scheme)!r} here: {brief_url(url)}"
        raise FetchFailedError(finding_kinds.SCHEME_UNKNOWN, message)
    if scheme not in allowed:
        message = f"{scheme} is fetched only with --allow-scheme {scheme}: {brief_url(url)}"
        raise FetchFailedError(finding_kinds.SCHEME_REFUSED, message)


def parse_location(url: str) -> Location:
    """Take an HTTP URL apart.

    Raises:
        FetchFailedError: it names no host that can be asked.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _unusable(url, str(error)) from error
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if len(url) > MAX_URL_CHARS:
        raise _unusable(url, f"longer than {MAX_URL_CHARS:,} characters")
    if not _HOST.fullmatch(host) or not _SENT.fullmatch(target):
        raise _unusable(url, "no host that can be asked")
    return Location(parts.scheme, host, port or _PORTS[parts.scheme], target)


def _unusable(url: str, reason: str) -> FetchFailedError:
    return FetchFailedError(finding_kinds.URL_UNUSABLE, f"{reason}: {brief_url(url)}")


def follow(current: Location, header: str) -> Location:
    """Where a redirect leads.

    Raises:
        FetchFailedError: to something that is not HTTP, from a private line to an open one, or nowhere.
    """
    # servers write what they like here, in bytes that were read as Latin-1
    target = quote(header.strip(), safe=_KEPT_IN_URLS, encoding="latin-1")
    try:
        url = urljoin(current.url, target)
    except ValueError as error:
        raise _unusable(target, str(error)) from error
    scheme = scheme_of(url)
    if scheme not in HTTP_SCHEMES:
        message = f"sent on to {brief_url(url)}: {shown(scheme)} is not HTTP"
        raise FetchFailedError(finding_kinds.REDIRECT_REFUSED, message)
    if current.scheme == "https" and scheme == "http":
        message = f"sent on from https to {brief_url(url)}, which anybody on the way can change"
        raise FetchFailedError(finding_kinds.REDIRECT_REFUSED, message)
    return parse_location(url)
