"""Decides which values of a package become links: only addresses of the web, written out in full."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from archtool.printable import show_in_prose

_MAX_CHARS = 2_000
# one scheme, a host name, and only characters that mean themselves in an address (RFC 3986 §2)
_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:[/?#][!#-;=?-Z_a-z~%]*)?"
)


def web_link(text: str) -> Markup:
    """Return a link to an address of the web that shows the same address; any other text is only escaped."""
    if len(text) <= _MAX_CHARS and _ADDRESS.fullmatch(text):
        return Markup('<a href="{0}" rel="noreferrer nofollow">{0}</a>').format(text)
    return Markup('<bdi dir="auto">{}</bdi>').format(escape(show_in_prose(text)))
