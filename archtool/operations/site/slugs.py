"""Names the pages of packages: by the identifier of each, in characters that every file system stores.

The names depend only on the packages: a new package changes no other name unless it has the same identifier
and comes before the other one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256

from anyascii import anyascii

from archtool.operations.site.limits import MAX_SLUG_CHARACTERS

_OTHER = re.compile(r"[^a-z0-9]+")
_DEVICES = re.compile(r"con|prn|aux|nul|conin|conout|(?:com|lpt)[0-9]")
"""The names that Windows keeps for devices, with any ending."""
_DIGEST_CHARACTERS = 8


def assign_slugs(packages: Sequence[tuple[str | None, str]]) -> list[str]:
    """Return the slug of each package, given its identifier and its name; all are different."""
    slugs = [""] * len(packages)
    taken: set[str] = set()
    order = sorted(range(len(packages)), key=lambda n: (packages[n][1].encode("utf-8", "surrogatepass"), n))
    for number in order:
        identifier, name = packages[number]
        slug = slug_of(identifier or name.rpartition("/")[2])
        if slug in taken:
            slug = f"{slug}-{_digest(name)}"
        base, count = slug, 1
        while slug in taken:
            count += 1
            slug = f"{base}-{count}"
        taken.add(slug)
        slugs[number] = slug
    return slugs


def slug_of(text: str) -> str:
    """Return a text in `a-z`, `0-9` and single hyphens; never empty, never the name of a device."""
    bare = _OTHER.sub("-", anyascii(text.encode("utf-8", "replace").decode()).lower()).strip("-")
    slug = bare[:MAX_SLUG_CHARACTERS].rstrip("-")
    if not slug or len(bare) > MAX_SLUG_CHARACTERS:
        slug = f"{slug or 'package'}-{_digest(text)}"
    return f"{slug}-package" if _DEVICES.fullmatch(slug) else slug


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_CHARACTERS]
