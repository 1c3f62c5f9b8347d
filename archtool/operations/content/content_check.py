"""Defines how the check of a package's content takes part in the fixity check, and its result.

A bag without a description uses `NoContentCheck`, so that verifying it imports no module that reads
descriptions (`package_content`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from archtool.bagit.fixity import FixityTask
from archtool.bagit.layout import BagLayout
from archtool.bagit.model import Bag
from archtool.files.hashing.file_record import FileRecord
from archtool.files.source import Sink
from archtool.findings import Finding
from archtool.operations.open_package.package_paths import METADATA_FOLDER, PROFILE_IDENTIFIER

NOT_DESCRIBED = "not-described"
"""The content verdict of a bag without a description."""


@dataclass(frozen=True, slots=True)
class Content:
    """The content verdict as `verify` prints it, with facts and findings."""

    verdict: str
    facts: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()


class ContentCheck(Protocol):
    """The check of a package's content: some of it happens while the payload is read."""

    def add_digests(self, tasks: Sequence[FixityTask]) -> list[FixityTask]:
        """Return the tasks with the algorithms of the adopted bag's manifests added."""

    @property
    def wants_digests(self) -> bool:
        """Whether `add_digests` adds a digest to any task."""

    def observed_paths(self) -> Collection[str]:
        """Return the paths for which `sinks` returns anything."""

    def sinks(self, path: str) -> Sequence[Sink]:
        """Return the sinks that receive a file's bytes while its digests are computed."""

    def observes(self, path: str) -> bool:
        """Return whether `sinks` returns anything for this file."""

    def check(self, records: Sequence[FileRecord], file_findings: Sequence[Finding]) -> Content:
        """Compare the metadata with the read files; `file_findings` are those of the fixity check."""


class NoContentCheck:
    """The content check of a bag without a description: it checks nothing."""

    wants_digests = False

    def add_digests(self, tasks: Sequence[FixityTask]) -> list[FixityTask]:
        """See `ContentCheck`."""
        return [*tasks]

    def observed_paths(self) -> tuple[()]:
        """See `ContentCheck`."""
        return ()

    def sinks(self, path: str) -> Sequence[Sink]:
        """See `ContentCheck`."""
        del path
        return ()

    def observes(self, path: str) -> bool:
        """See `ContentCheck`."""
        del path
        return False

    def check(self, records: Sequence[FileRecord], file_findings: Sequence[Finding]) -> Content:
        """See `ContentCheck`."""
        del records, file_findings
        return Content(NOT_DESCRIBED, {})


def has_description(bag: Bag, layout: BagLayout) -> bool:
    """Return whether the bag claims to be a package of archtool, or has metadata like one."""
    has_profile = PROFILE_IDENTIFIER in bag.info.values("BagIt-Profile-Identifier")
    return has_profile or any(path.startswith(METADATA_FOLDER) for path in layout.tag_files)
