"""Formats the inventory of an OCFL object: its versions, and where the bytes of each file are.

Source: OCFL 1.1 §3.5 (inventory), §3.7 (the sidecar with its digest).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from archtool.canonical_json import format_json
from archtool.files.hashing.digests import Algorithm, digest_bytes

INVENTORY_NAME = "inventory.json"
SIDECAR_NAME = f"{INVENTORY_NAME}.{Algorithm.SHA512.value}"
OBJECT_DECLARATION = ("0=ocfl_object_1.1", "ocfl_object_1.1\n")
"""The name and the text of the file that marks an object."""
_TYPE = "https://ocfl.io/1.1/spec/#inventory"
_CONTENT = "content"


@dataclass(frozen=True, slots=True)
class ObjectVersion:
    """One version of an object."""

    created: str
    """RFC 3339."""
    message: str
    user: str
    """The name of who made it."""
    address: str | None
    """A URI of the user."""
    state: Mapping[str, str]
    """The SHA-512 of each file, by its path in the version."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """An object with all its versions, the oldest first."""

    identifier: str
    versions: tuple[ObjectVersion, ...]
    manifest: Mapping[str, str]
    """The path of the bytes in the object, by SHA-512: each content is kept once."""

    @property
    def head(self) -> str:
        """The name of the newest version."""
        return version_name(len(self.versions))


def version_name(number: int) -> str:
    """Return the name of a version, which counts from 1."""
    return f"v{number}"


def content_path(number: int, path: str) -> str:
    """Return where an object keeps the bytes of a file that is new in a version."""
    return f"{version_name(number)}/{_CONTENT}/{path}"


def format_inventory(inventory: Inventory) -> str:
    """Format the inventory; equal values give equal text."""
    return format_json(
        {
            "id": inventory.identifier,
            "type": _TYPE,
            "digestAlgorithm": Algorithm.SHA512.value,
            "head": inventory.head,
            "manifest": {digest: [path] for digest, path in sorted(inventory.manifest.items())},
            "versions": {
                version_name(number): _version(version)
                for number, version in enumerate(inventory.versions, 1)
            },
        }
    )


def format_sidecar(inventory_text: str) -> str:
    """Format the file with the digest of an inventory."""
    return f"{digest_bytes(Algorithm.SHA512, inventory_text.encode()).hex} {INVENTORY_NAME}\n"


def _version(version: ObjectVersion) -> dict[str, Any]:
    user = {"name": version.user} | ({"address": version.address} if version.address else {})
    return {
        "created": version.created,
        "message": version.message,
        "user": user,
        "state": _by_digest(version.state.items()),
    }


def _by_digest(state: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    paths: dict[str, list[str]] = {}
    for path, digest in sorted(state):
        paths.setdefault(digest, []).append(path)
    return dict(sorted(paths.items()))
