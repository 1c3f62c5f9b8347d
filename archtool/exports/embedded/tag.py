"""Defines `Tag`: a `<meta>` element of a web page's head."""

from __future__ import annotations

from typing import NamedTuple


class Tag(NamedTuple):
    """A `<meta>` element, not escaped yet."""

    name: str
    content: str
    language: str | None = None
    """The language of the content as a BCP 47 tag."""
