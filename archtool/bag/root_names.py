"""What the names of the files at a bag's root say, before any of them is read.

Bags of one kind have the same names: who goes through thousands of them looks at the names once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from archtool.fixity.digests import Algorithm

DECLARATION_NAME, INFO_NAME = "bagit.txt", "bag-info.txt"
OLD_INFO_NAME = "package-info.txt"
_ALGORITHMS = {algorithm.value: algorithm for algorithm in Algorithm}
_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt")
_MAX_REMEMBERED = 32  # names at a root: longer lists are nobody's habit


class RootNames(NamedTuple):
    """The tag files of a bag that may go the quick way."""

    read: tuple[str, ...]
    """Those whose texts say something of the bag."""
    manifests: Mapping[str, Algorithm]
    """Those of the payload."""
    tag_manifests: Mapping[str, Algorithm | None]
    """`None`: of no known algorithm."""
    are_ordinary: bool
    """Nothing but these is there, nothing of them needs to be thought about, and not all digests are weak."""


def look_at_names(names: tuple[str, ...]) -> RootNames | None:
    """What the names say; `None` where one of them needs thought."""
    return _look_once(names) if len(names) <= _MAX_REMEMBERED else _look(names)


def _look(names: tuple[str, ...]) -> RootNames | None:
    manifests: dict[str, Algorithm | None] = {}
    tag_manifests: dict[str, Algorithm | None] = {}
    for name in names:
        match = _MANIFEST.fullmatch(name)
        if match is not None:
            (tag_manifests if match[1] else manifests)[name] = _ALGORITHMS.get(match[2])
        elif name == "fetch.txt" or "manifest-" in name.lower():  # a manifest for somebody who is less strict
            return None
    known = {name: algorithm for name, algorithm in manifests.items() if algorithm is not None}
    if len(known) != len(manifests):
        return None
    told = {DECLARATION_NAME, INFO_NAME, *known, *tag_manifests}
    are_ordinary = (
        told.issuperset(names)
        and None not in tag_manifests.values()
        and not all(algorithm.is_weak for algorithm in known.values())
    )
    read = tuple(name for name in names if name in told or name == OLD_INFO_NAME)
    return RootNames(read, known, tag_manifests, are_ordinary)


_look_once = lru_cache(maxsize=256)(_look)
