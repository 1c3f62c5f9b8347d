"""Checks BCP 47 language tags against the IANA registry in the language-tags library."""

from __future__ import annotations

import re
from functools import cache

from archtool.description.limits import MAX_TAG_CHARS
from archtool.description.suggestions.language_names import language_of

_PRIVATE = re.compile(r"[xX](-[A-Za-z0-9]{1,8})+")
_WELL_FORMED = re.compile(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*")  # the library accepts `fr--FR`
# subtags of two letters (ISO 639-1) that the registry does not deprecate: most descriptions use no others,
# and loading the registry takes longer than verifying a small package
_TWO_LETTERS = re.compile(
    "a[abefkmnrsvyz]|b[aeghimnors]|c[aehorsuvy]|d[aevz]|e[elnostu]|f[afijory]|g[adlnuv]|h[aeiortuyz]"
    "|i[adegikostu]|j[av]|k[agijklmnorsuvwy]|l[abginotuv]|m[ghiklnrsty]|n[abdeglnorvy]|o[cjmrs]"
    "|p[ailst]|q[u]|r[mnouw]|s[acdeghiklmnoqrstuvw]|t[aeghiklnorstwy]|u[gkrz]|v[eio]|w[ao]|x[h]"
    "|y[io]|z[ahu]"
)


@cache
def why_not_language(text: str) -> str | None:
    """Return the reason why a text is not a language tag; `None` if it is one."""
    if _TWO_LETTERS.fullmatch(text):
        return None
    if len(text) > MAX_TAG_CHARS:
        return f"is longer than {MAX_TAG_CHARS} characters"
    if _PRIVATE.fullmatch(text):
        return None
    if not _WELL_FORMED.fullmatch(text):
        return "is not a language tag"
    from language_tags import tags  # lazy: 75 ms, two-letter tags do not need it

    tag = tags.tag(text)
    if tag.valid:
        return None
    reasons = [error.message for error in tag.errors if "deprecated" in error.message.lower()]
    return "is a deprecated language tag" if reasons else "is not a language tag"


def language_tag_of(text: str) -> str | None:
    """Return the tag of a language from a tag, another code or a name; `None` if it is not known."""
    return text if why_not_language(text) is None else nearest_language(text.strip(" ."))


@cache
def nearest_language(text: str) -> str | None:
    """Suggest a tag for a name (`french` → `fr`), another code (`rus` → `ru`), `iw` (→ `he`) or `fr_FR`."""
    from language_tags import tags  # lazy: 75 ms, two-letter tags do not need it

    known = language_of(text)
    if known is not None:
        return known
    hyphenated = text.strip().replace("_", "-").replace(" ", "-")
    if hyphenated != text and why_not_language(hyphenated) is None:
        return hyphenated
    preferred = _preferred(text)
    if preferred is not None:
        return preferred
    for subtag in tags.search(text)[:20]:
        names = [name.casefold() for name in subtag.description]
        if subtag.type == "language" and text.casefold() in names:
            return str(subtag.format)
    return None


def _preferred(text: str) -> str | None:
    """Return the tag that the registry prefers to a deprecated tag."""
    from language_tags import tags  # lazy: 75 ms, two-letter tags do not need it

    tag = tags.tag(text)
    if tag.preferred is not None:
        return str(tag.preferred)
    subtags = [s.preferred.format if s.preferred is not None else s.format for s in tag.subtags]
    proposed = "-".join(subtags)
    return proposed if proposed and why_not_language(proposed) is None else None
