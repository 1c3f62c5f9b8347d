"""Defines `PackageView`: the facts about a package that `archtool show` presents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archtool.attestations.report import TrustReport
from archtool.description.model import Description
from archtool.findings import Finding
from archtool.report.annexe_lines import AnnexeLines, Place


@dataclass(frozen=True, slots=True)
class PackageView:
    """One package, as `archtool show` presents it."""

    subject: str
    description: Description | None
    """`None` if the bag was not made by archtool, or if its description is missing or has faults."""
    citation: str | None
    """The source as a formatted citation."""
    info: tuple[tuple[str, str], ...]
    """bag-info.txt, line by line."""
    payload_files: int
    payload_bytes: int
    trust: TrustReport
    metadata_holds: bool
    """Whether every tag file has the digests that the tag manifests list."""
    formats: tuple[tuple[str, int], ...] = ()
    """The recorded formats and their numbers of files, the most frequent first."""
    placeholders: tuple[str, ...] = ()
    """The payload files that only keep empty folders."""
    has_crate: bool = False
    """Whether the payload has RO-Crate metadata that archtool wrote."""
    findings: tuple[Finding, ...] = ()
    """Findings about the archive file, if the package is in one."""
    has_unread_metadata: bool = False
    """Whether tag files or folders exist that could not be read: a description can be among them."""
    language_names: Mapping[str, str] = field(default_factory=dict)
    """English names of the languages in the description, by their tags."""
    giver: tuple[tuple[str, str], ...] = ()
    """Who handed over the bag that the payload was taken from, as its bag-info.txt states it."""
    lines: Mapping[Place, AnnexeLines] = field(default_factory=dict)
    """What can be seen of the annexes that are ranges of lines, by the place of the annexe."""
    repairs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The facts about each repaired text, by the path of the copy below `data/`."""
    quoted_files: int = 0
    """How many payload files were read for that, and compared with the manifests."""
    description_fault: str | None = None
    """What is wrong with the description of a package that archtool made, if it cannot be shown."""
