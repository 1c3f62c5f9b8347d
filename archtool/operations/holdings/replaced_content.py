"""Notices that a registered package was made again, so that the register has its old manifests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archtool.bagit.limits import MAX_MANIFEST_BYTES
from archtool.errors import ArchtoolError
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.paths import shell_word
from archtool.findings import Finding
from archtool.holdings.finding_kinds import PACKAGE_REMADE, REGISTER_NOT_READ
from archtool.operations.holdings.registered_heads import HeadReader, RegisteredCopy, register_not_read
from archtool.operations.open_package.opening import open_bag

_NOT_COMPARED = "it is not known whether a registered package was replaced"


def find_replaced(reader: HeadReader, root: Path, head: str | None) -> Finding | None:
    """Return a warning if the package that was just made differs from the one that is registered there.

    `head` is the newest attestation of the new package.
    """
    known = reader.find(root)
    if known.problem is not None:
        return register_not_read(_NOT_COMPARED, known, str(root))
    if known.holding is None:
        return None
    try:
        changed = _what_changed(root, known, head)
    except ArchtoolError as error:  # the package is made; a batch goes on
        return REGISTER_NOT_READ.at(f"{_NOT_COMPARED}: {error.message}", str(root))
    if changed is None:
        return None
    return PACKAGE_REMADE.at(
        f"the register still has the old {changed} of {known.holding}",
        str(root),
        hint="if the new content is to be kept, record it: archtool holdings update"
        f" {shell_word(known.holding)} --copy {shell_word(known.place or str(root))} --reason TEXT",
    )


def _what_changed(root: Path, known: RegisteredCopy, head: str | None) -> str | None:
    tag_manifests = known.tag_manifests if head is None else {}
    if _manifests_differ(root, {**known.manifests, **tag_manifests}):
        return "manifests"
    if known.head is not None and str(known.head) != head:
        return "head"
    return None


def _manifests_differ(root: Path, registered: Mapping[str, str]) -> bool:
    with open_bag(root) as source:
        for name, digest in registered.items():
            try:
                data = source.read_bytes(name, MAX_MANIFEST_BYTES)
            except OSError:
                return True
            if str(digest_bytes(Algorithm.SHA512, data)) != digest:
                return True
    return False
