"""Parses the URLs of files, follows redirects, and formats URLs for messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from archtool.download import finding_kinds
from archtool.download.failures import FetchFailedError
from archtool.download.fetch_policy import HTTP_SCHEMES, KNOWN_SCHEMES
from archtool.download.limits import MAX_URL_CHARS
from archtool.files.paths import shown

_SHOWN_CHARS = 300
_PORTS = {"http": 80, "https": 443}
_USER = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*@")
_LABEL = "[A-Za-z0-9_-]{1,63}"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]{{1,44}}")
_TARGET = re.compile(r"/[!-~]*")  # without characters that would end the line of a request
_URL_CHARACTERS = "%:/?#[]@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Location:
    """A parsed HTTP URL, without the user name and password that it can contain."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query, as they are sent."""

    @property
    def authority(self) -> str:
        """Host and port as sent to the server; the default port is omitted."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole URL."""
        return f"{self.scheme}://{self.authority}{self.target}"


def without_user(url: str) -> str:
    """Return the URL without user name and password, which must not appear in logs, files or on screens."""
    return _USER.sub(lambda match: f"{match[1] or ''}//", url)


def brief_url(url: str) -> str:
    """Return the URL for a message, shortened and without user name and password."""
    plain = without_user(url)
    return shown(plain if len(plain) <= _SHOWN_CHARS else plain[:_SHOWN_CHARS] + "…")


def scheme_of(url: str) -> str:
    """Return the scheme in lower case."""
    return url.partition(":")[0].lower()


def check_scheme(url: str, allowed: frozenset[str]) -> None:
    """Check that the URL's scheme is supported and allowed.

    Raises:
        FetchFailedError: it is not supported or not allowed.
    """
    scheme = scheme_of(url)
    if scheme not in KNOWN_SCHEMES:
        message = f"unsupported scheme {shown(scheme)!r}: {brief_url(url)}"
        raise FetchFailedError(finding_kinds.SCHEME_UNKNOWN, message)
    if scheme not in allowed:
        message = f"the scheme {scheme} needs --allow-scheme {scheme}: {brief_url(url)}"
        raise FetchFailedError(finding_kinds.SCHEME_REFUSED, message)


def parse_location(url: str) -> Location:
    """Parse an HTTP URL.

    Raises:
        FetchFailedError: it is malformed, too long, or has no valid host.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _unusable(url, str(error)) from error
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if len(url) > MAX_URL_CHARS:
        raise _unusable(url, f"longer than {MAX_URL_CHARS:,} characters")
    if not _HOST.fullmatch(host) or not _TARGET.fullmatch(target):
        raise _unusable(url, "no valid host or path")
    return Location(parts.scheme, host, port or _PORTS[parts.scheme], target)


def _unusable(url: str, reason: str) -> FetchFailedError:
    return FetchFailedError(finding_kinds.URL_UNUSABLE, f"{reason}: {brief_url(url)}")


def follow_redirect(current: Location, header: str) -> Location:
    """Return the target of a redirect, from its Location header.

    Raises:
        FetchFailedError: the target is not HTTP, not a valid URL, or leads from https to http.
    """
    # servers send unescaped bytes here, which http.client has read as Latin-1
    target = quote(header.strip(), safe=_URL_CHARACTERS, encoding="latin-1")
    try:
        url = urljoin(current.url, target)
    except ValueError as error:
        raise _unusable(target, str(error)) from error
    scheme = scheme_of(url)
    if scheme not in HTTP_SCHEMES:
        message = f"redirected to {brief_url(url)}: {shown(scheme)} is not HTTP"
        raise FetchFailedError(finding_kinds.REDIRECT_REFUSED, message)
    if current.scheme == "https" and scheme == "http":
        message = f"redirected from https to {brief_url(url)}, which is not protected against changes"
        raise FetchFailedError(finding_kinds.REDIRECT_REFUSED, message)
    return parse_location(url)
