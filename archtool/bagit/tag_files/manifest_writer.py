"""Parses and formats the file names of manifests, and formats the text of a manifest.

Source: RFC 8493 §2.1.3, §2.2.1, §2.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from archtool.bagit.tag_files.path_encoding import encode_name
from archtool.files.hashing.digests import Algorithm, Digest

_NAME = re.compile(r"(tag)?manifest-([^/]*)\.txt", re.DOTALL | re.IGNORECASE)
_PROPER_NAME = re.compile(r"(?:tag)?manifest-[a-z0-9]+\.txt")
# names that other tools use for the same algorithms
_OTHER_NAMES = {"blake2b": Algorithm.BLAKE2B, "blake2s": Algorithm.BLAKE2S}
_KNOWN = {a.value: a for a in Algorithm} | _OTHER_NAMES


def manifest_name(algorithm: Algorithm, *, tag: bool = False) -> str:
    """Return the file name of a manifest."""
    return f"{'tag' if tag else ''}manifest-{algorithm.value}.txt"


def format_manifest(digests: Iterable[tuple[str, Digest]]) -> str:
    """Return the text of a manifest, sorted by path; with two spaces, so that `sha512sum -c` reads it."""
    ordered = sorted(digests, key=lambda pair: pair[0].encode("utf-8", "surrogateescape"))
    return "".join(f"{digest.hex}  {encode_name(path)}\n" for path, digest in ordered)


@dataclass(frozen=True, slots=True)
class ManifestName:
    """A file name that has the form of a manifest's name."""

    name: str
    is_tag: bool
    algorithm: Algorithm | None
    """The algorithm that the name means, in any spelling; `None` where archtool cannot compute it."""
    is_proper: bool
    """Whether the name is as §2.4 requires: lower case, letters and digits only."""


@lru_cache(maxsize=256)
def read_manifest_name(name: str) -> ManifestName | None:
    """Parse the name of a file at the bag's root; return `None` where it is not that of a manifest."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    plain = re.sub("[^a-z0-9]", "", match[2].lower())
    return ManifestName(name, bool(match[1]), _KNOWN.get(plain), bool(_PROPER_NAME.fullmatch(name)))
