"""Tag manifests that grow: lines are added, and not a byte of the others is changed.

Source: RFC 8493 §2.2.1 (a tag manifest should list every tag file but the tag manifests).
"""

from __future__ import annotations

from collections.abc import Mapping

from archtool.bagit.model import CURRENT_VERSION, Bag
from archtool.bagit.tag_files.manifest_writer import format_manifest
from archtool.files.hashing.digests import DEFAULT_ALGORITHM, Algorithm, Digest

_SAMPLE = "0a  attestations/-.\n"


def is_ascii_compatible(encoding: str) -> bool:
    """Whether lines in ASCII can be added to a file in this encoding as they are; not so in UTF-16."""
    try:
        return _SAMPLE.encode(encoding) == _SAMPLE.encode("ascii")
    except (LookupError, UnicodeError):
        return False


def may_get_tag_manifest(bag: Bag) -> bool:
    """Whether a bag without a tag manifest may be given one in SHA-512 without harm to any reader of it.

    Every tool for 1.0 must know SHA-512 (RFC 8493 §2.4); an older bag's readers need not, and might refuse
    what they cannot compute. No tag manifest at all is as valid.
    """
    version, encoding = bag.declaration.version, bag.declaration.encoding
    return not bag.tag_manifests and version >= CURRENT_VERSION and is_ascii_compatible(encoding)


def new_tag_manifest(digests: Mapping[str, Digest]) -> tuple[Algorithm, bytes]:
    """A first tag manifest, over all tag files."""
    return DEFAULT_ALGORITHM, format_manifest(digests.items()).encode()


def add_to_tag_manifest(data: bytes, added: Mapping[str, Digest]) -> bytes:
    """Add lines; where all lines were sorted by path they still are, elsewhere the new ones come last.

    Paths are plain ASCII: nothing needs to be encoded.
    """
    new = format_manifest(added.items()).encode("ascii").splitlines(keepends=True)
    if data and not data.endswith((b"\n", b"\r")):
        data += b"\n"
    old = data.splitlines(keepends=True)
    ordered = sorted(old, key=_path_of)
    if b"\r" not in data and old == ordered:
        merged = sorted([*old, *new], key=_path_of)
        return b"".join(merged)
    return b"".join([data, *new])


def _path_of(line: bytes) -> bytes:
    return line.partition(b"  ")[2]
