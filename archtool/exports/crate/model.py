"""Defines what an RO-Crate states about a package besides its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

METADATA_NAME = "ro-crate-metadata.json"
"""The name of the file that makes a folder an RO-Crate."""


@dataclass(frozen=True, slots=True)
class CrateFile:
    """A payload file."""

    path: str
    """Relative to the folder of the crate, which is that of the payload."""
    size_bytes: int
    digests: tuple[tuple[str, str], ...]
    """The digests in the payload manifests: the algorithm's name in BagIt, and the value in hexadecimal."""
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class CrateFacts:
    """The facts about a package that its history does not contain."""

    citation: str
    """The source, as a citation in plain text."""
    files: tuple[CrateFile, ...]
    """Every payload file but the metadata of the crate."""
    rights_uris: Mapping[str, str] = field(default_factory=dict)
    """The URIs of the statements of rights that have one, by statement."""
