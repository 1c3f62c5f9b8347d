"""Defines `PackageView`: the facts about a package that `archtool show` presents."""

from __future__ import annotations

from dataclasses import dataclass

from archtool.attestations.report import TrustReport
from archtool.description.model import Description
from archtool.findings import Finding


@dataclass(frozen=True, slots=True)
class PackageView:
    """One package, as `archtool show` presents it."""

    subject: str
    description: Description | None
    """`None` if the bag was not made by archtool."""
    citation: str | None
    """The source as a formatted citation."""
    info: tuple[tuple[str, str], ...]
    """bag-info.txt, line by line."""
    payload_files: int
    payload_bytes: int
    trust: TrustReport
    metadata_holds: bool
    """Whether every tag file has the digests that the tag manifests list."""
    placeholders: tuple[str, ...] = ()
    """The payload files that only keep empty folders."""
    findings: tuple[Finding, ...] = ()
    """Findings about the archive file, if the package is in one."""
    has_unread_metadata: bool = False
    """Whether tag files or folders exist that could not be read: a description can be among them."""
