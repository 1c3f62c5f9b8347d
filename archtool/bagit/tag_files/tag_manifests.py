"""Adds lines to tag manifests without changing a byte of the existing lines.

Source: RFC 8493 §2.2.1 (a tag manifest should list every tag file but the tag manifests).
"""

from __future__ import annotations

from collections.abc import Mapping

from archtool.bagit.model import CURRENT_VERSION, Bag
from archtool.bagit.tag_files.manifest_writer import format_manifest
from archtool.files.hashing.digests import DEFAULT_ALGORITHM, Algorithm, Digest

_SAMPLE = "0a  attestations/-.\n"


def is_ascii_compatible(encoding: str) -> bool:
    """Return whether ASCII lines can be added to a file in this encoding; in UTF-16 they cannot."""
    try:
        return _SAMPLE.encode(encoding) == _SAMPLE.encode("ascii")
    except (LookupError, UnicodeError):
        return False


def can_get_tag_manifest(bag: Bag) -> bool:
    """Return whether a bag without a tag manifest can get one in SHA-512 that every tool can read.

    Every tool for 1.0 must know SHA-512 (RFC 8493 §2.4). Tools for an older bag need not, and can refuse a
    manifest that they cannot compute. A bag without any tag manifest is also valid.
    """
    version, encoding = bag.declaration.version, bag.declaration.encoding
    return not bag.tag_manifests and version >= CURRENT_VERSION and is_ascii_compatible(encoding)


def new_tag_manifest(digests: Mapping[str, Digest]) -> tuple[Algorithm, bytes]:
    """Return the algorithm and the bytes of a first tag manifest of all tag files."""
    return DEFAULT_ALGORITHM, format_manifest(digests.items()).encode()


def add_to_tag_manifest(data: bytes, added: Mapping[str, Digest]) -> bytes:
    """Add lines to a tag manifest: in order where its lines are sorted by path, otherwise at the end.

    The added paths must be ASCII and need no encoding.
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
