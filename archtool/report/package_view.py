"""What a person wants to know of a package at a glance, gathered from its metadata."""

from __future__ import annotations

from dataclasses import dataclass

from archtool.attestations.report import TrustReport
from archtool.description.model import Description
from archtool.findings import Finding


@dataclass(frozen=True, slots=True)
class PackageView:
    """One package, as `show` presents it."""

    subject: str
    description: Description | None
    """`None` for a bag that archtool did not make."""
    citation: str | None
    """The source, in words."""
    info: tuple[tuple[str, str], ...]
    """bag-info.txt, line by line."""
    payload_files: int
    payload_bytes: int
    trust: TrustReport
    metadata_holds: bool
    """Whether every tag file has the digests that the tag manifests say."""
    findings: tuple[Finding, ...] = ()
    """What is to be said of the archive that holds the package, if it is in one."""
