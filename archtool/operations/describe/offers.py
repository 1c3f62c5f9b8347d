"""Defines values that others wrote about a document, as a new description offers them.

Such a value was not checked for this document, so it is never taken. There are two forms. A value that was
written about the material, and fits a key, is the value of that key with the mark `CONFIRM:`; `check` and
`pack` refuse the mark until a person deletes it. Everything else is a comment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from archtool.description.placeholders import UNCONFIRMED
from archtool.files.paths import shown
from archtool.findings import clip

_MAX_COMMENT_CHARACTERS = 300  # of one value in a comment; the original is kept or is at hand


@dataclass(frozen=True, slots=True)
class Offer:
    """A value for one key of the description."""

    value: str
    origin: str
    """Where it was found, for the comment above it."""


@dataclass(frozen=True, slots=True)
class Offers:
    """What others wrote about a document."""

    by_key: Mapping[str, Offer] = field(default_factory=dict)
    """At most one value for a key."""
    comments: Sequence[str] = ()
    """Lines for the person who fills in the description."""


def marked(value: str) -> str:
    """Return a value with the mark; no blank follows, so that deleting the word leaves the value."""
    return f"{UNCONFIRMED}{value}"


def comment_text(text: str) -> str:
    """Return a text as part of a comment: one line, of limited length, without control characters."""
    return shown(clip(" ".join(text.split()), _MAX_COMMENT_CHARACTERS))
