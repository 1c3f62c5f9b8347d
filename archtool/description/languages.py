"""BCP 47 language tags, checked against the IANA registry that the language-tags library carries."""

from __future__ import annotations

import re
from functools import cache

_PRIVATE = re.compile(r"x(-[A-Za-z0-9]{1,8})+")
MAX_TAG_CHARS = 200


@cache
def why_not_language(text: str) -> str | None:
    """Why this is no language tag; `None` where it is one."""
    if len(text) > MAX_TAG_CHARS:
        return f"is longer than {MAX_TAG_CHARS} characters"
    if _PRIVATE.fullmatch(text):
        return None
    from language_tags import tags

    tag = tags.tag(text)
    if tag.valid:
        return None
    reasons = [error.message for error in tag.errors if "deprecated" in error.message.lower()]
    return f"is deprecated: {reasons[0]}" if reasons else "is not a language tag"


@cache
def nearest_language(text: str) -> str | None:
    """The tag of a language that somebody wrote by its name (`french` → `fr`)."""
    from language_tags import tags

    for subtag in tags.search(text)[:20]:
        names = [name.casefold() for name in subtag.description]
        if subtag.type == "language" and text.casefold() in names:
            return str(subtag.format)
    return None
